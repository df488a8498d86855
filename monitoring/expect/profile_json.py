"""Profiles and schedules as plain JSON, for keeping."""

from dataclasses import asdict
from typing import Any

from monitoring.expect.profile import Profile
from monitoring.expect.schedule import Daily, Every, Schedule

_PLACES = 6


def profile_json(profile: Profile) -> dict[str, Any]:
    """Rates to six places; `profile_of` reads it back."""
    plain = asdict(profile)
    return plain | {"week": [[round(rate, _PLACES) for rate in day] for day in profile.week]}


def profile_of(content: dict[str, Any]) -> Profile:
    week = tuple(tuple(day) for day in content["week"])
    return Profile(**{**content, "week": week})


def schedule_json(schedule: Schedule) -> dict[str, Any]:
    if isinstance(schedule, Every):
        return {"every": schedule.minutes, "grace": schedule.grace, "in_hours": schedule.in_hours}
    return {
        "begins": schedule.begins, "ends": schedule.ends, "weekdays": sorted(schedule.weekdays),
        "grace": schedule.grace, "on_holidays": schedule.on_holidays,
    }  # fmt: skip


def schedule_of(content: dict[str, Any]) -> Schedule:
    """Raises ValueError for a schedule nobody can keep."""
    if "every" in content:
        return Every(content["every"], grace=content["grace"], in_hours=content["in_hours"])
    return Daily(**{**content, "weekdays": frozenset(content["weekdays"])})
