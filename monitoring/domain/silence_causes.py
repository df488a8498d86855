"""What is known around a silence, gathered once when it begins, and the causes that speaks for."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitoring.domain.expecting_words import things
from monitoring.expect import causes, words
from monitoring.expect.causes import Cause, Facts, Former, Ours, Polls
from monitoring.expect.causes import Outage as Down
from monitoring.expect.days import AFTERWARDS, Days
from monitoring.models import Expectation, Outage
from monitoring.queries import silence_facts

_FORMER_YEARS: Final = 2


def of(expectation: Expectation, since: datetime, *, days: Days, now: datetime) -> list[Cause]:
    """The causes of a silence that began at `since`, the most probable first."""
    return causes.rank(
        Facts(
            what=things(expectation.object_type),
            endpoint=expectation.endpoint.label,
            zone=days.zone,
            since=since,
            now=now,
            ours=_ours(expectation, since, now),
            outage=_outage(expectation, since),
            polls=_polls(expectation, since),
            others=silence_facts.others(expectation, since, now),
            closed=_closed(days, now),
            former=_former(expectation, days, now),
            promotion=_promotion(days, now),
        )
    )


def plain(cause: Cause) -> dict[str, Any]:
    """As it is kept."""
    return {
        "code": cause.code, "party": cause.party, "sure": cause.how_sure,
        "sentence": cause.sentence, "lines": list(cause.lines),
    }  # fmt: skip


def _ours(expectation: Expectation, since: datetime, now: datetime) -> list[Ours]:
    return [
        *silence_facts.late_lanes(now),
        *silence_facts.failing_polls(expectation.endpoint_id, now),
        *silence_facts.refused_at_the_door(expectation.endpoint_id, since),
        *silence_facts.backlog(expectation, now),
        *silence_facts.changes(expectation, since),
    ]


def _outage(expectation: Expectation, since: datetime) -> Down | None:
    found = (
        Outage.objects.filter(endpoint=expectation.endpoint_id)
        .exclude(ended_at__lt=since)
        .order_by("-id")
        .first()
    )
    return Down(found.began_at, found.text or found.code) if found else None


def _polls(expectation: Expectation, since: datetime) -> Polls | None:
    cursor = expectation.endpoint.cursors.filter(last_run_at__gt=since, attempts=0).first()
    if cursor is None or cursor.last_run_at is None:
        return None
    empty = int((cursor.last_run_at - since).total_seconds() // max(1, cursor.every_seconds))
    return Polls(empty, cursor.last_run_at)


def _closed(days: Days, now: datetime) -> str:
    day = days.of(now.astimezone(ZoneInfo(days.zone)).date())
    return day.reason if day.kind == "holiday" else ""


def _former(expectation: Expectation, days: Days, now: datetime) -> list[Former]:
    today = now.astimezone(ZoneInfo(days.zone)).date()
    return [
        found
        for years in range(1, _FORMER_YEARS + 1)
        if (found := silence_facts.former(expectation, today, years))
    ]


def _promotion(days: Days, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(days.zone)).date()
    over = [
        mark
        for mark in days.marks
        if mark.is_promotion and timedelta(0) < today - mark.last <= AFTERWARDS
    ]
    return f"{over[-1].reason}, until {words.on_words(over[-1].last)}" if over else ""
