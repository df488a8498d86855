"""Looking at feeds and flows: has the next come in time, and do as many come as should?

Only what may be late by now is looked at: a quiet that begins with a document cannot be silence before a
moment that is known as soon as it begins.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrations.models import Endpoint
from monitoring.domain import expecting_volume, expecting_words
from monitoring.domain.expecting_around import Around, View, around, schedule
from monitoring.domain.expecting_known import key_of
from monitoring.domain.silences import Ended, Found
from monitoring.expect import words
from monitoring.expect.days import Days
from monitoring.expect.hours import HOUR
from monitoring.expect.schedule import Due, Schedule, to_judge
from monitoring.models import Expectation
from monitoring.queries import expectation_rows

MOST: Final = 500  # a pass
SOON: Final = timedelta(minutes=5)
LATER: Final = timedelta(hours=6)
_QUIET_MARK: Final = 0.5
State = Expectation.State


def look(now: datetime) -> tuple[list[Found], list[Ended]]:
    """Look at what may be late by now, at most 500. Returns what is silent and what is not any more."""
    kinds = (Expectation.Kind.FEED, Expectation.Kind.FLOW)
    due = Expectation.objects.filter(look_at__lte=now, kind__in=kinds).order_by("look_at")
    looked = list(due.select_related("customer", "endpoint", "flow")[:MOST])
    if not looked:
        return [], []
    scene = around(looked, now)
    found, ended = [], []
    for one in looked:
        one.last_at = scene.came.get(key_of(one), one.last_at)
        over = _ended(one, scene)
        view = _view(one, scene, over[0].at if over else None)
        ended += over
        one.state, one.said, one.due_at = view.state, view.said[:300], view.due_at
        one.look_at = view.look_at
        found += [view.found] if view.found else []
    expectation_rows.write_viewed(looked)
    return found, ended


def _ended(one: Expectation, scene: Around) -> list[Ended]:
    """Its open silence, if it is over: something came, enough came again, or nobody expects it now."""
    quiet = scene.open.get(one.pk)
    if quiet is None:
        return []
    if _is_off(one):
        return [Ended(quiet, scene.now, "It is not expected any more")]
    if quiet.code == expecting_volume.LOW:
        return expecting_volume.recovered(one, quiet, scene)
    if one.last_at and one.last_at >= quiet.began_at:
        return [Ended(quiet, one.last_at, "Documents came again")]
    return []


def _is_off(one: Expectation) -> bool:
    stopped = one.endpoint.state != Endpoint.State.ACTIVE
    return one.is_off or stopped or bool(one.flow and not one.flow.enabled)


def _why_off(one: Expectation) -> str:
    if one.is_off:
        return one.reason or "Switched off"
    return "The flow is off" if one.flow and not one.flow.enabled else "The endpoint is paused"


def _view(one: Expectation, scene: Around, over: datetime | None) -> View:
    """`over`: when its silence ended, if that was found just now."""
    if _is_off(one):
        return View(State.OFF, _why_off(one), None, scene.now + LATER)
    outage = scene.outage(one)
    if outage and outage.ended_at is None:
        since = words.at_words(outage.began_at, scene.days[one.customer_id].zone, scene.now)
        said = f"{one.endpoint.label} cannot be reached since {since}"
        return View(State.EXPLAINED, said, None, scene.now + SOON)
    if one.last_at is None:
        return View(State.LEARNING, "Nothing has come yet", None, scene.now + HOUR)
    kept = schedule(one)
    if kept:
        return _by_schedule(one, kept, scene)
    if one.profile:
        return expecting_volume.view(one, scene, over)
    return View(State.LEARNING, "Too little has come to learn from", None, scene.now + HOUR)


def _by_schedule(one: Expectation, kept: Schedule, scene: Around) -> View:
    days = scene.days[one.customer_id]
    due = to_judge(
        kept, days.calendar, max(one.last_at or scene.now, scene.since(one)), now=scene.now,
        counts=lambda ends: not _is_quiet_day(one, ends, days),
    )  # fmt: skip
    if due is None:
        return View(State.WELL, "", None, scene.now + LATER)
    if due.missed > scene.now:
        return _in_time(due, scene.now)
    last = words.at_words(one.last_at or due.begins, days.zone, scene.now)
    said = f"expected {words.schedule_words(kept)}, nothing since {last}"
    code = "stale_feed" if one.object_type == "inventory" else "heartbeat_missed"
    found = Found(
        one, code, expecting_words.missed_title(one), said,
        began_at=scene.since(one), window_ended_at=due.missed,
    )  # fmt: skip
    return View(State.LATE, said, due.missed, scene.now + SOON, found)


def _in_time(due: Due, now: datetime) -> View:
    state = State.DUE if due.ends <= now else State.WELL
    return View(state, "", due.missed, min(due.missed, now + LATER))


def _is_quiet_day(one: Expectation, at: datetime, days: Days) -> bool:
    """Whether a person said that little comes that day, or a holiday excuses what nobody agreed on."""
    day = days.of(at.astimezone(ZoneInfo(days.zone)).date())
    if day.kind == "holiday":
        return one.mode != Expectation.Mode.GIVEN
    return day.kind == "marked" and day.factor is not None and day.factor < _QUIET_MARK
