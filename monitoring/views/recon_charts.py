"""How the runs of a reconciliation went on, as charts: what agreed, what drifted, what may be oversold."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from integrations.views import spoken
from monitoring.queries.recon_listed import Point
from monitoring.reconcile import amount, signed
from monitoring.views import recon_words
from portal.core.charts import units
from portal.core.charts.chart import Chart, Series
from portal.core.charts.chart import Point as At
from portal.core.charts.shown import shown as drawn
from portal.core.charts.units import Unit

FEWEST: Final = 2  # runs that make a line
_MOST_SITES: Final = 6
_TENTH: Final = Decimal("0.1")


def _tenths(value: float) -> str:
    return signed(amount(Decimal(repr(value)).quantize(_TENTH)))


_A_DAY: Final = Unit(word="units a day", say=_tenths, least_step=0.1)
_ITEMS: Final = units.counted("items")
_UNITS: Final = Unit(word="units", say=_ITEMS.say)


def of(points: Sequence[Point], *, stock: bool, channels: bool) -> list[dict[str, Any]]:
    """What components/chart.html takes, each with `empty`, the sentence that stands for it; none for fewer
    than two runs. `points`: oldest first. `channels`: whether any channel's stock is compared."""
    if len(points) < FEWEST:
        return []
    found = [_agreement(points, what="pairs" if stock else "documents")]
    if stock:
        found.append(_drift(points))
        found += [_oversold(points), _oversold_units(points)] if channels else []
    return found


def nothing(points: Sequence[Point]) -> str:
    """What stands in the place of charts that two runs would make."""
    if not points:
        return "How it goes on is drawn from the second full run on. There is none yet."
    first = spoken.moment(points[0].at)
    return f"How it goes on is drawn from the second full run on. The first was {first}."


def _agreement(points: Sequence[Point], *, what: str) -> dict[str, Any]:
    last = points[-1]
    said = [f"{recon_words.rate({'by_sku': last.by_sku})} of the {what} agreed"]
    by_item = [(one.at, _per_cent(one.by_sku)) for one in points if one.by_sku is not None]
    by_value = [(one.at, _per_cent(one.by_value)) for one in points if one.by_value is not None]
    series = [Series(label="by item" if what == "pairs" else "agree", points=by_item)]
    if last.by_value is not None:
        said.append(f"{recon_words.rate({'by_sku': last.by_value})} of the worth")
    if len(by_value) >= FEWEST:
        series.append(Series(label="by value", points=by_value, role="context", dashed=True))
    return _page(
        Chart(
            slug="agreement",
            title="Match rate",
            sentence=f"{spoken.moment(last.at)}: {', '.join(said)}.",
            kind="line",
            series=series,
            unit=units.PERCENT,
            zone=timezone.get_current_timezone(),
            x_label="Run at",
            from_zero=False,
        ),
        empty="The runs had nothing to compare.",
    )


def _per_cent(rate: float | None) -> float:
    """Cut and not rounded, as the figures are: 99.999 is not all of it."""
    return int(Decimal(str(rate or 0)) * 10_000) / 100


def _drift(points: Sequence[Point]) -> dict[str, Any]:
    lines, now = _lines_by_site(points), points[-1].drift
    ranked = sorted(lines, key=lambda site: (site not in now, -abs(now.get(site) or 0), site))
    worst = ranked[:_MOST_SITES]
    said = [f"{site} by {_tenths(slope)}" for site in worst if (slope := now.get(site))]
    sentence = f"{', '.join(said)} units a day." if said else "no site moves away from its ERP."
    if len(lines) > _MOST_SITES:
        sentence += f" The {_MOST_SITES} of {len(lines)} sites that drift most."
    return _page(
        Chart(
            slug="drift",
            title="Drift",
            sentence=f"{spoken.moment(points[-1].at)}: {sentence}",
            kind="line",
            series=[_site(site, lines[site], n) for n, site in enumerate(worst)],
            unit=_A_DAY,
            zone=timezone.get_current_timezone(),
            x_label="Run at",
        ),
        empty="Drift is drawn once two full runs are a day after the first.",
    )


def _lines_by_site(points: Sequence[Point]) -> dict[str, list[At]]:
    sites = dict.fromkeys(site for one in points for site in one.drift)
    lines = {site: list(_of_site(points, site)) for site in sites}
    return {site: line for site, line in lines.items() if len(line) >= FEWEST}


def _of_site(points: Sequence[Point], site: str) -> Iterable[At]:
    for one in points:
        slope = one.drift.get(site)
        if slope is not None:
            yield one.at, round(slope, 1)


def _site(site: str, line: Sequence[At], place: int) -> Series:
    """The one that drifts most has the accent."""
    if place == 0:
        return Series(label=site, points=line)
    return Series(label=site, points=line, role="context", dashed=place > 1)


def _oversold(points: Sequence[Point]) -> dict[str, Any]:
    many = spoken.counted(points[-1].oversell, "item")
    said = f"channels promise more of {many} than is free"
    line: list[At] = [(one.at, one.oversell) for one in points]
    return _risk(points, line, of=_ITEMS, said=said)


def _oversold_units(points: Sequence[Point]) -> dict[str, Any]:
    many = recon_words.quantity(points[-1].oversell_units)
    said = f"{many} units are promised that no site has free"
    line: list[At] = [(one.at, float(amount(one.oversell_units))) for one in points]
    return _risk(points, line, of=_UNITS, said=said)


def _risk(points: Sequence[Point], line: Sequence[At], *, of: Unit, said: str) -> dict[str, Any]:
    last = points[-1]
    said = said if last.oversell else "no channel promises more than is free"
    return _page(
        Chart(
            slug=f"oversold-{of.word}",
            title=f"Oversell risk, {of.word}",
            sentence=f"{spoken.moment(last.at)}: {said}.",
            kind="line",
            series=[Series(label="promised beyond what is free", points=line)],
            unit=of,
            zone=timezone.get_current_timezone(),
            x_label="Run at",
        ),
        empty="",
    )


def _page(chart: Chart, *, empty: str) -> dict[str, Any]:
    return {**drawn(chart), "empty": empty}
