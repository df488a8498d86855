"""What is usually promised, by the tier of a customer."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.slo.objective import Objective
from monitoring.slo.sli import METHODS, SLIS
from monitoring.slo.windows import SLOT, TimeWindow

Tier = Literal["standard", "premium"]
TIERS: Final[tuple[Tier, ...]] = ("standard", "premium")
SLICE_TARGET: Final = Decimal("0.8")  # closed for more than a minute of five
_DAY: Final = 12 * 60  # a business day of the usual calendar, in minutes


class _Usual(NamedTuple):
    """Targets and limits in minutes, of standard and premium."""

    targets: tuple[str, str]
    limits: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {})


def _same(target: str, standard: int, premium: int) -> _Usual:
    return _Usual((target, target), ({"": standard}, {"": premium}))


_USUAL: Final = {
    "ingestion_latency": _same("0.95", 15, 5),
    "cutoff": _Usual(("0.98", "0.995")),
    "transmit_latency": _same("0.95", 15, 5),
    "confirmation_latency": _same("0.95", 30, 10),
    "freshness": _same("0.99", 60, 15),
    "edi_acknowledgement": _same("0.99", 60, 15),
    "asn_timeliness": _same("0.95", 60, 30),
    "flow_availability": _Usual(("0.995", "0.999")),
    "exception_acknowledge": _Usual(
        ("0.95", "0.95"), ({"1": 30, "2": 240, "3": _DAY}, {"1": 15, "2": 60, "3": _DAY // 2})
    ),
    "exception_resolve": _Usual(
        ("0.95", "0.95"),
        ({"1": 240, "2": _DAY, "3": 5 * _DAY}, {"1": 120, "2": 240, "3": 3 * _DAY}),
    ),
    "reconciliation_accuracy": _Usual(("0.98", "0.995")),
    "data_loss": _Usual(("1", "1")),
}


def default(sli: str, tier: Tier, *, service: str, zone: str) -> Objective:
    """The usual objective of an indicator for a calendar month. KeyError for an unknown one or tier."""
    indicator, usual, at = SLIS[sli], _USUAL[sli], {"standard": 0, "premium": 1}[tier]
    method = METHODS[indicator.measure][0]
    return Objective(
        name=sli.replace("_", "-"),
        service=service,
        sli=indicator,
        target=Decimal(usual.targets[at]),
        window=TimeWindow("M", zone=zone),
        method=method,
        limits={grade: timedelta(minutes=n) for grade, n in usual.limits[at].items()},
        slice_target=SLICE_TARGET if method == "Timeslices" else None,
        slice_window=None if method == "Occurrences" else SLOT,
    )


def defaults(tier: Tier, *, service: str, zone: str) -> list[Objective]:
    """All usual objectives of a tier."""
    return [default(sli, tier, service=service, zone=zone) for sli in _USUAL]
