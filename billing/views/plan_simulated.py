"""What a draft would have brought, as pages show it: customers by their change, then the months of one."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts, simulate
from billing.models import Plan, PlanVersion, Simulation
from billing.plans import effect
from billing.plans.effect import Effect, Effects, MonthEffect
from billing.plans.month import month
from billing.plans.price_words import number
from billing.views import plan_side
from integrations.formats.table_cells import guarded
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import manner
from portal.core.money import add_up

State = Simulation.State
_COLUMNS = (
    "account", "month", "units", "before", "after", "change", "wholesale", "currency", "trouble",
)  # fmt: skip
MOST = 100  # on the editor; the page of its own and the file have all of them


def part(plan: Plan, draft: PlanVersion | None) -> dict[str, Any]:
    """The newest simulation below the editor, and whether it is of these prices."""
    newest = simulate.newest(plan)
    context: dict[str, Any] = {"months": simulate.MONTHS, "made": None}
    if newest is None:
        return context
    is_old = draft is not None and draft.content != newest.content
    made = shown(newest, chosen="", most=MOST)
    return context | {"made": made, "is_old": is_old, "newest": newest}


def shown(one: Simulation, *, chosen: str, most: int = 1000) -> dict[str, Any]:
    """Everything about a simulation; `chosen`: the account whose months are shown."""
    currency = one.content["currency"]
    made: dict[str, Any] = {
        "id": one.pk,
        "url": f"/plans/{one.plan.slug}/simulations/{one.pk}/",
        "currency": currency,
        "about": _about(one),
        "trouble": one.trouble,
        "progress": None,
        "rows": [],
    }
    if one.state == State.WAITING:
        text = f"{manner.number(one.done)} of {plan_side.counted(one.of)} rated twice"
        return made | {"progress": {"done": one.done, "total": max(one.of, 1), "text": text}}
    months = effect.read(one.result)
    found = effect.effects(months)
    return made | _of_effects(found, currency, most) | _months(one, found, months, chosen)


def _about(one: Simulation) -> str:
    first, last = simulate.months_of(one)[0], month(one.until)
    whom = f"all {plan_side.many()}" if one.everyone else f"{plan_side.many()} on this plan"
    at = spoken.moment(one.asked_at)
    return f"{first.begins:%b %Y} to {last.begins:%b %Y}, {whom}, by {one.asked_by} at {at}"


def _of_effects(found: Effects, currency: str, most: int) -> dict[str, Any]:
    widest = max((abs(one.change) for one in found.accounts), default=Decimal(0))
    floor = accounts.entity().margin_floor
    rows = [_row(one, currency, widest=widest, floor=floor) for one in found.accounts]
    return {
        "rows": rows[:most],
        "left_out": max(len(rows) - most, 0),
        "total": _row(found.total, currency, widest=Decimal(0), floor=floor),
        "has_margin": found.total.wholesale is not None,
        "sentence": sentence(found, currency),
        "below": [one.name for one in found.accounts if _is_below(one, floor)],
        "floor": f"{number(floor)} %",
    }


def sentence(found: Effects, currency: str) -> str:
    """Revenue −4.5 %, −3,914.49 USD. 3 customers pay less, 3 pay more."""
    if not found.accounts:
        return f"No {plan_side.one()} had anything to compare in these months."
    total = found.total
    amount = spoken.amount(total.change, currency, signed=True)
    percent = (
        f"{_percent(total.change / total.before * 100, signed=True)}, " if total.before else ""
    )
    more = manner.number(found.losers) if found.losers else "none"
    moved = f"{plan_side.counted(found.winners)} would have paid less, {more} more"
    return f"Revenue {percent}{amount} {currency}. {moved[:1].upper()}{moved[1:]}."


def _is_below(one: Effect, floor: Decimal) -> bool:
    """By the true margin: that is what the floor is for."""
    return one.left_percent is not None and one.left_percent < floor


def _percent(value: Decimal | None, *, signed: bool = False) -> str:
    if value is None:
        return "none"
    return f"{value:{'+' if signed else ''}.1f} %".replace("-", "−")


def _row(one: Effect, currency: str, *, widest: Decimal, floor: Decimal) -> dict[str, Any]:
    part = one.change / widest * 50 if widest else Decimal(0)
    return {
        "account": one.account,
        "name": one.name,
        "units": number(one.units),
        "before": spoken.amount(one.before, currency),
        "after": spoken.amount(one.after, currency),
        "change": spoken.amount(one.change, currency, signed=True),
        "bar": _bar(part),
        "wholesale": spoken.amount(one.wholesale, currency),
        "margin": spoken.amount(one.margin, currency),
        "percent_before": _percent(one.percent_before),
        "percent": _percent(one.percent),
        "left": spoken.amount(one.left, currency),
        "left_percent": _percent(one.left_percent),
        "is_below": _is_below(one, floor),
        "trouble": one.trouble,
    }  # fmt: skip


def _bar(part: Decimal) -> dict[str, str]:
    """Left of the middle for less, right for more; what is there at all can be seen."""
    width = max(abs(part), Decimal("0.6")) if part else Decimal(0)
    return {"x": f"{50 - width if part < 0 else 50:.1f}", "width": f"{width:.1f}"}


def _months(
    one: Simulation, found: Effects, months: Sequence[MonthEffect], chosen: str
) -> dict[str, Any]:
    """{months: heads, of: whose they are, lines}: of the chosen account, or of whoever changes most."""
    by_pk = {str(row.account): row for row in found.accounts}
    first = max(found.accounts, key=lambda row: abs(row.change), default=None)
    who = by_pk.get(chosen, first)
    if who is None:
        return {"by_month": None}
    mine = {row.month: row for row in months if row.account == who.account}
    heads = simulate.months_of(one)
    currency = one.content["currency"]
    rows = [mine.get(at.key) for at in heads]
    return {
        "by_month": {
            "account": who.account,
            "name": who.name,
            "heads": [f"{at.begins:%b %Y}" for at in heads],
            "lines": _lines(rows, currency),
            "trouble": who.trouble,
        }
    }


def _lines(rows: Sequence[MonthEffect | None], currency: str) -> list[dict[str, Any]]:
    known = [row for row in rows if row]

    def line(label: str, name: str, *, signed: bool = False) -> dict[str, Any]:
        total = add_up(getattr(row, name) for row in known)
        said = [
            spoken.amount(getattr(row, name), currency, signed=signed) if row else ""
            for row in rows
        ]
        return {
            "label": label,
            "values": said,
            "total": spoken.amount(total, currency, signed=signed),
        }

    units = [number(row.units) if row else "" for row in rows]
    return [
        {"label": "Units", "values": units, "total": number(add_up(row.units for row in known))},
        line("Now", "before"),
        line("Proposed", "after"),
        {**line("Change", "change", signed=True), "is_sum": True},
    ]


def load_one(slug: str, pk: int) -> Simulation:
    found = Simulation.objects.filter(plan__slug=slug, pk=pk).select_related("plan").first()
    if found is None:
        raise Http404
    return found


@requires("money.view")
def simulation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A simulation on a page of its own."""
    one = load_one(slug, pk)
    context = {
        "plan": {"name": one.plan.name, "slug": slug},
        "side": {"one": plan_side.one(), "many": plan_side.many()},
        "made": shown(one, chosen=request.GET.get("account", "")),
        "is_page": True,
    }
    return render(request, "billing/plan_simulation.html", context)


@requires("money.view")
def months_csv(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every account and month, for a sheet of one's own."""
    one = load_one(slug, pk)
    file = StringIO()
    out = csv.writer(file)
    out.writerow(_COLUMNS)
    for row in effect.read(one.result):
        out.writerow(
            [guarded(row.name), row.month, row.units, row.before, row.after, row.change,
             row.costs.wholesale if row.costs else "",
             one.content["currency"], guarded(row.trouble)]
        )  # fmt: skip
    answer = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="simulation-{pk}.csv"'
    return answer
