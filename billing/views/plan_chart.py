"""What the next unit of a charge costs, drawn as steps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from billing.models import Metric
from billing.plans.content import PlanCharge, PlanContent
from billing.plans.next_unit import PriceStep, price_steps
from billing.views import plan_side
from billing.views.plan_usage import Real
from portal.core.charts.steps import StepChart, StepLine, shown
from portal.core.charts.units import Unit
from portal.core.money import Money
from portal.core.money_format import format_money

_ROOM: Final = Decimal("1.25")


def chart(
    charge: PlanCharge,
    content: PlanContent,
    *,
    live: PlanContent | None,
    metric: Metric,
    found: Real,
    wholesale: Mapping[str, Decimal],
) -> dict[str, Any] | None:
    """As `components/chart.html` takes it; None for a charge that has no price of a unit."""
    proposed = price_steps(charge)
    if not proposed:
        return None
    before = _before(charge, live)
    lines = [StepLine(label="proposed" if before else "price", steps=proposed)]
    if before:
        lines.append(StepLine(label="now", steps=before, role="context", dashed=True))
    if (cost := wholesale.get(charge.metric)) is not None:
        lines.append(StepLine(label="wholesale", steps=[(Decimal(0), cost)], role="warn"))
    used = found.amounts(charge.metric)
    return shown(
        StepChart(
            slug="next-unit",
            title=f"Price of the next {metric.unit}",
            sentence=_sentence(used, found),
            x_label=f"{metric.name} a month",
            lines=lines,
            unit=_unit(charge, content.currency),
            until=_until([*proposed, *before], used),
            ticks=used,
        )
    )


def _before(charge: PlanCharge, live: PlanContent | None) -> tuple[PriceStep, ...]:
    """What is published of the charge, where it is another price."""
    old = next((one for one in live.charges if one.key == charge.key), None) if live else None
    if old is None or old.metric != charge.metric:
        return ()
    steps = price_steps(old)
    return () if steps == price_steps(charge) else steps


def _unit(charge: PlanCharge, currency: str) -> Unit:
    if charge.model in ("percentage", "graduated_percentage"):
        return Unit(word="%", say=lambda value: f"{value:g} %")
    return Unit(word=currency, say=lambda value: _money(value, currency))


def _money(value: float, currency: str) -> str:
    return format_money(Money(Decimal(f"{value:.6f}"), currency))


def _sentence(used: Sequence[Decimal], found: Real) -> str:
    if not used:
        return "By how many there are in a month already."
    who = plan_side.counted(len(used))
    return f"By how many there are in a month already; the marks below are {who} in {found.of.begins:%B}."


def _until(steps: Sequence[PriceStep], used: Sequence[Decimal]) -> Decimal:
    """A little beyond where the last step begins, and beyond most of what is used."""
    edges = [one.above for one in steps] + list(used)
    return max(edges, default=Decimal(0)) * _ROOM or Decimal(1000)
