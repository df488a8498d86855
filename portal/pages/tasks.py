"""The door through which workers come in."""

from portal.jobs.kinds import Turn, kind
from portal.pages.brand_scan import keeping


@kind(keeping.LANE)
def brand_scan_lane(key: str) -> Turn:
    """One step of the look through the house that somebody asked for."""
    return Turn(int(keeping.go_on()))
