"""Asking to act as a customer's person: with a reason, for a time, within what the customer allows."""

from datetime import timedelta
from typing import Final, NamedTuple

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts import languages
from portal.accounts.domain import mails
from portal.accounts.models import Person
from portal.core import clock, manner, tongue
from portal.core.mail import NotSentError
from portal.customers.models import Customer
from portal.support import endings
from portal.support.domain import consent, ledger, states
from portal.support.models import MINUTES, LedgerEntry, Rule, SupportAccess
from portal.tenants.site import current_site

SHORTEST_REASON: Final = 10
MOST_AN_HOUR: Final = 5
log = structlog.get_logger()


class Asker(NamedTuple):
    """Who asks: one of the partner's people, or one of the platform's by name and number."""

    name: str
    person: Person | None = None
    platform_key: str = ""

    @property
    def house(self) -> SupportAccess.House:
        return SupportAccess.House.PARTNER if self.person else SupportAccess.House.PLATFORM


class NotAskedError(ValueError):
    """It cannot be asked so; the text says why. `field` names what it is about, where it is about one."""

    def __init__(self, said: str, field: str | None = None) -> None:
        super().__init__(said)
        self.field = field


def ask(
    by: Asker, person: Person, *, reason: str, minutes: int, case: int | None = None
) -> SupportAccess:
    """An access that the customer is asked for, or has allowed already. NotAskedError when it cannot be."""
    reason = " ".join(reason.split())
    if len(reason.replace(" ", "")) < SHORTEST_REASON:
        said = f"Say why in at least {SHORTEST_REASON} letters: the customer reads it."
        raise NotAskedError(said, "reason")
    if person.customer_id is None or not person.is_active:
        raise NotAskedError("Choose one of the customer's people who can sign in.", "person")
    customer = Customer.objects.get(pk=person.customer_id)
    terms = consent.of(customer.pk)
    if terms.rule == Rule.NEVER:
        raise NotAskedError(f"{customer.name} allows nobody to act as their people.")
    if minutes not in MINUTES or minutes > terms.longest:
        raise NotAskedError(f"{customer.name} allows {terms.longest} minutes at most.", "minutes")
    states.settle(customer.pk)
    _refuse_twice(by, customer)
    if terms.rule != Rule.ALWAYS:  # else nobody is asked, and no letter goes out
        _refuse_many(by, customer)
    try:
        with transaction.atomic():
            made = SupportAccess.objects.create(
                customer=customer, person=person, person_name=person.name, house=by.house,
                staff=by.person, staff_name=by.name, staff_key=by.platform_key,
                reason=reason[:300], case=case, minutes=minutes, asked_at=clock.now(),
            )  # fmt: skip
            ledger.of_access(made, LedgerEntry.Kind.ASKED, minutes=minutes)
            if terms.rule == Rule.ALWAYS:
                states.grant(made, by=endings.STANDING)
    except IntegrityError:  # the same was asked at the same moment
        _refuse_twice(by, customer)
        raise
    return SupportAccess.objects.select_related("customer").get(pk=made.pk)


def _refuse_twice(by: Asker, customer: Customer) -> None:
    """Each question is a mail and a row that stays: nobody has two of them open at a customer."""
    open_one = SupportAccess.objects.filter(
        customer=customer, staff=by.person, staff_key=by.platform_key, state__in=states.BEFORE
    ).first()
    if open_one is None:
        return
    if open_one.state == SupportAccess.State.GRANTED:
        said = f"You may act as {open_one.person_name} already: begin it, or withdraw it."
        raise NotAskedError(said)
    asked = timezone.localtime(open_one.asked_at)
    when = f"{manner.day(asked.date(), with_year=False)} at {manner.time(asked)}"
    raise NotAskedError(f"You asked already on {when}: wait for an answer, or withdraw it.")


def _refuse_many(by: Asker, customer: Customer) -> None:
    """Asking, withdrawing and asking again writes letters, too."""
    lately = SupportAccess.objects.filter(
        customer=customer, staff=by.person, staff_key=by.platform_key,
        asked_at__gt=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    if lately.count() >= MOST_AN_HOUR:
        said = f"You asked {customer.name} {MOST_AN_HOUR} times within the hour. Ask again later."
        raise NotAskedError(said)


def tell_deciders(access: SupportAccess) -> int:
    """Write to whoever decides at the customer. Returns how many letters went out."""
    found = Person.objects.filter(customer_id=access.customer_id, is_active=True)
    deciders = [one for one in found.select_related("role") if one.may("own.consent")]
    return sum(_tell(one, access) for one in deciders)


def _tell(person: Person, access: SupportAccess) -> bool:
    try:
        with tongue.speaking(languages.of_person(person)):
            mails.send(
                "support_asked",
                to=person.email,
                variables={
                    "name": person.name, "person": access.staff_name,
                    "customer": access.customer.name,
                },
                context={"access": access, "url": f"{current_site().url}/privacy/"},
            )  # fmt: skip
    except NotSentError as error:
        log.warning("mail not sent", mail="support_asked", person=person.pk, reason=str(error))
        return False
    return True
