"""The next document of many business objects, awaited from one side: what is late, and whether that is
one silence."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.expect.lag import Lag, moment
from portal.customers.calendar import Calendar

State = Literal["not yet due", "due", "overdue", "met"]
SEVERAL: Final = 3


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


def may_be_missing(
    waiting: Sequence[Leg], lag: Lag, *, calendar: Calendar | None, now: datetime
) -> bool:
    """Whether `judge` has anything to decide: several are late, or one waits longer than any would.

    `waiting`: as for `judge`. What is no more than this needs no look at what was met.
    """
    alone = _passed(waiting[:1], lag.missing, calendar, now)
    return bool(alone) or _passed(waiting, lag.late, calendar, now) >= SEVERAL


def judge(
    waiting: Sequence[Leg],
    lag: Lag,
    *,
    calendar: Calendar | None,
    last_met: datetime | None,
    now: datetime,
) -> Missing | None:
    """One finding for all that is missing from one side, or None.

    `waiting`: legs without an end, the oldest first. `last_met`: when the last of the kind was met. A single
    leg is missing once it passes `lag.missing`; several are as soon as they are late and were due after the
    last that was met: one that was left behind while others came says nothing of them.
    """
    late = waiting[: _passed(waiting, lag.late, calendar, now)]
    since = late if last_met is None else late[_passed(late, lag.due, calendar, last_met) :]
    windows = []
    if _passed(late[:1], lag.missing, calendar, now):
        windows.append(moment(late[0].began, lag.missing, calendar))
    if len(since) >= SEVERAL:
        windows.append(moment(since[SEVERAL - 1].began, lag.late, calendar))
    if not windows:
        return None
    return Missing(
        documents=len(late), waiting=len(waiting), oldest=late[0], newest=late[-1],
        quiet_since=(last_met or late[0].began) if since else None,
        at_risk=_sums(late), window_ended=min(windows),
    )  # fmt: skip


def _passed(
    waiting: Sequence[Leg], minutes: float, calendar: Calendar | None, now: datetime
) -> int:
    """How many of these have waited for as long, the oldest first."""
    return bisect_right(waiting, now, key=lambda leg: moment(leg.began, minutes, calendar))


def _sums(legs: Iterable[Leg]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for leg in legs:
        if leg.amount is not None:
            found[leg.currency] += leg.amount
    return dict(found)
