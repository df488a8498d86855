"""When comparisons run: every hour a light one, every night a full one, and after a stock count."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitoring.domain import reconcile_run
from monitoring.models import Reconciliation, ReconRun
from monitoring.queries import recon_counts
from portal.core import clock
from portal.jobs import lanes

HOUR: Final = timedelta(hours=1)
TICK: Final = timedelta(seconds=60)
Trigger = ReconRun.Trigger


def plan(one: Reconciliation) -> None:
    """Note when it is due next."""
    now = clock.now()
    one.light_due_at = now + HOUR if one.hourly and one.enabled else None
    one.full_due_at = next_night(one, now=now) if one.enabled else None
    one.save(update_fields=["light_due_at", "full_due_at"])
    lanes.wake("recon_clock")


def next_night(one: Reconciliation, *, now: datetime) -> datetime | None:
    """The next time the customer's clock shows the time of the full run. In the night the clocks go
    forward past it, it runs as if they had not."""
    if one.nightly_at is None:
        return None
    zone = ZoneInfo(one.customer.time_zone)
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    due = (datetime.combine(day, one.nightly_at, tzinfo=zone).astimezone(UTC) for day in days)
    return next(at for at in due if at > now)


def tick() -> int:
    """Begin what is due. Returns how many runs were begun."""
    now = clock.now()
    begun = 0
    for one in Reconciliation.objects.select_related("customer").filter(enabled=True):
        begun += _begin_due(one, now)
    return begun


def _begin_due(one: Reconciliation, now: datetime) -> bool:
    trigger, light = _what_is_due(one, now)
    if not trigger:
        return False
    if one.light_due_at and one.light_due_at <= now:
        one.light_due_at = now + HOUR
    if one.full_due_at and one.full_due_at <= now:
        one.full_due_at = next_night(one, now=now)
    one.save(update_fields=["light_due_at", "full_due_at"])
    return reconcile_run.begin(one, trigger, light=light) is not None


def _what_is_due(one: Reconciliation, now: datetime) -> tuple[str, bool]:
    """A full run goes before a light one; only stock has light ones that look at less."""
    if one.full_due_at and one.full_due_at <= now:
        return Trigger.NIGHTLY, False
    if one.kind == Reconciliation.Kind.INVENTORY and recon_counts.counted_since_last_run(one):
        return Trigger.COUNT, False
    if one.light_due_at and one.light_due_at <= now:
        return Trigger.HOURLY, one.kind == Reconciliation.Kind.INVENTORY
    return "", False
