"""When somebody is told, and whether alone or together with the rest: what a rule says about time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from monitoring.alerting.digests import next_daily, next_hourly
from monitoring.alerting.quiet import Quiet, quiet_until

Timing = Literal["at_once", "hourly", "daily"]


@dataclass(frozen=True, slots=True)
class Plan:
    """`timing` of what begins; daily digests at `digest_minute`. `quiet`: minutes after local midnight from
    when to when nothing rings, or None; with `urgent_passes` severity 1 rings all the same."""

    timing: Timing
    digest_minute: int
    quiet: tuple[int, int] | None
    urgent_passes: bool


class Telling(NamedTuple):
    """At an instant; `together`: in one digest with everything that is kept for the same receiver."""

    at: datetime
    together: bool


def telling(plan: Plan, at: datetime, *, zone: ZoneInfo, severity: int, begins: bool) -> Telling:
    """When a receiver in `zone` is told of what happened at `at`. `begins`: it is the first they hear of
    it, which is what hourly and daily digests are for."""
    found = Telling(at, together=False)
    if begins and plan.timing == "hourly":
        found = Telling(next_hourly(at, zone=zone), together=True)
    elif begins and plan.timing == "daily":
        found = Telling(next_daily(at, minute=plan.digest_minute, zone=zone), together=True)
    if plan.quiet is None or (severity == 1 and plan.urgent_passes):
        return found
    until = quiet_until(Quiet(*plan.quiet, zone), found.at)
    return Telling(until, together=True) if until else found
