"""Sending a sealed statement to its customer, once somebody approved it or because it sends itself."""

from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from monitoring.domain import statement_files
from monitoring.domain.statement_log import note
from monitoring.models import Statement, StatementEvent, StatementTerms
from monitoring.statements import words
from portal.core.mail import Attachment, NotSentError
from portal.jobs import lanes
from portal.tenants import mailing
from portal.tenants.site import Site, current_site

LANE = "statements"
MOST_TRIES = 5
_TEXT, _HTML = "emails/statement.txt", "emails/statement.html"
_APPROVED, _SENT, _UNSENT = StatementEvent.APPROVED, StatementEvent.SENT, StatementEvent.UNSENT


class NotApprovableError(ValueError):
    """It cannot be approved; the text says why."""


@transaction.atomic
def approve(statement: Statement, *, person: Any) -> None:
    """Let the customer have it: they see it from now on, and a mail goes out soon. NotApprovableError for a
    draft and for one that was approved already."""
    row = Statement.objects.select_for_update().get(pk=statement.pk)
    if not row.is_sealed:
        raise NotApprovableError(f"{row.name} is a draft. Seal it first.")
    earlier = row.events.filter(verb=_APPROVED).first()
    if earlier:
        raise NotApprovableError(f"{earlier.actor} approved it already.")
    note(
        row,
        _APPROVED,
        f"Approved {words.credit_sentence(row.said.credits)}".strip(),
        actor=person.name,
    )
    lanes.wake(LANE)


def send_due(statement: Statement) -> bool:
    """Send it if it is time and it was not sent yet. Returns whether a mail went out.

    The mail goes first and the row after: whoever dies in between sends it twice, and never not at all.
    """
    terms = StatementTerms.objects.filter(customer_id=statement.customer_id).first()
    if terms is None or not terms.recipients or not _is_due(statement, terms):
        return False
    to = ", ".join(terms.recipients)
    try:
        _mail(statement, terms.recipients)
    except NotSentError as error:
        note(statement, _UNSENT, f"Not sent to {to}: {error}")
        return False
    note(statement, _SENT, f"Sent to {to}")
    return True


def _is_due(statement: Statement, terms: StatementTerms) -> bool:
    verbs = list(statement.events.values_list("verb", flat=True))
    if not statement.is_sealed or _SENT in verbs or verbs.count(_UNSENT) >= MOST_TRIES:
        return False
    return terms.sends_itself or _APPROVED in verbs


def _mail(statement: Statement, to: list[str]) -> None:
    site = current_site()
    context = _context(statement, site)
    mailing.send(
        site,
        kind="statement",
        to=to,
        subject=context["subject"],
        text=render_to_string(_TEXT, context),
        html=render_to_string(_HTML, context),
        attachments=[
            Attachment(
                statement_files.name_of(statement, "pdf"),
                statement_files.pdf(statement),
                "application/pdf",
            )
        ],
    )


def _context(statement: Statement, site: Site) -> dict[str, Any]:
    said = statement.said
    return {
        "brand": {"name": site.name, "accent": site.accent, "accent_ink": site.accent_ink},
        "subject": f"Service statement {statement.name}",
        "customer": said.customer.name,
        "headline": words.headline(said),
        "lead": words.lead(said),
        "promises": [
            {
                "name": one.name,
                "promised": words.target(one),
                "delivered": words.delivered(one),
                "missed": one.standing == "missed",
            }
            for one in said.promises
        ],
        "saved": words.saved(said),
        "sealed": words.sealed(said),
        "hash": statement.hash,
        "url": f"{site.url}/service/statements/{statement.period}/",
    }
