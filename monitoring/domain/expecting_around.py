"""What is known around the feeds and flows that are looked at, asked for all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_known import key_of
from monitoring.domain.silences import Found
from monitoring.expect import drop
from monitoring.expect.days import Days
from monitoring.expect.hours import begin_of
from monitoring.expect.profile_json import schedule_of
from monitoring.expect.schedule import Schedule
from monitoring.models import Expectation, Outage, Silence
from monitoring.queries import arrivals
from monitoring.queries.arrivals import SLOT, Key

COUNTED_EVERY: Final = timedelta(hours=1)
SETTLED: Final = timedelta(minutes=2)  # after a full hour, until all of it is in the sums
_LOOKED_BACK: Final = timedelta(days=16)


@dataclass(frozen=True)
class Around:
    """By customer, way, endpoint and expectation. `counts` are of those whose documents are counted now."""

    now: datetime
    days: Mapping[int, Days]
    came: Mapping[Key, datetime]
    outages: Mapping[int, Outage]
    open: Mapping[int, Silence]
    ended: Mapping[int, datetime]
    counts: Mapping[int, Mapping[datetime, int]]

    def outage(self, one: Expectation) -> Outage | None:
        """The newest of the last days."""
        return self.outages.get(one.endpoint_id)

    def since(self, one: Expectation) -> datetime:
        """When its quiet began: with the last that came, or with the end of an outage."""
        came, outage = one.last_at or self.now, self.outage(one)
        reached = outage.ended_at if outage and outage.ended_at else came
        return min(self.now, max(came + SLOT, reached))


@dataclass(frozen=True)
class View:
    """How one of them stands, and before when it need not be looked at again."""

    state: str
    said: str
    due_at: datetime | None
    look_at: datetime
    found: Found | None = None


def around(looked: Sequence[Expectation], now: datetime) -> Around:
    """In a handful of queries, however many there are."""
    days = of_expectations(looked)
    wanted = [(key_of(one), one.last_at or now - _LOOKED_BACK) for one in looked]
    silences = Silence.objects.filter(expectation__in=looked)
    still = silences.filter(ended_at=None).select_related("expectation__customer")
    open_now = {one.expectation_id: one for one in still}
    over = silences.filter(ended_at__gte=now - drop.SPANS[-1]).order_by("ended_at")
    return Around(
        now, days, arrivals.last(wanted), _outages(looked, now), open_now,
        ended={one.expectation_id: one.ended_at for one in over if one.ended_at},
        counts=_counts([one for one in looked if _is_counted(one, open_now, now)], days, now),
    )  # fmt: skip


def _outages(looked: Sequence[Expectation], now: datetime) -> dict[int, Outage]:
    found = Outage.objects.filter(endpoint__in={one.endpoint_id for one in looked})
    found = found.exclude(ended_at__lt=now - drop.SPANS[-1]).order_by("began_at")
    return {one.endpoint_id: one for one in found}


def _is_counted(one: Expectation, open_now: Mapping[int, Silence], now: datetime) -> bool:
    if not one.profile or schedule(one):
        return False
    due = one.counted_at is None or one.counted_at + COUNTED_EVERY + SETTLED <= now
    return due or (one.pk in open_now and open_now[one.pk].code == "volume_low")


def _counts(
    counted: Sequence[Expectation], days: Mapping[int, Days], now: datetime
) -> dict[int, Mapping[datetime, int]]:
    by_first: dict[
        datetime, list[Expectation]
    ] = {}  # zones whose hours begin together are one question
    for one in counted:
        since = begin_of(days[one.customer_id].zone, now - drop.SPANS[-1])
        by_first.setdefault(since, []).append(one)
    found: dict[int, Mapping[datetime, int]] = {}
    for since, ones in by_first.items():
        zone = days[ones[0].customer_id].zone
        hours = arrivals.hourly(map(key_of, ones), since=since, zone=zone)
        found |= {one.pk: hours.get(key_of(one), {}) for one in ones}
    return found


def schedule(one: Expectation) -> Schedule | None:
    """What was agreed goes before what it keeps by itself."""
    if one.mode == Expectation.Mode.GIVEN and one.schedule:
        return schedule_of(one.schedule)
    return schedule_of(one.rhythm) if one.rhythm else None
