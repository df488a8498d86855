"""Quiet hours: local hours in which nothing rings that can wait."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.customers.local_time import instant

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` to `ends`, in minutes after local midnight; over midnight where `ends` comes first.

    ValueError for hours that begin and end at the same time: nobody could be told anything.
    """

    begins: int
    ends: int
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise ValueError("Quiet hours begin and end at different times.")


def quiet_until(quiet: Quiet, at: datetime) -> datetime | None:
    """When the quiet hours end that the instant `at` lies in, in UTC; None when it lies in none."""
    today = at.astimezone(quiet.zone).date()
    over_midnight = _DAY if quiet.ends < quiet.begins else timedelta(0)
    for day in (today - _DAY, today):
        begins = instant(day, quiet.begins, zone=quiet.zone)
        ends = instant(day + over_midnight, quiet.ends, zone=quiet.zone)
        if begins <= at < ends:
            return ends.astimezone(UTC)
    return None
