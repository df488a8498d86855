"""Where a month was sold for less than it costs, and what weighs most."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum
from django_tenants.utils import get_public_schema_name, schema_context

from billing.domain import accounts, owed
from billing.domain.rates import NoRateError, rate
from billing.models import Account, MonthFigure, UsageFact
from billing.plans.lines import Owed
from billing.plans.margin import percent_of
from billing.plans.month import Month
from monitoring import taxonomy
from portal.core.money import Money, add_up, round_money
from portal.core.money_format import format_money
from portal.tenants.current import current_schema

_ZERO: Final = Decimal(0)
Make = Callable[..., Any]


def below_wholesale(account: Account, of: Month, *, leak: Make) -> Iterator[Any]:
    """Metrics of which a unit brought less than it costs, on average over the month."""
    sold = _by_metric(owed.of_month(account, of))
    try:
        costs = _unit_costs(of)
    except NoRateError:
        return  # the margin page says that a rate is missing
    entity = accounts.entity()
    worth = rate(account.currency, entity.currency, on=of.ends - timedelta(days=1))
    for metric, (quantity, amount, name) in sorted(sold.items()):
        cost = costs.get(metric)
        if not quantity or cost is None:
            continue
        brings = amount * worth / quantity
        if brings < cost:
            loss = (cost - brings) * quantity
            yield leak(
                account, "price_below_wholesale", f"{metric}/{of.key}",
                f"{name} of {account.name}", of.begins,
                [("Month", f"{of.begins:%B %Y}"), ("A unit brings", _unit(brings, entity.currency)),
                 ("It costs", _unit(cost, entity.currency)), ("Units", f"{quantity:,f}"),
                 ("Loss", _money(loss, entity.currency))],
                f"/billing/{account.slug}/", amount=loss.quantize(Decimal("0.0001")),
            )  # fmt: skip


def _unit(amount: Decimal, currency: str) -> str:
    return f"{amount:,.4f} {currency}"


def _money(amount: Decimal, currency: str) -> str:
    return format_money(Money(round_money(amount, currency), currency), with_currency=True)


def _by_metric(fees: list[Owed]) -> Mapping[str, tuple[Decimal, Decimal, str]]:
    """By metric how many units were used, for how much, under which name."""
    found: dict[str, tuple[Decimal, Decimal, str]] = {}
    for one in fees:
        fee = one.fee
        if fee.metric and fee.quantity is not None:
            had = found.get(fee.metric, (_ZERO, _ZERO, fee.name))
            # The same usage may be counted by two charges: it was used once.
            found[fee.metric] = (max(had[0], fee.quantity), had[1] + fee.amount, had[2])
    return found


def _unit_costs(of: Month) -> Mapping[str, Decimal]:
    """By metric what a unit costs the partner on average, in its own currency."""
    partner, currency = current_schema(), accounts.entity().currency
    with schema_context(get_public_schema_name()):
        account = accounts.of_schema(partner)
        bought = _by_metric(owed.of_month(account, of))
    worth = rate(account.currency, currency, on=of.ends - timedelta(days=1)) if bought else _ZERO
    return {
        metric: amount * worth / quantity
        for metric, (quantity, amount, _) in bought.items()
        if quantity
    }


def below_floor(account: Account, of: Month, *, leak: Make) -> Iterator[Any]:
    """A true margin below the floor, with what weighs most."""
    figure = MonthFigure.objects.filter(account=account, month=of.key).first()
    if figure is None or figure.trouble or not figure.retail:
        return
    left = figure.retail - figure.wholesale - figure.work - figure.infrastructure
    percent = percent_of(left, figure.retail)
    floor = accounts.entity().margin_floor
    if percent is None or percent >= floor:
        return
    said = {
        "Retail": figure.retail, "Wholesale": -figure.wholesale, "People": -figure.work,
        "Machines": -figure.infrastructure, "Left": left,
    }  # fmt: skip
    yield leak(
        account, "margin_below_floor", of.key, f"{percent} % of {account.name}", of.begins,
        [("Month", f"{of.begins:%B %Y}"), ("Floor", f"{floor} %"),
         *((name, _money(amount, figure.currency)) for name, amount in said.items()),
         ("Weighs most", cause(account, of, figure))],
        f"/margin/{account.slug}/", amount=max(-left, _ZERO),
    )  # fmt: skip


def cause(account: Account, of: Month, figure: MonthFigure) -> str:
    """What takes most of the retail price, in words."""
    parts = {
        "wholesale": figure.wholesale, "people": figure.work, "machines": figure.infrastructure,
    }  # fmt: skip
    most = max(parts, key=lambda name: parts[name])
    share = percent_of(parts[most], figure.retail)
    if most != "people":
        return f"{most}: {share} % of retail"
    return f"people: {share} % of retail, {_busiest(account, of)}"


def _busiest(account: Account, of: Month) -> str:
    rows = UsageFact.objects.filter(
        account=account, kind="operator", day__gte=of.begins, day__lt=of.ends
    ).order_by()
    by_code = rows.values_list("properties__code").annotate(minutes=Sum("quantity"))
    found = list(by_code)
    code, minutes = max(found, key=lambda row: row[1])
    everything = add_up(row[1] for row in found)
    return f"{minutes:.0f} of {everything:.0f} minutes on “{taxonomy.kind(code).label}”"
