"""What was recorded, as an objective is measured from it. Nothing here knows of a limit: another limit gives
other figures from the same evidence."""

from datetime import datetime
from typing import NamedTuple

from monitoring.clocks.turns import Party


class Hold(NamedTuple):
    """`party` held things up from `began` until it `ended`, or still does. `id` names what proves it."""

    party: Party
    reason: str
    began: datetime
    ended: datetime | None = None
    id: str = ""


class Event(NamedTuple):
    """One thing that was promised in time: an order on its way, a case to be answered.

    `due`: a moment of its own, such as a cut-off, that goes before the objective's limit. `grade`: which
    of the limits, such as a severity. `holds`: who had it when; what nobody held was with us. `void`: it
    was not wanted any more when it ended, so it counts only if it was too late by then.
    """

    id: str
    began: datetime
    ended: datetime | None = None
    due: datetime | None = None
    grade: str = ""
    holds: tuple[Hold, ...] = ()
    void: bool = False


class Batch(NamedTuple):
    """So many things looked at in one go, of which some failed: a reconciliation's run, a day's books."""

    id: str
    at: datetime
    total: int
    missed: int
    party: Party = "us"
    reason: str = ""


class Track(NamedTuple):
    """Something that should work all the time, and when it did not, and by whom.

    `weight`: how many alike it stands for. `begins`: since when it counts; None for always.
    """

    id: str
    bad: tuple[Hold, ...]
    weight: int = 1
    begins: datetime | None = None


class Reading(NamedTuple):
    """Data published at an instant, as its source had it at `as_of`."""

    published_at: datetime
    as_of: datetime
    id: str = ""


class Feed(NamedTuple):
    """All that was published for one place, such as a site's stock in a shop.

    `weight`: of how many SKUs. `holds`: who held the next data up when; what nobody held was with us.
    `begins`: since when it counts, if later than its first publication.
    """

    id: str
    readings: tuple[Reading, ...]
    weight: int = 1
    holds: tuple[Hold, ...] = ()
    begins: datetime | None = None


Evidence = Event | Batch | Track | Feed
