"""Margin: what is left of what customers pay, worst first."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from billing.domain import accounts, figures
from billing.models import MonthFigure
from billing.plans.month import Month, month
from billing.queries import margins
from billing.queries.margins import Figures
from billing.views import groups, margin_words, months
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core.manner import number
from portal.tenants.current import is_platform


@requires("money.view")
def margin(request: HttpRequest) -> HttpResponse:
    of, entity = months.chosen(request), accounts.entity()
    group_select, group = groups.select(request)
    figures_of_month = MonthFigure.objects.filter(month=of.key).select_related("account")
    kept = list(groups.of_group(figures_of_month, group) if group else figures_of_month)
    kept.sort(key=_worst_first)
    span = months.last(months.SHOWN, of)
    sums = margins.by_month(span, group=group)
    total = sums.get(of.key, Figures())
    context = {
        "title": "Revenue" if is_platform() else "Margin",
        "is_platform": is_platform(),
        "currency": entity.currency,
        "month": of.key,
        "month_name": months.name(of),
        "filters": [months.select(of), *group_select],
        "facts": [],
        "sentences": _sentences(of, total, kept, entity.currency, floor=entity.margin_floor),
        "troubles": sorted({one.trouble for one in kept if one.trouble}),
        "charts": margin_words.charts(span, sums, entity.currency, floor=entity.margin_floor),
        "rows": [
            {
                "name": one.account.name,
                "url": f"/margin/{one.account.slug}/?month={of.key}",
                **margin_words.row(
                    margins.of_account(one), one.currency, floor=entity.margin_floor
                ),
            }
            for one in kept
        ],
        "total": margin_words.row(total, entity.currency, floor=entity.margin_floor),
        "made_at": spoken.moment(max((one.made_at for one in kept), default=None)),
        "costs_missing": not entity.hour_cost,
        "empty": None if kept else {"text": _nothing(of), "action": None},
        "may_reckon": request.user.may("money.bill"),  # type: ignore[union-attr]
    }
    return render(request, "billing/margin.html", context)


def _worst_first(one: MonthFigure) -> tuple[bool, Decimal, str]:
    percent = margins.of_account(one).true_percent
    return percent is None, percent or Decimal(0), one.account.name


def _sentences(
    of: Month, total: Figures, kept: list[MonthFigure], currency: str, *, floor: Decimal
) -> list[dict[str, Any]]:
    if not kept:
        return []
    rows = [margins.of_account(one) for one in kept]
    low = [one for one in rows if one.true_percent is not None and one.true_percent < floor]
    losing = [one for one in rows if one.margin < 0]
    found: list[dict[str, Any]] = [
        {
            "text": f"{months.name(of)}: {spoken.money(total.retail, currency)} earned,"
            f" {spoken.money(total.left, currency)} left"
            f" ({margin_words.per_cent(total.true_percent)}).",
            "state": "",
        }
    ]
    if losing:
        found.append({"text": f"{_who(len(losing))} sold below wholesale.", "state": "bad"})
    if low:
        text = f"{_who(len(low))} below the floor of {floor:.0f} %."
        found.append({"text": text, "state": "bad" if losing else "warn"})
    if not low and not losing:
        found.append({"text": "Nobody is below the floor.", "state": ""})
    return found


def _who(count: int) -> str:
    return "1 customer is" if count == 1 else f"{number(count)} customers are"


def _nothing(of: Month) -> str:
    if of.key > accounts.month_now():
        return f"{months.name(of)} has not begun."
    return f"Nothing was reckoned of {months.name(of)} yet. It is done once an hour."


@requires("money.bill")
@require_POST
def reckon(request: HttpRequest) -> HttpResponse:
    """Make the figures of a month anew, now."""
    try:
        of = month(request.POST.get("month", ""))
    except ValueError:
        of = month(accounts.month_now())
    count = figures.keep(of.key)
    messages.success(request, f"Reckoned {months.name(of)} of {spoken.counted(count, 'account')}")
    return redirect(f"/margin/?month={of.key}")
