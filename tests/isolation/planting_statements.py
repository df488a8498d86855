"""A sealed month with everything that may hang on one, the mark in every text of it."""

from dataclasses import replace
from decimal import Decimal

from monitoring.models import (
    StatementAdjustment,
    StatementEvent,
    StatementEvidence,
    StatementTerms,
)
from monitoring.statements.assemble import Findings, assemble
from monitoring.statements.causes import CaseFacts
from monitoring.statements.content import Calendar, Recipient, Reconciled, Work
from monitoring.statements.judged import Subject
from monitoring.statements.saving import Save
from portal.customers.models import Customer
from tests.monitoring.statement_scenery import MAY, planted, without_triggers
from tests.statements import month
from tests.statements.month import at


def plant(customer: Customer, text: str) -> None:
    """The customer may see it: it was approved."""
    found = _findings(text)
    frame = replace(
        month.FIRST,
        customer=Recipient(customer.slug, customer.name),
        calendar=Calendar(f"{text} hours", {"hours": {}, "closed": {"2026-04-06": text}}),
    )
    told = planted(customer.pk, assemble(frame, found), found, is_approved=True)
    with without_triggers():
        StatementEvidence.objects.create(
            statement=told, customer=customer, kind=text, name=text, fields={"of": text}
        )
        told.sealed_by, told.summary = text, {**told.summary, "note": text}
        told.save()
    StatementAdjustment.objects.create(
        statement=told, customer=customer, reason=text, author=1, author_name=text, approver=text,
        asked_at=MAY, changes=[{"path": f"misses[{text}].reason", "before": text, "after": text}],
    )  # fmt: skip
    StatementEvent.objects.create(
        statement=told, customer=customer, actor=text, verb=text[:20], text=text
    )
    StatementTerms.objects.create(customer=customer, recipients=[f"{text}@example.com"])


def _findings(text: str) -> Findings:
    late = month.cut_offs()
    subjects = {key: Subject(f"{text}-{one.number}", text) for key, one in late.subjects.items()}
    return Findings(
        judged=(replace(late, subjects=subjects),),
        cases=(CaseFacts(text, text, "third_party", text, at(9), at(10), 3, text),),
        saves=(
            Save(
                text, Decimal(10), "USD", at(9), at(9, 20), at(9, 21), text, False, text, "cutoff"
            ),
        ),
        reconciled=(Reconciled(text, text, 1, 1, 1, 0, 0, Decimal(0), "USD"),),
        made=(Work(text, at(20), text, text, text),),
        planned=(Work(text, at(30), text, text, text),),
    )
