"""One look at everything that time and cases do to alerts, in the order that leaves nothing half told."""

from datetime import timedelta

from monitoring.domain.alerts import courses, digests, ending, raising
from monitoring.domain.alerts.receivers import Directory
from monitoring.models import Alert, AlertMessage, AlertRule
from portal.core import clock
from portal.jobs.kinds import Turn
from portal.tenants.site import current_site

TICK = timedelta(seconds=15)


def work() -> Turn:
    """End what is over, raise what began, take the steps that are due, send what was kept together."""
    if not _is_needed():
        return Turn(0)
    site, now = current_site(), clock.now()
    directory = Directory(site)
    done = ending.end_closed(site, now=now) + ending.end_switched_off(site, now=now)
    done += ending.note_acknowledged(site, now=now)
    raising.keep_severity()
    done += raising.raise_cases(directory, now=now)
    done += courses.move_on(directory, now=now)
    done += digests.gather(site, now=now)
    return Turn(done, now + TICK)


def _is_needed() -> bool:
    """Without a rule, an alert and a message there is nothing to look for: a new rule wakes the lane."""
    return (
        AlertRule.objects.filter(is_on=True).exists()
        or Alert.objects.filter(over_at=None).exists()
        or AlertMessage.objects.filter(state=AlertMessage.State.HELD).exists()
    )
