"""Feeds that tests expect something of: made day by day from a seed."""

import math
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitoring.expect.days import Days
from monitoring.expect.hours import hours
from monitoring.expect.learn import Seen
from monitoring.expect.profile import Outlook, Profile
from tests.customers.calendars import calendar

ZONE = "America/New_York"
BEGINS = datetime(2026, 1, 5, 5, tzinfo=UTC)  # a Monday, midnight in New York
WEEK = timedelta(weeks=1)
SLOT = timedelta(minutes=5)


def profile(rate: float = 4.0, **changes: object) -> Profile:
    """`rate` documents in every hour of the week, nearly without swings."""
    usual = {
        "week": ((rate,) * 24,) * 7, "holiday": None, "clump": 1.0, "lump": 1.0, "by_hour": 1e-9, "by_day": 1e-9,
        "level": 1e-9, "weeks": 8.0, "events": 1000.0, "longest_quiet": 0.0, "least_chance": 1.0,
    }  # fmt: skip
    return Profile(**usual | changes)


def outlook(rate: float = 4.0, *, days: Days | None = None, **changes: object) -> Outlook:
    return Outlook(profile(rate, **changes), days or Days(calendar(zone=ZONE)))


def feed(
    seed: int, *, a_day: float, weeks: int, by_day: float = 0.0, growth: float = 0.0,
    zone: str = ZONE, begins: datetime = BEGINS,
) -> tuple[dict[datetime, Seen], list[datetime]]:  # fmt: skip
    """Hours with what came, and the instants of it, on weekdays from 8 to 18 and little else."""
    rng = random.Random(seed)
    counts, arrivals, days = {}, [], {}
    for hour in hours(zone, begins, begins + weeks * WEEK):
        swing = days.setdefault(hour.day, math.exp(rng.gauss(0, math.sqrt(by_day)) - by_day / 2))
        grown = (1 + growth) ** ((hour.begins - begins) / WEEK)
        rate = a_day / 10 * _shape(hour) * swing * grown
        came = [n for n in range(12) for _ in range(_poisson(rng, rate / 12))]
        if came:
            counts[hour.begins] = Seen(len(came), len(set(came)))
            arrivals += [hour.begins + n * SLOT for n in sorted(set(came))]
    return counts, arrivals


def gaps(arrivals: list[datetime]) -> list[tuple[datetime, datetime]]:
    """The times without any, as far as they were long."""
    return [(a + SLOT, b) for a, b in pairwise(arrivals) if b - a > 4 * SLOT]


def _shape(hour) -> float:
    if hour.day.weekday() >= 5:
        return 0.1
    return 1.0 if 8 <= hour.hour < 18 else 0.02


def _poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, rng.random()
    term = math.exp(-mean)
    while left > term:
        left -= term
        count += 1
        term *= mean / count
    return count
