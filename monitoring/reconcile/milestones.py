"""The way of an order line after it was sent: the first step that is missing, and what must agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

Step = Literal["sent", "acknowledged", "shipped", "erp_posted", "channel_told"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
_WORDS: Final[Mapping[Step, str]] = MappingProxyType(
    {
        "sent": "sent to the warehouse (940)",
        "acknowledged": "acknowledged (997)",
        "shipped": "reported as shipped (945)",
        "erp_posted": "booked in the ERP",
        "channel_told": "told to the channel with its tracking",
    }
)
_HOUR: Final = timedelta(hours=1)
# How long after the step before it each may take.
LAGS: Final[Mapping[Step, timedelta]] = MappingProxyType(
    {
        "sent": _HOUR / 4,
        "acknowledged": 4 * _HOUR,
        "shipped": 24 * _HOUR,
        "erp_posted": _HOUR / 2,
        "channel_told": _HOUR / 2,
    }
)
_AFTER_SHIPPED: Final = ("erp_posted", "channel_told")


class LineTrail(NamedTuple):
    """One order line: when it was released, and when each step happened. `steps`: those it has to take,
    in the order of STEPS; one that nobody tells us of is left out."""

    order: str
    line_no: str
    sku: str
    released_at: datetime
    steps: tuple[Step, ...]
    happened: Mapping[Step, datetime]


class MissingStep(NamedTuple):
    """The first step that did not come in its time."""

    order: str
    line_no: str
    sku: str
    step: Step
    due_at: datetime
    sentence: str


def first_missing(
    trails: Iterable[LineTrail], *, at: datetime, lags: Mapping[Step, timedelta] = LAGS
) -> list[MissingStep]:
    """For each line whose next step is overdue, that step and no later one. The longest overdue first.

    A later step proves the earlier ones: what was shipped was accepted, whatever the acknowledgement did.
    """
    found = [one for one in (_missing(trail, at, lags) for trail in trails) if one]
    return sorted(found, key=lambda one: (one.due_at, one.order, one.line_no))


def _missing(trail: LineTrail, at: datetime, lags: Mapping[Step, timedelta]) -> MissingStep | None:
    before = trail.released_at
    for step in STEPS:
        if step in trail.happened:
            before = trail.happened[step]
        elif step in trail.steps and not _is_proven(step, trail):
            due = before + lags[step]
            return _late(trail, step, due) if due < at else None
    return None


def _is_proven(step: Step, trail: LineTrail) -> bool:
    """What follows from shipping is told side by side, so none of those proves another."""
    later = STEPS[STEPS.index(step) + 1 :]
    return step not in _AFTER_SHIPPED and any(one in trail.happened for one in later)


def _late(trail: LineTrail, step: Step, due: datetime) -> MissingStep:
    text = (
        f"Line {trail.line_no} of order {trail.order} ({trail.sku}) should have been {_WORDS[step]}"
        f" by {due:%d %b %H:%M} UTC."
    )
    return MissingStep(trail.order, trail.line_no, trail.sku, step, due, text)


class Report(NamedTuple):
    """One 945 as it came. `content`: a hash of what it says."""

    site: str
    shipment: str
    order: str
    content: bytes
    at: datetime
    tracking: tuple[str, ...] = ()


class Repeated(NamedTuple):
    """A shipment that was told more than once: `copies` said nothing new, `versions` are what it says."""

    site: str
    shipment: str
    copies: int
    versions: int


def repeated(reports: Iterable[Report]) -> list[Repeated]:
    """The same shipment with the same content is ignored; with another content it is a new version."""
    by_shipment: dict[tuple[str, str], list[Report]] = defaultdict(list)
    for report in reports:
        by_shipment[report.site, report.shipment].append(report)
    found = []
    for (site, number), told in sorted(by_shipment.items()):
        versions = len({report.content for report in told})
        if len(told) > 1:
            found.append(Repeated(site, number, len(told) - versions, versions))
    return found


class ReusedTracking(NamedTuple):
    """One tracking number on shipments of several orders."""

    tracking: str
    orders: tuple[str, ...]


def reused_tracking(reports: Iterable[Report]) -> list[ReusedTracking]:
    """Tracking numbers that several orders name, in order of the number."""
    orders: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        for number in report.tracking:
            orders[number].add(report.order)
    return [
        ReusedTracking(number, tuple(sorted(found)))
        for number, found in sorted(orders.items())
        if len(found) > 1
    ]
