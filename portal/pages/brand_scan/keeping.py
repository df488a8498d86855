"""A scan that somebody asked for: its lane takes one step after the other and keeps what came of each."""

from datetime import timedelta
from typing import Final

from portal.core import clock
from portal.jobs import lanes
from portal.pages.brand_scan.scanning import STEPS, Result, look
from portal.tenants.current import current_schema
from portal.tenants.models import BrandScan, Partner

LANE: Final = "brand_scan"
_LOST_AFTER: Final = timedelta(hours=1)  # then it is asked for anew, whatever became of it


def last(partner: Partner) -> BrandScan | None:
    """The last one of a partner, at work or ended."""
    return BrandScan.objects.filter(partner=partner).first()


def begin(partner: Partner, *, by: str) -> bool:
    """Begin one, in the partner's schema; whether one began: not while another is at work."""
    now, own = clock.now(), last(partner)
    if own and own.ended_at is None and now - own.asked_at < _LOST_AFTER:
        return False
    fresh = {"asked_at": now, "asked_by": by, "ended_at": None, "at_work": "", "done": [], "unfinished": [],
             "found": {}}  # fmt: skip
    BrandScan.objects.update_or_create(partner=partner, defaults=fresh)
    lanes.wake(LANE)
    return True


def go_on() -> bool:
    """Take the next step of the scan of this schema; whether there was one to take.

    A step that ended its worker is not taken twice: it stands in `unfinished`, and the scan goes on.
    """
    own = BrandScan.objects.filter(partner__schema_name=current_schema(), ended_at=None).first()
    if own is None:
        return False
    if own.at_work:
        own.unfinished.append(own.at_work)
    left = [step for step in STEPS if step not in own.done and step not in own.unfinished]
    own.at_work = left[0] if left else ""
    own.ended_at = None if left else clock.now()
    own.save()
    if not left:
        return False
    result = Result.read(own.found)
    result.merge(look(left[0]))
    own.done.append(left[0])
    own.at_work, own.found = "", result.as_json()
    own.ended_at = None if left[1:] else clock.now()
    own.save()
    return True
