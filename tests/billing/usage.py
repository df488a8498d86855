"""Accounts and events as the tests of billing make them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.domain import accounts
from billing.domain.intake import Event
from billing.models import Account
from portal.customers.models import Customer


def account(customer_id: int, **changes: Any) -> Account:
    """The customer's account, open from April 2026."""
    found = accounts.of_customer(Customer.objects.get(pk=customer_id))
    for name, value in {"open_from": "2026-04", **changes}.items():
        setattr(found, name, value)
    found.save()
    return found


def at(text: str) -> datetime:
    """ "2026-04-03 10:00" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(of: Account, key: str, when: str = "2026-04-03 10:00", **more: Any) -> Event:
    quantity = Decimal(more.pop("quantity", "1"))
    kind = more.pop("kind", "document")
    return Event(of.pk, kind, key, at(when), quantity, **more)
