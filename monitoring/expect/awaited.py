"""The next document of many business objects, awaited from one side: what is late, and whether that is
one silence."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from monitoring.expect.lag import Lag, moment
from portal.customers.calendar import Calendar

State = Literal["not yet due", "due", "overdue", "met"]
SEVERAL: Final = 3
_BEGAN: Final = attrgetter("began")


class Leg(NamedTuple):
    """What began at `began` and waits for its next document; `number`: of the order or document."""

    number: str
    began: datetime
    ended: datetime | None = None
    amount: Decimal | None = None
    currency: str = ""


class Missing(NamedTuple):
    """All that wait too long for one side, of all that wait for it.

    `quiet_since`: nothing of the kind came since then; None where others did. `at_risk`: by currency.
    `window_ended`: from when on this could be said.
    """

    documents: int
    waiting: int
    oldest: Leg
    newest: Leg
    quiet_since: datetime | None
    at_risk: dict[str, Decimal]
    window_ended: datetime


def state_of(leg: Leg, lag: Lag, calendar: Calendar | None, now: datetime) -> State:
    """Due from the agreed or learned time on, overdue after its grace."""
    if leg.ended is not None and leg.ended <= now:
        return "met"
    if moment(leg.began, lag.due, calendar) > now:
        return "not yet due"
    return "due" if moment(leg.began, lag.late, calendar) > now else "overdue"


def judge(
    waiting: Sequence[Leg],
    lag: Lag,
    *,
    calendar: Calendar | None,
    last_met: datetime | None,
    now: datetime,
) -> Missing | None:
    """One finding for all that is missing from one side, or None.

    `waiting`: legs without an end. `last_met`: when the last of the kind was met. A single leg is missing
    once it passes `lag.missing`; several are as soon as they are late and none was met since the first of
    them was due.
    """
    late = sorted((leg for leg in waiting if _passed(leg, lag.late, calendar) <= now), key=_BEGAN)
    alone = [at for leg in late if (at := _passed(leg, lag.missing, calendar)) <= now]
    quiet = bool(late) and (last_met is None or last_met < _passed(late[0], lag.due, calendar))
    if quiet and len(late) >= SEVERAL:
        alone.append(_passed(late[SEVERAL - 1], lag.late, calendar))
    if not alone:
        return None
    return Missing(
        documents=len(late), waiting=len(waiting), oldest=late[0], newest=late[-1],
        quiet_since=(last_met or late[0].began) if quiet else None,
        at_risk=_sums(late), window_ended=min(alone),
    )  # fmt: skip


def _passed(leg: Leg, minutes: float, calendar: Calendar | None) -> datetime:
    return moment(leg.began, minutes, calendar)


def _sums(legs: Iterable[Leg]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for leg in legs:
        if leg.amount is not None:
            found[leg.currency] += leg.amount
    return dict(found)
