"""Figures of money as pages say them, and the charts of their months."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from billing.plans.month import Month
from billing.queries.margins import Figures
from integrations.views import spoken
from portal.core.charts.chart import Chart, Series
from portal.core.charts.shown import shown
from portal.core.charts.units import PERCENT, Unit
from portal.core.manner import number


def row(one: Figures, currency: str, *, floor: Decimal) -> dict[str, Any]:
    """Cells of a table; `is_low` where too little is left."""
    percent = one.true_percent
    return {
        "retail": spoken.amount(one.retail, currency),
        "wholesale": spoken.amount(one.wholesale, currency),
        "margin": spoken.amount(one.margin, currency),
        "percent": per_cent(one.percent),
        "minutes": number(one.minutes) if one.minutes else "none",
        "work": spoken.amount(one.work, currency),
        "infrastructure": spoken.amount(one.infrastructure, currency),
        "left": spoken.amount(one.left, currency),
        "true_percent": per_cent(percent),
        "documents": number(one.documents),
        "is_low": percent is not None and percent < floor,
        "is_loss": one.margin < 0,
    }


def per_cent(value: Decimal | None) -> str:
    return "none" if value is None else f"{number(value, 1)} %".replace("-", "−")


def charts(
    months: Sequence[Month], found: Mapping[str, Figures], currency: str, *, floor: Decimal
) -> list[dict[str, Any]]:
    """What was earned and what it cost, and what was left; none for fewer than two months."""
    told = [one for one in months if one.key in found]
    if len(told) < 2:
        return []
    last = found[told[-1].key]
    money = Unit(word=currency, say=number)
    earned = Chart(
        slug="earned", title="Earned and spent", kind="line", unit=money, x_label="Month",
        sentence=f"{told[-1].begins:%B}: {spoken.money(last.retail, currency)} earned,"
        f" {spoken.money(last.cost, currency)} spent on it.",
        series=[
            Series(label="earned", points=_points(told, {k: f.retail for k, f in found.items()})),
            Series(
                label="spent", points=_points(told, {k: f.cost for k, f in found.items()}),
                role="context", dashed=True,
            ),
        ],
    )  # fmt: skip
    percents = _points(told, {key: one.true_percent for key, one in found.items()})
    left = Chart(
        slug="left", title="True margin", kind="line", unit=PERCENT, x_label="Month",
        sentence=f"What is left after wholesale, people and machines; the floor is {floor:.0f} %.",
        series=[
            Series(label="left", points=percents),
            Series(
                label="floor", points=[(at, float(floor)) for at, _ in percents],
                role="context", dashed=True,
            ),
        ],
        from_zero=False,
    )  # fmt: skip
    return [shown(earned), shown(left)]


def _points(
    months: Sequence[Month], values: Mapping[str, Decimal | None]
) -> list[tuple[Any, float | None]]:
    """Each month at its first day."""
    found = [(one.begins, values.get(one.key)) for one in months]
    return [(at, None if value is None else float(value)) for at, value in found]
