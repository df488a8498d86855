"""The figures of a run: how much agrees, how far apart the rest is, and what may be oversold."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from monitoring.reconcile.agreeing import Judged, Seen
from monitoring.reconcile.amounts import Amount, plain
from monitoring.reconcile.comparing import Result

_DAY: Final = timedelta(days=1)


class Metrics(NamedTuple):
    """Rates 0 to 1, None without pairs. `by_sku` counts pairs, `by_value` what they are worth.

    `variance`: all gaps without signs, as a share of what is on hand; `net` with signs, in units.
    `mean_age`: of the gaps there are, in days. `phantom`: pairs with stock at the left side only.
    """

    by_sku: Fraction | None
    by_value: Fraction | None
    variance: Fraction | None
    net: Amount
    off_value: Decimal
    mean_age: Fraction
    phantom: int


def metrics(result: Result, judged: Sequence[Judged]) -> Metrics:
    """Of one run."""
    tallies = result.tallies.values()
    pairs, units = sum(t.pairs for t in tallies), sum(t.units for t in tallies)
    value = sum((t.value for t in tallies), Decimal(0))
    ages = [Fraction((result.at - one.first_seen) / _DAY) for one in judged]
    return Metrics(
        by_sku=_share(sum(t.agreed for t in tallies), pairs),
        by_value=_share(sum((t.agreed_value for t in tallies), Decimal(0)), value),
        variance=_share(sum(t.off for t in tallies), units),
        net=plain(sum((t.net for t in tallies), Fraction(0))),
        off_value=sum((t.off_value for t in tallies), Decimal(0)),
        mean_age=Fraction(sum(ages), len(ages)) if ages else Fraction(0),
        phantom=sum(t.phantom for t in tallies),
    )


def _share(part: Amount | Decimal, whole: Amount | Decimal) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole else None


def drift(net: Sequence[Seen]) -> Fraction | None:
    """How the net variance of a location changes a day: the slope of the straight line nearest to it.

    `net` in order of time. None while the first and the last are less than a day apart: two runs within
    an hour would make thousands a day of a few pieces.
    """
    if not net or net[-1].at - net[0].at < _DAY:
        return None
    first = net[0].at
    days = [Fraction((seen.at - first) / timedelta(seconds=1)) / 86_400 for seen in net]
    mean_day = sum(days, Fraction(0)) / len(days)
    mean_gap = sum((Fraction(seen.gap) for seen in net), Fraction(0)) / len(net)
    up = sum(
        (day - mean_day) * (Fraction(seen.gap) - mean_gap)
        for day, seen in zip(days, net, strict=True)
    )
    return Fraction(up) / sum((day - mean_day) ** 2 for day in days)


class Oversell(NamedTuple):
    """A channel promises more than the warehouse has free."""

    channel: str
    sku: str
    published: Amount
    available: Amount

    @property
    def short(self) -> Amount:
        return self.published - self.available


def oversell_risk(
    published: Iterable[tuple[str, str, Amount]], available: Mapping[str, Amount]
) -> list[Oversell]:
    """Channel, SKU and what is published there, against what all sites together have free of it.

    A SKU that no site reports has nothing. The worst first.
    """
    found = [
        Oversell(channel, sku, shown, available.get(sku, 0)) for channel, sku, shown in published
    ]
    risky = [one for one in found if one.published > max(0, one.available)]
    return sorted(risky, key=lambda one: (-one.short, one.channel, one.sku))
