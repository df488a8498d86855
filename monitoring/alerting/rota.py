"""On call: who answers now and who is next. People take turns; swaps go before turns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from portal.customers.local_time import instant

Every = Literal["daily", "weekly"]
_DAYS: Final[dict[Every, int]] = {"daily": 1, "weekly": 7}


@dataclass(frozen=True, slots=True)
class Rota:
    """`members` (ids of people, in their order) hand over every day or week.

    The first of them begins on the date `first`, and everybody at `minute` after midnight in `zone`.
    """

    zone: ZoneInfo
    members: tuple[int, ...]
    every: Every
    first: date
    minute: int


class Swap(NamedTuple):
    """Instead of whoever's turn it is, `person` is on call from `begins` until `ends`."""

    person: int
    begins: datetime
    ends: datetime


class Shift(NamedTuple):
    """`person` is on call from `begins` until `ends`, both in UTC."""

    person: int
    begins: datetime
    ends: datetime


def turn(rota: Rota, at: datetime) -> Shift | None:
    """Whose turn it is by the order alone. None before the first handover, and without members."""
    days = _DAYS[rota.every]
    number = (at.astimezone(rota.zone).date() - rota.first).days // days
    # The local date may be a handover's whose hour has not come, or came again as clocks went back.
    number = next(n for n in (number + 1, number, number - 1) if _handover(rota, n) <= at)
    if number < 0 or not rota.members:
        return None
    person = rota.members[number % len(rota.members)]
    return Shift(person, _handover(rota, number), _handover(rota, number + 1))


def first_handover(rota: Rota) -> datetime:
    """When the first of them begins, in UTC."""
    return _handover(rota, 0)


def _handover(rota: Rota, number: int) -> datetime:
    day = rota.first + timedelta(days=number * _DAYS[rota.every])
    return instant(day, rota.minute, zone=rota.zone)


def on_call(rota: Rota, swaps: Sequence[Swap], at: datetime) -> int | None:
    """Who is on call at an instant; of swaps that overlap the one made last. None: nobody."""
    for swap in reversed(swaps):
        if swap.begins <= at < swap.ends:
            return swap.person
    found = turn(rota, at)
    return found.person if found else None


def shifts(rota: Rota, swaps: Sequence[Swap], *, since: datetime, until: datetime) -> list[Shift]:
    """Who is on call between two instants, in order; what one person has in a row is one shift.

    Where nobody is, nothing is listed.
    """
    found: list[Shift] = []
    for begins, ends in pairwise(_marks(rota, swaps, since.astimezone(UTC), until.astimezone(UTC))):
        person = on_call(rota, swaps, begins)
        if person is None:
            continue
        last = found[-1] if found else None
        if last and last.person == person and last.ends == begins:
            found[-1] = last._replace(ends=ends)
        else:
            found.append(Shift(person, begins, ends))
    return found


def _marks(rota: Rota, swaps: Sequence[Swap], since: datetime, until: datetime) -> list[datetime]:
    edges = (edge.astimezone(UTC) for swap in swaps for edge in (swap.begins, swap.ends))
    inside = {edge for edge in (*edges, *_handovers(rota, since, until)) if since < edge < until}
    return [since, *sorted(inside), until]


def _handovers(rota: Rota, since: datetime, until: datetime) -> Iterator[datetime]:
    days = _DAYS[rota.every]
    number = max(0, (since.astimezone(rota.zone).date() - rota.first).days // days)
    while (at := _handover(rota, number)) < until:
        yield at
        number += 1


def coming(rota: Rota, swaps: Sequence[Swap], at: datetime) -> Shift | None:
    """The next shift of somebody else than who is on call now, within two turns of everybody."""
    far = timedelta(days=_DAYS[rota.every] * 2 * max(1, len(rota.members)))
    now = on_call(rota, swaps, at)
    since = max(at, _handover(rota, 0))
    later = shifts(rota, swaps, since=at, until=since + far)
    return next((one for one in later if one.person != now), None)
