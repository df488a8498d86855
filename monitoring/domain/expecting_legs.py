"""Looking at next documents: when legs are due, and whether what is overdue is one silence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from integrations.domain import overdue
from integrations.models import Endpoint
from monitoring.domain import expecting_words
from monitoring.domain.expecting_known import side_of
from monitoring.domain.silences import Ended, Found
from monitoring.expect import awaited, words
from monitoring.expect import lag as lags
from monitoring.expect.awaited import Missing
from monitoring.expect.lag import Lag
from monitoring.models import Expectation, Outage, Silence
from monitoring.queries import awaiting, expectation_rows
from monitoring.queries.awaiting import Overdue, Side
from portal.customers import calendars
from portal.customers.calendar import Calendar
from portal.customers.models import Customer

MOST: Final = 5000  # legs a pass
_OF_LAGS: Final = (
    "customer_id", "endpoint_id", "kind", "mode", "lag", "lag_minutes", "grace_minutes", "in_hours",
    "state",
)  # fmt: skip
State = Expectation.State


def look(now: datetime) -> tuple[list[Found], list[Ended]]:
    """Say of new legs when they are due, then judge what is past it. Returns what is missing and what is
    not any more."""
    legs = Expectation.objects.filter(kind__in=awaiting.KINDS).order_by()
    known = {side_of(one): one for one in legs.only(*_OF_LAGS)}
    _set_due(known)
    late = {side: all_of for side, all_of in awaiting.overdue(now=now).items() if side in known}
    quiet = _open()
    pks = [
        one.pk
        for side, one in known.items()
        if side in late or one.pk in quiet or one.state not in (State.WELL, State.LEARNING)
    ]
    if not pks:
        return [], []
    looked = Expectation.objects.filter(pk__in=pks).select_related("customer", "endpoint")
    return _judge(list(looked.order_by("id")), late, quiet, now)


def _open() -> dict[int, Silence]:
    found = Silence.objects.filter(ended_at=None, expectation__kind__in=awaiting.KINDS)
    return {one.expectation_id: one for one in found}


def lag_of(one: Expectation) -> Lag | None:
    """What was agreed, else what was learned."""
    if one.mode == Expectation.Mode.GIVEN and one.lag_minutes:
        return lags.given(one.lag_minutes, grace=one.grace_minutes)
    return Lag(**one.lag) if one.lag else None


def calendar_of(one: Expectation, customer: Customer) -> Calendar | None:
    """In whose hours it counts; None: in all."""
    return calendars.of(customer) if one.in_hours else None


def _set_due(known: Mapping[Side, Expectation]) -> None:
    spoken = {side: lag for side, one in known.items() if not one.is_off and (lag := lag_of(one))}
    waiting = awaiting.without_due(spoken, limit=MOST) if spoken else []
    if not waiting:
        return
    customers = Customer.objects.in_bulk({side.customer_id for _, side, _ in waiting})
    hours = {
        side: calendar_of(known[side], customers[side.customer_id])
        for side in {side for _, side, _ in waiting}
    }
    awaiting.set_due(
        (pk, lags.moment(began, spoken[side].due, hours[side])) for pk, side, began in waiting
    )


def _judge(
    looked: Sequence[Expectation],
    late: Mapping[Side, Overdue],
    quiet: Mapping[int, Silence],
    now: datetime,
) -> tuple[list[Found], list[Ended]]:
    before = {one.pk: (one.state, one.said, one.due_at) for one in looked}
    met = awaiting.last_met(
        (side, late[side].legs[0].began)
        for one in looked
        if (side := side_of(one)) in late
        and (one.pk in quiet or _may_be_missing(one, late[side], now))
    )
    down = _down(looked)
    found: list[Found] = []
    ended: list[Ended] = []
    for one in looked:
        side = side_of(one)
        missing = _missing(one, late.get(side), met.get(side), now)
        if missing and one.endpoint_id not in down:
            found.append(_found(one, missing, now))
            one.state, one.said, one.due_at = State.LATE, found[-1].said, missing.window_ended
        else:
            one.state, one.said = _calm(one, late.get(side), down.get(one.endpoint_id), missing)
            one.due_at = None
        if one.pk in quiet and not missing:
            ended.append(Ended(quiet[one.pk], met.get(side) or now, "Nothing is overdue any more"))
    changed = [one for one in looked if before[one.pk] != (one.state, one.said, one.due_at)]
    expectation_rows.write_viewed(changed)
    return found, ended


def _down(looked: Sequence[Expectation]) -> dict[int, Outage]:
    found = Outage.objects.filter(endpoint__in={one.endpoint_id for one in looked}, ended_at=None)
    return {one.endpoint_id: one for one in found}


def _may_be_missing(one: Expectation, late: Overdue, now: datetime) -> bool:
    lag = lag_of(one)
    calendar = calendar_of(one, one.customer)
    return lag is not None and awaited.may_be_missing(late.legs, lag, calendar=calendar, now=now)


def _missing(
    one: Expectation, late: Overdue | None, met: datetime | None, now: datetime
) -> Missing | None:
    lag = lag_of(one)
    if late is None or lag is None or _is_off(one):
        return None
    calendar = calendar_of(one, one.customer)
    return awaited.judge(late.legs, lag, calendar=calendar, last_met=met, now=now)


def _is_off(one: Expectation) -> bool:
    if one.is_off or one.endpoint.state != Endpoint.State.ACTIVE:
        return True
    answers = overdue.answers(one.endpoint)
    # Who acknowledges accepts by that: its silence is told once, as acknowledgements that are missing.
    return one.kind == (Expectation.Kind.TRANSMIT if answers else Expectation.Kind.ACKNOWLEDGE)


def _found(one: Expectation, missing: Missing, now: datetime) -> Found:
    noun, zone = expecting_words.waiting_noun(one.kind), one.customer.time_zone
    said = words.missing_words(missing, noun, zone, now)
    if missing.quiet_since:
        said += f"; none came since {words.at_words(missing.quiet_since, zone, now)}"
    currency, at_risk = max(missing.at_risk.items(), key=_worth, default=("", Decimal(0)))
    acknowledges = one.kind == Expectation.Kind.ACKNOWLEDGE
    return Found(
        one, "ack_missing" if acknowledges else "next_document_missing",
        expecting_words.missing_title(one), said,
        began_at=missing.quiet_since or missing.oldest.began, window_ended_at=missing.window_ended,
        documents=missing.documents, at_risk=at_risk, currency=currency, newest_at=missing.newest.began,
    )  # fmt: skip


def _worth(one: tuple[str, Any]) -> Any:
    return one[1]


def _calm(
    one: Expectation, late: Overdue | None, outage: Outage | None, missing: Missing | None
) -> tuple[str, str]:
    if one.is_off:
        return State.OFF, one.reason or "Switched off"
    if outage and missing:
        return State.EXPLAINED, f"{one.endpoint.label} cannot be reached"
    if late:
        return State.DUE, f"{late.waiting:,} past due, and others are answered"
    return State.WELL, ""
