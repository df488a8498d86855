"""What a statement is of and measured by: the month, the hours, the fee, the months before."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from monitoring.models import Statement
from monitoring.models.statement_terms import agreement_of
from monitoring.statements.assemble import MONTHS, Frame
from monitoring.statements.content import Calendar, Content, Issuer, Period, Point, Recipient
from monitoring.statements.credit import Agreement
from portal.customers import calendars
from portal.customers.models import Customer
from portal.tenants import brand
from portal.tenants.current import current_schema
from portal.tenants.models import Partner


def of(customer: Customer, period: Period, *, as_of: datetime) -> Frame:
    """The frame of a new statement, after those that are sealed."""
    last = sealed_of(customer.pk).first()
    return Frame(
        number=(last.number or 0) + 1 if last else 1,
        previous=last.hash if last else "",
        sealed_at=as_of,
        issuer=_issuer(),
        customer=Recipient(customer.slug, customer.name),
        currency=customer.currency,
        period=period,
        calendar=_calendar(customer, period),
        agreement=agreement_of(customer),
        history=history(customer.pk, period.key),
    )


def again(statement: Statement, sealed: Content) -> Frame:
    """The frame that a sealed statement was made in: what was agreed then still is."""
    return Frame(
        number=sealed.number,
        previous=sealed.previous,
        sealed_at=sealed.sealed_at,
        issuer=sealed.issuer,
        customer=sealed.customer,
        currency=sealed.currency,
        period=sealed.period,
        calendar=sealed.calendar,
        agreement=_agreement(sealed),
        history=history(statement.customer_id, statement.period),
    )


def _agreement(sealed: Content) -> Agreement:
    terms = sealed.credits
    return Agreement(terms.fee, terms.currency, terms.cap, terms.steps)


def sealed_of(customer_id: int) -> QuerySet[Statement]:
    """A customer's sealed statements, newest first."""
    sealed = Statement.objects.filter(customer_id=customer_id, state=Statement.State.SEALED)
    return sealed.order_by("-number")


def history(customer_id: int, key: str) -> Mapping[str, tuple[Point, ...]]:
    """What was delivered in the months before, by promise, from what was sealed of them."""
    found: defaultdict[str, list[Point]] = defaultdict(list)
    earlier = sealed_of(customer_id).filter(period__lt=key)
    for statement in earlier.only("content")[: MONTHS - 1]:
        before = statement.said
        for promise in before.promises:
            found[promise.key].append(Point(before.period.key, promise.actual))
    return {name: tuple(points) for name, points in found.items()}


def _issuer() -> Issuer:
    partner = Partner.objects.get(schema_name=current_schema())
    return Issuer(partner.name, partner.accent, brand.of(partner).number)


def _calendar(customer: Customer, period: Period) -> Calendar:
    """The hours, with the holidays of the month by date: another day's list may know others."""
    hours = calendars.of(customer)
    days = (date.fromisoformat(f"{period.key}-01"), _first_after(period))
    closed = sorted(day for day in hours.holidays if days[0] <= day < days[1])
    terms = {**customer.calendar, "holidays": [day.isoformat() for day in closed]}
    return Calendar(hours.words, terms)


def _first_after(period: Period) -> date:
    first = date.fromisoformat(f"{period.key}-01")
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
