"""Months in addresses and selects."""

from typing import Any

from django.http import HttpRequest

from billing.domain import accounts
from billing.plans.month import Month, month, months_back

SHOWN = 12


def chosen(request: HttpRequest, *, otherwise: int = 0) -> Month:
    """The month of the address, else the one so many months back. What is no month is this one."""
    this = month(accounts.month_now())
    try:
        return month(request.GET["month"])
    except (KeyError, ValueError):
        return months_back(this, otherwise)


def select(of: Month, *, count: int = 24) -> dict[str, Any]:
    """The filter with the last months, the newest first."""
    this = month(accounts.month_now())
    found = [months_back(this, back) for back in range(count)]
    options = [{"value": one.key, "label": name(one), "chosen": one == of} for one in found]
    return {"name": "month", "label": "Month", "options": options, "active": of != this}


def name(of: Month) -> str:
    """April 2026"""
    return f"{of.begins:%B %Y}"


def last(count: int, until: Month) -> list[Month]:
    """So many months up to one, the oldest first."""
    return [months_back(until, back) for back in reversed(range(count))]
