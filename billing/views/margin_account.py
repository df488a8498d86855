"""One account's margin: month by month, what weighs most, and what the service is worth to them."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts, loss
from billing.models import Account, LegalEntity, MonthFigure, UsageFact
from billing.plans.month import Month
from billing.queries import margins, worth
from billing.views import margin_words, months
from integrations.views import spoken
from monitoring import taxonomy
from portal.accounts.rules import requires
from portal.core.manner import number
from portal.core.money import parse_amount

MINUTES: Final = "4"  # to key in one document by hand, unless somebody says otherwise
HOUR: Final = "40"
_MOST_KINDS: Final = 8


@requires("money.view")
def account(request: HttpRequest, slug: str) -> HttpResponse:
    found = Account.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    of, entity = months.chosen(request), accounts.entity()
    span = months.last(months.SHOWN, of)
    sums = margins.by_month(span, account=found.pk)
    figure = MonthFigure.objects.filter(account=found, month=of.key).first()
    context = {
        "account": found,
        "currency": entity.currency,
        "month_name": months.name(of),
        "filters": [months.select(of)],
        "charts": margin_words.charts(span, sums, entity.currency, floor=entity.margin_floor),
        "rows": [
            {
                "name": months.name(one),
                **margin_words.row(sums[one.key], entity.currency, floor=entity.margin_floor),
            }
            for one in reversed(span)
            if one.key in sums
        ],
        "weighs": loss.cause(found, of, figure) if figure and figure.retail else "",
        "trouble": figure.trouble if figure else "",
        "kinds": _kinds(found, of),
        "is_customer": found.customer_id is not None,
        "worth": _worth(request, found, of, figure, entity) if found.customer_id else None,
    }
    return render(request, "billing/margin_account.html", context)


def _kinds(account: Account, of: Month) -> list[dict[str, str]]:
    """On what people's time went."""
    rows = (
        UsageFact.objects.filter(
            account=account, kind="operator", day__gte=of.begins, day__lt=of.ends
        )
        .order_by()
        .values_list("properties__code", "free")
        .annotate(minutes=Sum("quantity"), times=Count("id"))
        .order_by("-minutes")[:_MOST_KINDS]
    )
    return [
        {
            "label": taxonomy.kind(code or "").label if code else "told by sums",
            "minutes": number(minutes),
            "times": number(times),
            "billed": free or "as the plan says",
        }
        for code, free, minutes, times in rows
    ]


def _worth(
    request: HttpRequest,
    account: Account,
    of: Month,
    figure: MonthFigure | None,
    entity: LegalEntity,
) -> dict[str, Any]:
    """What they are spared, by assumptions that stand in the address."""
    per_document, hour = _given(request, "minutes", MINUTES), _given(request, "hour", HOUR)
    found = worth.of_month(account, of)
    value = found.money(per_document, hour)
    paid = figure.retail if figure else Decimal(0)
    return {
        "minutes_each": f"{per_document:f}",
        "hour": f"{hour:f}",
        "documents": number(found.documents),
        "untouched": number(found.untouched),
        "stopped": number(found.stopped),
        "touches": number(found.touches),
        "by_rules": number(found.by_rules),
        "hours": number(found.minutes(per_document) / 60),
        "value": spoken.money(value, entity.currency),
        "paid": spoken.money(paid, entity.currency),
        "sentence": _sentence(value, paid, entity.currency),
    }


def _given(request: HttpRequest, name: str, otherwise: str) -> Decimal:
    try:
        return max(parse_amount(request.GET.get(name, otherwise)), Decimal(0))
    except ValueError:
        return Decimal(otherwise)


def _sentence(value: Decimal, paid: Decimal, currency: str) -> str:
    if not paid:
        return f"Spared work worth {spoken.money(value, currency)}; nothing was charged."
    return (
        f"For every {spoken.money(Decimal(1), currency)} they paid, they were spared work worth"
        f" {spoken.money((value / paid).quantize(Decimal('0.01')), currency)}."
    )
