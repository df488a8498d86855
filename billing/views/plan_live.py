"""The right side of the editor: what somebody would pay, the price of the next unit, and what to think of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict

from billing.domain import accounts, plan_checks, wholesale_prices
from billing.domain.plan_checks import Known, Warned
from billing.invoices import words
from billing.invoices.content import Line
from billing.models import Metric, Plan
from billing.plans import reading
from billing.plans.content import PlanContent
from billing.plans.example import lines_for
from billing.plans.fields import Problem
from billing.plans.margin import percent_of
from billing.plans.month import month
from billing.rating import UsageError
from billing.views import plan_chart, plan_usage
from billing.views.plan_fields import place_id
from billing.views.plan_usage import Asked, Real
from integrations.views import spoken
from portal.core.money import add_up

_BY_EVENT: Final = "percentage"


@dataclass(frozen=True, slots=True)
class About:
    """All that the right side is made of."""

    plan: Plan
    content: Mapping[str, Any]
    live: PlanContent | None
    metrics: Sequence[Metric]
    data: QueryDict | None

    @property
    def codes(self) -> list[str]:
        """The metrics that the draft counts, each once, in its order."""
        known = {one.code for one in self.metrics}
        named = [one["metric"] for one in self.content["charges"] if one["metric"] in known]
        return list(dict.fromkeys(named))


def shown(about: About, problems: Sequence[Problem]) -> dict[str, Any]:
    """{usage, example|None, chart|None, charts: which there are, said: what to think of, is_sound}."""
    mine = [one for one in about.metrics if one.code in about.codes]
    found = plan_usage.real(about.plan, mine)
    one = plan_usage.asked(about.data, about.codes, found)
    context: dict[str, Any] = {
        "usage": plan_usage.shown(one, found, mine),
        "example": None,
        "chart": None,
        "charts": [],
        "said": [],
        "is_sound": False,
    }
    if problems:
        return context
    content = reading.read(about.content)
    return context | _of_content(about, content, one, found)


def _of_content(about: About, content: PlanContent, one: Asked, found: Real) -> dict[str, Any]:
    of = month(accounts.month_now())
    mine = [metric for metric in about.metrics if metric.code in about.codes]
    wholesale = wholesale_prices.unit_prices(of, content.currency, mine)
    example, warned = _example(about, content, one, wholesale)
    known = Known(wholesale, found.by_metric if any(found.used.values()) else {})
    warned = [*plan_checks.warnings(content, known), *warned]
    return {
        "example": example,
        **_charts(about, content, found, wholesale),
        "said": [{"id": place_id(w.place) if w.place else "", "text": w.text} for w in warned],
        "is_sound": not warned,
    }


def _example(
    about: About, content: PlanContent, one: Asked, wholesale: Mapping[str, Decimal]
) -> tuple[dict[str, Any], list[Warned]]:
    try:
        lines = _lines(about, content, one)
        first = _sum(_lines(about, content, one, is_first=True))
    except UsageError as error:
        return {"trouble": str(error)}, []
    pays = _sum(lines)
    apart = wholesale_prices.outermost([m for m in about.metrics if m.code in about.codes])
    used = {code: amount for code, amount in one.amounts.items() if code in apart}
    costs = plan_checks.costs(used, wholesale, content.currency)
    made = {
        "lines": [_line(line, content.currency) for line in lines],
        "pays": spoken.amount(pays, content.currency),
        "currency": content.currency,
        "first": spoken.amount(first, content.currency) if first != pays else "",
        "was": _was(about, one, content.currency),
        **_margin(pays, costs, content.currency),
    }
    floor = accounts.entity().margin_floor
    return made, plan_checks.of_example(pays, costs, content.currency, floor=floor)


def _lines(
    about: About, content: PlanContent, one: Asked, *, is_first: bool = False
) -> tuple[Line, ...]:
    by_event = {charge.metric for charge in content.charges if charge.model == _BY_EVENT}
    return lines_for(
        content,
        one.usage(frozenset(by_event)),
        of=month(accounts.month_now()),
        units={metric.code: metric.unit for metric in about.metrics},
        is_first=is_first,
    )


def _sum(lines: Sequence[Line]) -> Decimal:
    return add_up(line.amount for line in lines)


def _line(line: Line, currency: str) -> dict[str, Any]:
    steps = list(words.steps_said(line, currency)) if words.needs_explaining(line) else []
    price = words.one_price(line)
    if price is not None and line.quantity is not None:
        steps = list(words.steps_said(line, currency))
    return {
        "name": line.name,
        "amount": spoken.amount(line.amount, currency),
        "steps": steps,
        "detail": line.detail,
    }


def _was(about: About, one: Asked, currency: str) -> str:
    """What is published would come to; nothing where that is in another currency or cannot be said."""
    if about.live is None or about.live.currency != currency:
        return ""
    try:
        return spoken.amount(_sum(_lines(about, about.live, one)), currency)
    except UsageError:
        return ""


def _margin(pays: Decimal, costs: Decimal | None, currency: str) -> dict[str, str]:
    if costs is None:
        return {"wholesale": "", "margin": ""}
    percent = percent_of(pays - costs, pays)
    said = f"{percent:.1f} %".replace("-", "−") if percent is not None else ""
    return {
        "wholesale": spoken.amount(costs, currency),
        "margin": spoken.amount(pays - costs, currency),
        "percent": said,
        "is_loss": "yes" if pays < costs else "",
    }


def _charts(
    about: About, content: PlanContent, found: Real, wholesale: Mapping[str, Decimal]
) -> dict[str, Any]:
    """The chart of the chosen charge, and which others may be chosen."""
    known = {one.code: one for one in about.metrics}
    counting = [one for one in content.charges if one.metric in known and one.model != "flat"]
    wanted = about.data.get("chart", "") if about.data else ""
    chosen = next((one for one in counting if one.key == wanted), counting[0] if counting else None)
    if chosen is None:
        return {"chart": None, "charts": []}
    made = plan_chart.chart(
        chosen, content, live=about.live, metric=known[chosen.metric], found=found, wholesale=wholesale
    )  # fmt: skip
    options = [{"value": c.key, "label": c.name, "chosen": c is chosen} for c in counting]
    return {"chart": made, "charts": options if len(options) > 1 else []}
