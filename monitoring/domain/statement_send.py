"""Sending a sealed statement to its customer, once somebody approved it or because it sends itself."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from monitoring.domain import statement_files
from monitoring.domain.notices import choices, telling
from monitoring.domain.notices.telling import Line, Said
from monitoring.domain.statement_log import note
from monitoring.models import Statement, StatementEvent, StatementTerms
from monitoring.slo.title_words import title_said
from monitoring.statements import words
from portal.core import tongue
from portal.core.mail import Attachment, NotSentError
from portal.jobs import lanes
from portal.tenants import languages, mailing
from portal.tenants.letter import letter
from portal.tenants.site import Site, current_site

LANE = "statements"
MOST_TRIES = 5
NOBODY_WANTS = "No mail: its recipients switched these off. It stands on their pages"
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
    terms = StatementTerms.objects.filter(customer_id=row.customer_id).first()
    _tell(row, but=terms.recipients if terms else [])
    lanes.wake(LANE)


def _tell(statement: Statement, *, but: list[str]) -> None:
    """Tell the customer's people who want to hear of it; `but`: who gets the mail itself."""

    def say() -> Said:
        headline = _("Service statement %(name)s is ready") % {"name": statement.name}
        line = Line(words.headline(statement.said), f"/service/statements/{statement.period}/")
        return Said(headline, [line])

    telling.tell(statement.customer_id, "statement", say, but=but)


def send_due(statement: Statement) -> bool:
    """Send it if it is time and it was not sent yet. Returns whether a mail went out.

    The mail goes first and the row after: whoever dies in between sends it twice, and never not at all.
    """
    terms = StatementTerms.objects.filter(customer_id=statement.customer_id).first()
    if terms is None or not terms.recipients or not _is_due(statement, terms):
        return False
    wanted = _wanting(statement, terms.recipients)
    to = ", ".join(wanted)
    try:
        if wanted:
            _mail(statement, wanted)
    except NotSentError as error:
        note(statement, _UNSENT, f"Not sent to {to}: {error}")
        return False
    note(statement, _SENT, f"Sent to {to}" if wanted else NOBODY_WANTS)
    if not statement.events.filter(verb=_APPROVED).exists():
        _tell(statement, but=terms.recipients)
    return True


def _wanting(statement: Statement, recipients: list[str]) -> list[str]:
    """Those of the recipients who did not switch these mails off."""
    off = choices.unwilling("statement", recipients, customer_id=statement.customer_id)
    return [address for address in recipients if address not in off]


def _is_due(statement: Statement, terms: StatementTerms) -> bool:
    verbs = list(statement.events.values_list("verb", flat=True))
    if not statement.is_sealed or _SENT in verbs or verbs.count(_UNSENT) >= MOST_TRIES:
        return False
    return terms.sends_itself or _APPROVED in verbs


def _mail(statement: Statement, to: list[str]) -> None:
    with tongue.speaking(languages.of_customer(statement.customer_id)):
        _write(statement, to)


def _write(statement: Statement, to: list[str]) -> None:
    site = current_site()
    variables = {"customer": statement.said.customer.name, "month": statement.name}
    said = letter("statement", site, variables, _context(statement, site))
    name = statement_files.name_of(statement, "pdf")
    pdf = Attachment(name, statement_files.pdf(statement), "application/pdf")
    mailing.send(site, kind="statement", **said.parts, to=to, attachments=[pdf])


def _context(statement: Statement, site: Site) -> dict[str, Any]:
    said = statement.said
    return {
        "headline": words.headline(said),
        "lead": words.lead(said),
        "promises": [
            {
                "name": title_said(one.name),
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
