"""What is agreed with an account, in rows: plans, prices of its own, discounts, one-offs, caps."""

from datetime import date
from typing import Any

from billing.domain import bill_to
from billing.models import Account, OneOff, Subscription
from billing.plans import price_words, reading
from billing.plans.content import PlanCharge, PlanContent
from billing.views import invoice_words
from integrations.views import spoken
from portal.core.decimals import plain_number

MOST_ROWS = 50


def plans(account: Account, today: date) -> list[dict[str, Any]]:
    """The plans it has, has had and will have, the newest first, each with its charges."""
    found = account.subscriptions.select_related("version__plan").order_by("-begins", "-pk")
    return [_plan(one, account, today) for one in found[:MOST_ROWS]]


def _plan(one: Subscription, account: Account, today: date) -> dict[str, Any]:
    content = reading.read(one.version.content)
    address = f"/billing/{account.slug}/prices/{one.pk}"
    is_over = one.ends is not None and one.ends <= today
    return {
        "name": one.version.plan.name,
        "version": f"version {one.version.number}",
        "begins": spoken.day(one.begins),
        "ends": spoken.day(one.ends) if one.ends else "",
        "state": _state(one, today),
        "is_over": is_over,
        "charges": [
            {
                "name": charge.name,
                "price": _price(charge, account.currency),
                "url": f"{address}/{charge.key}/",
            }
            for charge in content.charges
        ],
    }


def _price(charge: PlanCharge, currency: str) -> str:
    said = price_words.price(charge, currency)
    if charge.model != "flat":
        return said
    return f"{said} once" if charge.once else f"{said} a month"


def _state(one: Subscription, today: date) -> dict[str, str]:
    if one.ends is not None and one.ends <= today:
        return {"shape": "", "word": "ended"}
    if one.begins > today:
        return {"shape": "due", "word": "begins later"}
    if one.ends is not None:
        return {"shape": "waiting", "word": "ends"}
    return {"shape": "good", "word": "at work"}


def agreed(account: Account) -> list[dict[str, str]]:
    """Prices and discounts of its own, each with its reason and its end."""
    rows = []
    for one in account.subscriptions.select_related("version__plan").prefetch_related(
        "overrides", "discounts"
    ):
        content = reading.read(one.version.content)
        rows += [_override(each, one, content) for each in one.overrides.all()]
        rows += [_discount(each, one, account.currency) for each in one.discounts.all()]
    return rows[:MOST_ROWS]


def _override(each: Any, one: Subscription, content: PlanContent) -> dict[str, str]:
    charge = next((found for found in content.charges if found.key == each.charge), None)
    said = ""
    if charge:
        said = price_words.of_terms(
            charge.model, each.terms, content.currency, included=charge.included
        )
    return {
        "what": f"{charge.name if charge else each.charge} of {one.version.plan.name}",
        "terms": said,
        "months": _months(each.begins, each.until),
        "why": f"{each.reason} ({each.author})",
    }


def _discount(each: Any, one: Subscription, currency: str) -> dict[str, str]:
    off = f"{plain_number(each.percent)} %" if each.percent else spoken.money(each.amount, currency)
    return {
        "what": f"{each.name} on {one.version.plan.name}",
        "terms": f"{off} off",
        "months": _months(each.begins, each.until),
        "why": f"{each.reason} ({each.author})",
    }


def _months(begins: str, until: str) -> str:
    first = invoice_words.month_name(begins)
    return f"{first} to {invoice_words.month_name(until)}" if until else f"from {first} on"


def once(account: Account) -> list[dict[str, Any]]:
    found = list(account.one_offs.order_by("-day", "-pk")[:MOST_ROWS])
    billed = bill_to.billed_by(found) if found else {}
    return [_once(one, account, billed.get(one.pk, "")) for one in found]


def _once(one: OneOff, account: Account, number: str) -> dict[str, Any]:
    is_open = not number and one.withdrawn_at is None
    each = spoken.amount(one.unit_amount, account.currency)
    said = f"billed by {number}" if number else "to be billed"
    return {
        "name": one.name,
        "day": spoken.day(one.day),
        "said": f"{plain_number(one.quantity)} {one.unit} × {each}",
        "amount": spoken.amount(one.quantity * one.unit_amount, account.currency),
        "state": said if one.withdrawn_at is None else "withdrawn",
        "withdraw_url": f"/billing/{account.slug}/one-offs/{one.pk}/withdraw/" if is_open else "",
    }


def caps(account: Account) -> list[str]:
    """The most that months cost, the newest first."""
    return [
        f"{spoken.money(one.amount, account.currency) if one.amount is not None else 'no cap'}"
        f" from {invoice_words.month_name(one.begins)} on"
        for one in account.spend_caps.all()[:MOST_ROWS]
    ]
