"""The way of an order line after it was sent: the first step that is missing, and what must agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from monitoring.reconcile.amounts import Amount, shown

Step = Literal[
    "sent",
    "acknowledged",
    "accepted",
    "shipped",
    "erp_posted",
    "channel_told",
    "retailer_told",
    "first_scan",
    "delivered",
]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
_WORDS: Final[Mapping[Step, str]] = MappingProxyType(
    {
        "sent": "sent to the warehouse (940)",
        "acknowledged": "acknowledged (997)",
        "accepted": "accepted by the warehouse",
        "shipped": "reported as shipped (945)",
        "erp_posted": "booked in the ERP",
        "channel_told": "told to the channel with its tracking",
        "retailer_told": "announced to the retailer (856)",
        "first_scan": "scanned by the carrier",
        "delivered": "delivered",
    }
)
_HOUR: Final = timedelta(hours=1)
# How long after the step before it each may take.
LAGS: Final[Mapping[Step, timedelta]] = MappingProxyType(
    {
        "sent": _HOUR / 4,
        "acknowledged": 4 * _HOUR,
        "accepted": 4 * _HOUR,
        "shipped": 24 * _HOUR,
        "erp_posted": _HOUR / 2,
        "channel_told": _HOUR / 2,
        "retailer_told": _HOUR,
        "first_scan": 48 * _HOUR,
        "delivered": 7 * 24 * _HOUR,
    }
)
# What 945, ERP delivery, channel and invoice follow from.
_AFTER_SHIPPED: Final = ("erp_posted", "channel_told", "retailer_told", "first_scan")


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
    if step in _AFTER_SHIPPED:
        return step == "first_scan" and "delivered" in trail.happened
    return any(one in trail.happened for one in later)


def _late(trail: LineTrail, step: Step, due: datetime) -> MissingStep:
    text = (
        f"Line {trail.line_no} of order {trail.order} ({trail.sku}) should have been {_WORDS[step]}"
        f" by {due:%d %b %H:%M} UTC."
    )
    return MissingStep(trail.order, trail.line_no, trail.sku, step, due, text)


class Shipped(NamedTuple):
    """What each system says was shipped of one order line. None: it does not say, or not yet."""

    order: str
    line_no: str
    sku: str
    reported: Amount
    erp: Amount | None = None
    channel: Amount | None = None
    invoiced: Amount | None = None


class Disagreement(NamedTuple):
    """Systems that say another quantity than the 945."""

    line: Shipped
    sentence: str


def disagreeing(lines: Iterable[Shipped]) -> list[Disagreement]:
    """Shipped = ERP delivery = channel = invoice, for the lines where it is not."""
    found = []
    for line in sorted(lines, key=lambda one: (one.order, one.line_no, one.sku)):
        said = {"the ERP": line.erp, "the channel": line.channel, "the invoice": line.invoiced}
        other = [
            f"{name} says {shown(q)}" for name, q in said.items() if q not in (None, line.reported)
        ]  # type: ignore[arg-type]
        if other:
            text = f"{shown(line.reported)} {line.sku} of order {line.order} were shipped, and"
            found.append(Disagreement(line, f"{text} {' and '.join(other)}."))
    return found


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


def label_only(
    trails: Iterable[LineTrail], *, at: datetime, after: timedelta = LAGS["first_scan"]
) -> list[str]:
    """Orders that were reported as shipped so long ago, and no carrier has seen: only a label was made."""
    found = {
        trail.order
        for trail in trails
        if "first_scan" in trail.steps
        and "shipped" in trail.happened
        and not {"first_scan", "delivered"} & set(trail.happened)
        and at - trail.happened["shipped"] > after
    }
    return sorted(found)
