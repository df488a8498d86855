"""How much of what comes passes at once, week by week."""

from datetime import UTC, datetime, timedelta
from typing import Final

from integrations.queries import volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import Window

WEEKS: Final = 12
_WEEK: Final = timedelta(days=7)


def weekly(now: datetime) -> dict[int, list[float | None]]:
    """By customer, the share in percent of its order documents that were not held, for each of the last
    12 weeks up to the end of today (UTC), the oldest first. None for a week without any."""
    window = _weeks(now)
    weeks = volumes.series(
        window, level=2, keys=("customer_id",), every=_WEEK, object_type="order", direction="in"
    )
    return {key[0]: _shares(sums, window) for key, sums in weeks.items()}


def _weeks(now: datetime) -> Window:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    end = today + timedelta(days=1)
    return Window(end - WEEKS * _WEEK, end)


def _shares(sums: dict[datetime, Volume], window: Window) -> list[float | None]:
    beginnings = [window.start + week * _WEEK for week in range(WEEKS)]
    return [_share(sums.get(at, Volume())) for at in beginnings]


def _share(week: Volume) -> float | None:
    """A document may be held more than once: below nothing there is nothing."""
    came = week.received - week.unchanged
    return round(max(100 * (1 - week.held / came), 0.0), 1) if came > 0 else None
