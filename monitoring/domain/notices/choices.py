"""What a person of a customer chose to be told by mail, and changing it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from monitoring.models import NotificationChoice
from portal.accounts.models import Person
from portal.core import clock, tongue
from portal.customers.local_time import instant
from portal.customers.models import Customer
from portal.tenants import languages

How, Kind = NotificationChoice.How, NotificationChoice.Kind
LONGEST_PAUSE = timedelta(days=366)
# What a person has to be allowed to see to be told of it.
NEEDS = {
    Kind.QUESTION: "own.questions",
    Kind.TROUBLE: "own.orders",
    Kind.SHIPMENT: "own.orders",
    Kind.STATEMENT: "own.statements",
    Kind.BILL: "own.bills",
    Kind.DIGEST: "own.orders",
}


class UnfitChoiceError(ValueError):
    """It cannot be chosen; the text says what can."""


class Wish(NamedTuple):
    """What holds for one person. `zone` and `language` are theirs, or else their
    customer's."""

    person: Person
    how: Mapping[str, str]
    hour: int
    paused_until: date | None
    digest_on: date | None
    zone: ZoneInfo
    language: str

    def wants(self, kind: str, *, now: datetime) -> bool:
        """Whether they want it at all, and now. The day they come back on is no day of the pause."""
        if not self.person.may(NEEDS[Kind(kind)]) or self.how[kind] == How.OFF:
            return False
        return self.paused_until is None or self.today(now) >= self.paused_until

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def due_at(self, kind: str, *, now: datetime) -> datetime:
        """When it is to be sent: now, or with the next mail of the day."""
        if self.how[kind] != How.DAILY:
            return now
        due = instant(self.today(now), self.hour * 60, zone=self.zone)
        if due > now:
            return due
        return instant(self.today(now) + timedelta(days=1), self.hour * 60, zone=self.zone)


def of(person: Person, customer: Customer) -> Wish:
    """What holds for this person."""
    row = NotificationChoice.objects.filter(person=person).first()
    return _wish(person, row, customer, partners=languages.chosen_by_partner())


def of_customer(customer_id: int) -> list[Wish]:
    """What holds for each person of a customer who is here."""
    people = Person.objects.filter(customer_id=customer_id, is_active=True).select_related("role")
    found = list(people.order_by("pk"))
    if not found:
        return []
    rows = {row.person_id: row for row in NotificationChoice.objects.filter(person__in=found)}
    customer = Customer.objects.get(pk=customer_id)
    partners = languages.chosen_by_partner()
    return [_wish(person, rows.get(person.pk), customer, partners=partners) for person in found]


def _wish(
    person: Person, row: NotificationChoice | None, customer: Customer, *, partners: str
) -> Wish:
    """`partners`: the language of those for whom none is chosen."""
    own = row or NotificationChoice()
    how = {str(kind): str(usual) for kind, usual in NotificationChoice.USUAL.items()}
    known = {kind: way for kind, way in own.how.items() if kind in how and way in How.values}
    zone = ZoneInfo(person.time_zone or customer.time_zone)
    language = tongue.first(person.language or customer.language or partners)
    return Wish(person, how | known, own.hour, own.paused_until, own.digest_on, zone, language)


def unwilling(kind: str, addresses: Iterable[str], *, customer_id: int) -> set[str]:
    """Those of these addresses whose person switched such mails off, or paused all. An address that is
    nobody's stays: whoever entered it decides."""
    now = clock.now()
    off = {
        wish.person.email.lower()
        for wish in of_customer(customer_id)
        if not wish.wants(kind, now=now) and wish.person.may(NEEDS[Kind(kind)])
    }
    return {address for address in addresses if address.lower() in off}


@transaction.atomic
def choose(
    person: Person,
    how: Mapping[str, str],
    *,
    hour: int,
    paused_until: date | None,
    today: date,
) -> None:
    """Keep what a person chose. UnfitChoiceError."""
    if person.customer_id is None:
        raise UnfitChoiceError(gettext("These mails are for people of customers."))
    wrong = [k for k, way in how.items() if k not in Kind.values or way not in How.values]
    if wrong or (how.get(Kind.DIGEST) == How.AT_ONCE):
        raise UnfitChoiceError(gettext("Choose one of the answers for each mail."))
    if not 0 <= hour <= 23:
        raise UnfitChoiceError(gettext("Choose an hour from 0 to 23."))
    if paused_until and not today < paused_until <= today + LONGEST_PAUSE:
        raise UnfitChoiceError(gettext("Choose a day after today, within a year."))
    NotificationChoice.objects.update_or_create(
        person=person,
        defaults={
            "customer_id": person.customer_id, "how": dict(how), "hour": hour,
            "paused_until": paused_until, "actor": person.name[:80], "changed_at": clock.now(),
        },
    )  # fmt: skip


@transaction.atomic
def switch_off(person: Person, kinds: Sequence[str]) -> None:
    """No mail of these kinds any more; everything else stays as it is."""
    if person.customer_id is None:
        return
    row, _ = NotificationChoice.objects.select_for_update().get_or_create(
        person=person, defaults={"customer_id": person.customer_id, "actor": person.name[:80]}
    )
    row.how = row.how | {kind: str(How.OFF) for kind in kinds if kind in Kind.values}
    row.actor, row.changed_at = person.name[:80], clock.now()
    row.save(update_fields=["how", "actor", "changed_at"])
