"""Sealing a month: its figures, its evidence and its place in the chain are fixed for good."""

from collections.abc import Iterable

from django.db import transaction

from monitoring.domain import statement_keys
from monitoring.domain.statement_build import Built, build, summary_of
from monitoring.domain.statement_frame import sealed_of
from monitoring.domain.statement_log import SEALED, StatementMoved
from monitoring.models import Statement, StatementEvent, StatementEvidence
from monitoring.seal import Link, Row, canonical, link
from portal.core import clock, events
from portal.customers.models import Customer

_BATCH = 2000


class NotSealableError(ValueError):
    """The month cannot be sealed; the text says why."""


def seal(customer_id: int, key: str, *, actor: str = "") -> Statement:
    """Seal a month of a customer that is over, after every month that is sealed already.

    NotSealableError for one that is sealed or comes too late, NoSuchMonthError for one that is not over.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=customer_id)
        last = sealed_of(customer.pk).first()
        _must_follow(last, key)
        now = clock.now()
        built = build(customer, key, as_of=now)
        after = last.link if last else None
        made = link(key, built.bytes, after=after, signer=statement_keys.signer())
        statement = _store(customer, key, built, made)
        _keep_evidence(statement, built.rows)
        return _close(statement, actor)


def _must_follow(last: Statement | None, key: str) -> None:
    if last is None or last.period < key:
        return
    if last.period == key:
        raise NotSealableError(f"{last.name} is sealed already. Correct it by an adjustment.")
    raise NotSealableError(
        f"{last.name} is sealed already, and statements are sealed in their order."
    )


def _store(customer: Customer, key: str, built: Built, made: Link) -> Statement:
    """The statement with its seal, still as a draft: what is sealed gets no evidence any more."""
    row, _ = Statement.objects.update_or_create(
        customer=customer,
        period=key,
        defaults={
            "number": made.number,
            "content": made.content,
            "summary": summary_of(built.content),
            "hash": made.hash,
            "previous": made.previous,
            "key": made.signature.key,
            "signature": made.signature.value,
            "evidence_list": canonical([list(entry) for entry in built.entries]),
            "built_at": built.content.sealed_at,
            "sealed_at": built.content.sealed_at,
        },
    )
    return row


def _keep_evidence(statement: Statement, rows: Iterable[Row]) -> None:
    StatementEvidence.objects.bulk_create(
        (
            StatementEvidence(
                statement=statement,
                customer_id=statement.customer_id,
                kind=row.kind,
                name=row.id,
                fields=row.fields,
            )
            for row in rows
        ),
        batch_size=_BATCH,
    )


def _close(statement: Statement, actor: str) -> Statement:
    statement.state, statement.sealed_by = Statement.State.SEALED, actor[:80]
    statement.save(update_fields=["state", "sealed_by"])
    StatementEvent.objects.create(
        statement=statement,
        customer_id=statement.customer_id,
        at=statement.built_at,
        actor=actor[:80],
        verb=SEALED,
        text=f"Statement {statement.number}, SHA-256 {statement.hash}",
    )
    events.publish(StatementMoved(statement.pk, SEALED))
    return statement
