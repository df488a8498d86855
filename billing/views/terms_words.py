"""Prices in a few words, for rows of a table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from billing.plans.content import PlanCharge
from integrations.views import spoken

_NAMES = {
    "amount": "fixed", "unit_amount": "each", "free_units": "free", "package_size": "a package",
    "rate": "percent", "fixed_amount": "for each event", "free_events": "events free",
    "free_amount": "free", "minimum": "at least", "maximum": "at most", "flat_amount": "fixed",
}  # fmt: skip


def price(charge: PlanCharge, currency: str) -> str:
    """`100.00 a month`, `2.00 each`, `3 tiers from 1.00`."""
    terms = charge.terms
    match charge.model:
        case "flat":
            return f"{_money(terms['amount'], currency)} {'once' if charge.once else 'a month'}"
        case "standard":
            return f"{_money(terms['unit_amount'], currency)} each"
        case "package":
            return f"{_money(terms['amount'], currency)} for each {terms['package_size']}"
        case "percentage":
            return f"{terms['rate']} %"
    tiers = terms["tiers"]
    first = tiers[0]
    start = f"{first['rate']} %" if "rate" in first else _money(first["unit_amount"], currency)
    return f"{charge.model.replace('_', ' ')}, {spoken.counted(len(tiers), 'tier')} from {start}"


def _money(text: str, currency: str) -> str:
    return spoken.amount(Decimal(text), currency)


def terms(given: Mapping[str, Any]) -> str:
    """Every term with its name: `each 1.50, free 100`."""
    return ", ".join(_term(name, value) for name, value in given.items() if value is not None)


def _term(name: str, value: Any) -> str:
    if name == "tiers":
        return "; ".join(_tier(one) for one in value)
    return f"{_NAMES.get(name, name.replace('_', ' '))} {value}"


def _tier(one: Mapping[str, Any]) -> str:
    edge = f"up to {one['up_to']}" if one.get("up_to") else "above"
    flat = f" + {one['flat_amount']}" if one.get("flat_amount") else ""
    return f"{edge}: {one.get('unit_amount', one.get('rate'))}{' %' if 'rate' in one else ''}{flat}"
