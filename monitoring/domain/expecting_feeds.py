"""Looking at feeds and flows: has the next come in time, and do as many come as should?

Only what may be late by now is looked at: a quiet that begins with a document cannot be silence before a
moment that is known as soon as it begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrations.models import Endpoint
from monitoring.domain import expecting_words
from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_known import key_of
from monitoring.domain.silences import Ended, Found
from monitoring.expect import drop, schedule, silence, words
from monitoring.expect.days import Days
from monitoring.expect.hours import HOUR, begin_of
from monitoring.expect.profile import Outlook
from monitoring.expect.profile_json import profile_of, schedule_of
from monitoring.expect.schedule import Schedule
from monitoring.models import Expectation, Outage, Silence
from monitoring.queries import arrivals, expectation_rows
from monitoring.queries.arrivals import SLOT, Key

MOST: Final = 500  # a pass
SOON: Final = timedelta(minutes=5)
LATER: Final = timedelta(hours=6)
_SETTLED: Final = timedelta(minutes=2)  # after a full hour, until it is in the sums
_QUIET_MARK: Final = 0.5
State = Expectation.State


@dataclass(frozen=True)
class Around:
    """What is known around the expectations that are looked at."""

    now: datetime
    days: Mapping[int, Days]
    came: Mapping[Key, datetime]
    outages: Mapping[int, Outage]
    open: Mapping[int, Silence]
    ended: Mapping[int, datetime]
    counts: Mapping[Key, Mapping[datetime, int]]


@dataclass(frozen=True)
class View:
    """How one of them stands."""

    state: str
    said: str
    due_at: datetime | None
    look_at: datetime
    found: Found | None = None


def look(now: datetime) -> tuple[list[Found], list[Ended]]:
    """Look at what may be late by now, at most 500. Returns what is silent and what is not any more."""
    kinds = (Expectation.Kind.FEED, Expectation.Kind.FLOW)
    due = Expectation.objects.filter(look_at__lte=now, kind__in=kinds).order_by("look_at")
    looked = list(due.select_related("customer", "endpoint", "flow")[:MOST])
    if not looked:
        return [], []
    around = _around(looked, now)
    found, ended = [], []
    for one in looked:
        one.last_at = _last(one, around)
        over = _ended(one, around)
        view = _view(one, around, over[0].at if over else None)
        ended += over
        one.state, one.said, one.due_at = view.state, view.said[:300], view.due_at
        one.look_at = view.look_at
        found += [view.found] if view.found else []
    expectation_rows.write_viewed(looked)
    return found, ended


def _around(looked: Sequence[Expectation], now: datetime) -> Around:
    days = of_expectations(looked)
    wanted = [(key_of(one), one.last_at or now - drop.SPANS[-1] * 4) for one in looked]
    outages = {
        outage.endpoint_id: outage
        for outage in Outage.objects.filter(endpoint__in={one.endpoint_id for one in looked})
        .exclude(ended_at__lt=now - drop.SPANS[-1])
        .order_by("began_at")
    }
    silences = Silence.objects.filter(expectation__in=looked)
    return Around(
        now, days, arrivals.last(wanted), outages,
        open={one.expectation_id: one for one in silences.filter(ended_at=None)},
        ended={
            one.expectation_id: one.ended_at
            for one in silences.filter(ended_at__gte=now - drop.SPANS[-1]).order_by("ended_at")
            if one.ended_at
        },
        counts=_counts(looked, days, now),
    )  # fmt: skip


def _counts(
    looked: Sequence[Expectation], days: Mapping[int, Days], now: datetime
) -> dict[Key, dict[datetime, int]]:
    """The hours of the last days, of those that may have dropped."""
    by_zone: dict[str, list[Key]] = {}
    for one in looked:
        if one.profile and not _schedule(one):
            by_zone.setdefault(days[one.customer_id].zone, []).append(key_of(one))
    found: dict[Key, dict[datetime, int]] = {}
    for zone, keys in by_zone.items():
        since = begin_of(zone, now - drop.SPANS[-1])
        found |= arrivals.hourly(keys, since=since, zone=zone)
    return found


def _last(one: Expectation, around: Around) -> datetime | None:
    return around.came.get(key_of(one), one.last_at)


def _schedule(one: Expectation) -> Schedule | None:
    """What was agreed goes before what it keeps by itself."""
    if one.mode == Expectation.Mode.GIVEN and one.schedule:
        return schedule_of(one.schedule)
    return schedule_of(one.rhythm) if one.rhythm else None


def _ended(one: Expectation, around: Around) -> list[Ended]:
    """Its open silence, if it is over: something came, enough came again, or nobody expects it now."""
    quiet = around.open.get(one.pk)
    if quiet is None:
        return []
    if _is_off(one):
        return [Ended(quiet, around.now, "It is not expected any more")]
    if quiet.code == "volume_low":
        return _recovered(one, quiet, around)
    if one.last_at and one.last_at >= quiet.began_at:
        return [Ended(quiet, one.last_at, "Documents came again")]
    return []


def _recovered(one: Expectation, quiet: Silence, around: Around) -> list[Ended]:
    if not one.profile:
        return []
    outlook = Outlook(profile_of(one.profile), around.days[one.customer_id])
    counts = around.counts.get(key_of(one), {})
    newest = drop.latest(outlook, counts, earliest=quiet.began_at, now=around.now)
    if newest is None or not newest.is_over:
        return []
    return [Ended(quiet, newest.since, "As many as usual came again")]


def _is_off(one: Expectation) -> bool:
    stopped = one.endpoint.state != Endpoint.State.ACTIVE
    return one.is_off or stopped or bool(one.flow and not one.flow.enabled)


def _view(one: Expectation, around: Around, over: datetime | None) -> View:
    """`over`: when its silence ended, if that was found just now."""
    if _is_off(one):
        return View(State.OFF, _why_off(one), None, around.now + LATER)
    outage = around.outages.get(one.endpoint_id)
    if outage and outage.ended_at is None:
        since = words.at_words(outage.began_at, around.days[one.customer_id].zone, around.now)
        said = f"{one.endpoint.label} cannot be reached since {since}"
        return View(State.EXPLAINED, said, None, around.now + SOON)
    if one.last_at is None:
        return View(State.LEARNING, "Nothing has come yet", None, around.now + HOUR)
    kept = _schedule(one)
    if kept:
        return _by_schedule(one, kept, around)
    if one.profile:
        return _by_volume(one, around, over)
    return View(State.LEARNING, "Too little has come to learn from", None, around.now + HOUR)


def _why_off(one: Expectation) -> str:
    if one.is_off:
        return one.reason or "Switched off"
    return "The flow is off" if one.flow and not one.flow.enabled else "The endpoint is paused"


def _since(one: Expectation, around: Around) -> datetime:
    """When its quiet began: with the last that came, or with the end of an outage."""
    came = one.last_at or around.now
    outage = around.outages.get(one.endpoint_id)
    ended = outage.ended_at if outage and outage.ended_at else came
    return min(around.now, max(came + SLOT, ended))


def _by_schedule(one: Expectation, kept: Schedule, around: Around) -> View:
    days = around.days[one.customer_id]
    due = schedule.next_due(
        kept, days.calendar, max(one.last_at or around.now, _since(one, around))
    )
    told = words.schedule_words(kept)
    if due is None:
        return View(State.WELL, told, None, around.now + LATER)
    if due.missed > around.now or _is_quiet_day(one, due.ends, days):
        late = due.ends <= around.now
        again = due.missed if due.missed > around.now else around.now + LATER
        return View(
            State.DUE if late else State.WELL, told, due.missed, min(again, around.now + LATER)
        )
    last = words.at_words(one.last_at or due.begins, days.zone, around.now)
    said = f"expected {told}, nothing since {last}"
    code = "stale_feed" if one.object_type == "inventory" else "heartbeat_missed"
    found = Found(
        one, code, expecting_words.missed_title(one), said,
        began_at=_since(one, around), window_ended_at=due.missed,
    )  # fmt: skip
    return View(State.LATE, said, due.missed, around.now + SOON, found)


def _is_quiet_day(one: Expectation, at: datetime, days: Days) -> bool:
    """Whether a person said that little comes that day, or a holiday excuses what nobody agreed on."""
    day = days.of(at.astimezone(ZoneInfo(days.zone)).date())
    if day.kind == "holiday":
        return one.mode != Expectation.Mode.GIVEN
    return day.kind == "marked" and day.factor is not None and day.factor < _QUIET_MARK


def _by_volume(one: Expectation, around: Around, over: datetime | None) -> View:
    days = around.days[one.customer_id]
    outlook = Outlook(profile_of(one.profile or {}), days)
    quiet = silence.judge(outlook, since=_since(one, around), now=around.now)
    said = words.quiet_words(quiet, days.zone)
    if quiet.is_silence and quiet.due:
        code = "stale_feed" if one.object_type == "inventory" else "volume_silent"
        found = Found(one, code, expecting_words.silent_title(one), said,
                      began_at=quiet.since, window_ended_at=quiet.due)  # fmt: skip
        return View(State.LATE, said, quiet.due, around.now + SOON, found)
    low = _low(one, outlook, around, over)
    open_now = None if over else around.open.get(one.pk)
    next_hour = begin_of(days.zone, around.now) + HOUR + _SETTLED
    again = min(next_hour, max(quiet.due or around.now + LATER, around.now + SOON))
    if low and (low.is_one or (open_now and open_now.code == "volume_low")):
        told = words.drop_words(low, days.zone)
        found = Found(one, "volume_low", expecting_words.low_title(one), told,
                      began_at=low.since, window_ended_at=low.until)  # fmt: skip
        return View(State.LATE, told, quiet.due, again, found)
    return View(State.WELL, said, quiet.due, again)


def _low(
    one: Expectation, outlook: Outlook, around: Around, over: datetime | None
) -> drop.Drop | None:
    outage = around.outages.get(one.endpoint_id)
    edges = [over, around.ended.get(one.pk), outage.ended_at if outage else None]
    earliest = max((edge for edge in edges if edge), default=around.now - drop.SPANS[-1])
    counts = around.counts.get(key_of(one), {})
    return drop.judge(outlook, counts, earliest=earliest, now=around.now)
