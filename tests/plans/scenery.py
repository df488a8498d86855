"""Plans and subscriptions for tests: what a test does not say is the simplest there is."""

from datetime import date
from decimal import Decimal

from billing.plans.month import month
from billing.plans.reading import read
from billing.plans.term import Term
from billing.rating import Usage

APRIL = month("2026-04")  # 30 days
MAY = month("2026-05")  # 31 days
TIERS = [{"up_to": "100", "unit_amount": "0.50"}, {"up_to": None, "unit_amount": "0.20"}]


def fixed(key="base", amount="310", **more):
    return {"key": key, "name": key.title(), "model": "flat", "terms": {"amount": amount}, **more}


def metered(key="documents", price="0.10", **more):
    given = {
        "key": key, "name": key.title(), "metric": key, "model": "standard",
        "terms": {"unit_amount": price},
    }  # fmt: skip
    return {**given, **more}


def plan(*charges, currency="EUR", **more):
    return read({"currency": currency, "charges": list(charges), **more})


def used(**quantities):
    return {key: Usage(Decimal(quantity)) for key, quantity in quantities.items()}


def term(content, *, begins="2026-01-01", ends=None, key=7, **more):
    return Term(
        key=key,
        plan="Standard",
        version=2,
        content=content,
        begins=date.fromisoformat(begins),
        ends=ends and date.fromisoformat(ends),
        **more,
    )


def amounts(found):
    """By key, in their order, as text."""
    return {fee.key: str(fee.amount) for fee in found}
