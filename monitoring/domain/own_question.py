"""What a customer's person asks us by themselves: a case at the desk, in their words.

Under the row limit they may only read. The case is made beyond it, for the customer of the person who asks
and about an order that was found under it.
"""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from integrations.models import Endpoint, Record
from monitoring import taxonomy
from monitoring.domain import opening
from monitoring.models import CaseEvent, ExceptionCase
from portal.accounts.models import Person
from portal.core import clock
from portal.tenants.rows import beyond_limit

CODE = "customer_question"
LONGEST, LONGEST_TITLE = 2000, 200
MOST_OPEN = 20


class NotTakenError(ValueError):
    """It was not taken; the text says what to do."""


def ask(person: Person, text: str, *, about: str = "", order_id: UUID | None = None) -> int:
    """Bring a question to the desk. Returns the number of its case. NotTakenError.

    `about`: what it is about in a few words, such as a number; `order_id`: an order of theirs.
    """
    said, customer_id = text.strip(), person.customer_id
    if not said or customer_id is None:
        raise NotTakenError(_("Write what you want to know."))
    if len(said) > LONGEST:
        raise NotTakenError(_("Write at most %(most)s characters.") % {"most": f"{LONGEST:,}"})
    mine = ExceptionCase.objects.filter(customer_id=customer_id, code=CODE)
    if mine.filter(state__in=ExceptionCase.OPEN_STATES).count() >= MOST_OPEN:
        raise NotTakenError(
            _("%(open)s of your questions are open. Wait for an answer first.")
            % {"open": MOST_OPEN}
        )
    order = _order(customer_id, order_id)
    with beyond_limit():
        return _open(person, customer_id, said, order.number if order else about.strip(), order)


def _order(customer_id: int, order_id: UUID | None) -> Record | None:
    if order_id is None:
        return None
    found = Record.objects.filter(pk=order_id, customer_id=customer_id, object_type="order").first()
    if found is None:
        raise NotTakenError(_("There is no such order of yours. Leave it out, or name its number."))
    return found


@transaction.atomic
def _open(person: Person, customer_id: int, said: str, about: str, order: Record | None) -> int:
    endpoint = _endpoint(customer_id, order)
    kind, now = taxonomy.kind(CODE), clock.now()
    short = said if len(said) <= LONGEST_TITLE else f"{said[: LONGEST_TITLE - 1]}…"
    title = f"{about[:80]}: {short}" if about else short
    case = ExceptionCase(
        customer_id=customer_id, endpoint=endpoint, fingerprint=uuid4(), code=CODE,
        origin=ExceptionCase.Origin.ASKED, severity=kind.severity, value=about[:200],
        object_type="order" if order else "", title=kind.title.format(value=title)[:300],
        customer_title=title[:300], opened_at=now, began_at=now,
        evidence=_evidence(person, said, order),
    )  # fmt: skip
    case.save()
    opening.begin([case])
    CaseEvent.objects.create(case=case, actor=person.name[:80], action="asked_us", text=said[:500])
    return int(case.pk)


def _endpoint(customer_id: int, order: Record | None) -> Endpoint:
    """A case stands at a system: that of the order, else the customer's first."""
    own = Endpoint.objects.filter(customer_id=customer_id).order_by("pk")
    found = own.filter(pk=order.source_id).first() if order and order.source_id else own.first()
    found = found or own.first()
    if found is None:
        raise NotTakenError(_("Nothing of yours is connected yet. Write us a mail."))
    return found


def _evidence(person: Person, said: str, order: Record | None) -> dict[str, object]:
    lines = [["Asked by", f"{person.name}, {person.email}"], ["In full", said]]
    if order:
        lines.append(["Order", order.number])
    return {"lines": lines, "url": f"/orders/{order.pk}/" if order else ""}
