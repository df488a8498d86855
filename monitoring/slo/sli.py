"""What can be promised: the indicators, what each counts, and how."""

from datetime import timedelta
from typing import Final, Literal, NamedTuple

from portal.core.words import gettext_noop

Measure = Literal["ratio", "percentile", "slots", "share"]
Method = Literal["Occurrences", "Timeslices", "RatioTimeslices"]
METHODS: Final[dict[Measure, tuple[Method, ...]]] = {
    "ratio": ("Occurrences",),
    "percentile": ("Occurrences",),
    "slots": ("Timeslices", "RatioTimeslices"),
    "share": ("RatioTimeslices", "Timeslices"),
}


class Sli(NamedTuple):
    """An indicator. `unit`: what is counted, in the plural.

    `title` is in the customer's words, with {limit} where the limit stands. `begins` and `ends`: what
    starts and stops its clock. `has_limit`: an objective says how long it may take. `in_hours`: only the
    customer's support hours count, and only while the ball is with us. `grades`: its limits differ by
    these.
    """

    name: str
    measure: Measure
    unit: str
    title: str
    begins: str
    ends: str
    has_limit: bool = True
    in_hours: bool = False
    grades: tuple[str, ...] = ("",)

    @property
    def by_time(self) -> bool:
        """Whether time is counted, and not things."""
        return self.measure in ("slots", "share")


_ALL: Final = (
    Sli("ingestion_latency", "percentile", gettext_noop("orders"),
        gettext_noop("New orders known to us within {limit}"),
        "placed or paid in the shop", "a valid order in the hub"),
    Sli("cutoff", "ratio", gettext_noop("orders"),
        gettext_noop("Orders at the warehouse before their cut-off"),
        "released 30 min or more before the cut-off", "accepted by the warehouse", has_limit=False),
    Sli("transmit_latency", "percentile", gettext_noop("orders"),
        gettext_noop("Orders at the warehouse within {limit}"),
        "released", "accepted by the warehouse"),
    Sli("confirmation_latency", "percentile", gettext_noop("shipments"),
        gettext_noop("Shipments confirmed to your shop within {limit}"),
        "shipment received", "shop and ERP updated"),
    Sli("freshness", "share", gettext_noop("minutes"),
        gettext_noop("Stock shown in your shops no older than {limit}"),
        "as of which the stock was reported", "the next report published"),
    Sli("edi_acknowledgement", "percentile", gettext_noop("documents"),
        gettext_noop("Trading partners acknowledged within {limit}"), "group received", "997 sent"),
    Sli("asn_timeliness", "percentile", gettext_noop("shipments"),
        gettext_noop("Shipping notices accepted within {limit}"),
        "truck departed", "856 accepted"),
    Sli("flow_availability", "slots", gettext_noop("slots"),
        gettext_noop("Order flow open for business"),
        "a slot of 5 min", "its end", has_limit=False),
    Sli("exception_acknowledge", "ratio", gettext_noop("problems"),
        gettext_noop("Problems answered in time"),
        "problem opened", "first looked at by a person", in_hours=True, grades=("1", "2", "3")),
    Sli("exception_resolve", "ratio", gettext_noop("problems"),
        gettext_noop("Problems solved in time"),
        "problem opened", "solved", in_hours=True, grades=("1", "2", "3")),
    Sli("reconciliation_accuracy", "ratio", gettext_noop("counts"),
        gettext_noop("Stock counts that agree"),
        "nightly comparison", "its end", has_limit=False),
    Sli("data_loss", "ratio", gettext_noop("documents"),
        gettext_noop("No document lost"),
        "document received", "accounted for", has_limit=False),
)  # fmt: skip
SLIS: Final = {sli.name: sli for sli in _ALL}


_SIZES: Final = ((3600, "hour"), (60, "minute"), (1, "second"))


def limit_words(limit: timedelta) -> str:
    """`15 minutes`, `60 minutes`, `2 hours`, `90 seconds`."""
    seconds = int(limit.total_seconds())
    sizes = _SIZES if seconds >= 7200 else _SIZES[1:]
    size, word = next((size, word) for size, word in sizes if seconds % size == 0)
    count = seconds // size
    return f"{count:,} {word}{'' if count == 1 else 's'}"
