"""Which language those are written to who have not said themselves: their customer's, else the partner's.

Customers stand on a higher floor; it says here how to ask for their choice.
"""

from collections.abc import Callable

from django.conf import settings

from portal.core import tongue
from portal.tenants.current import current_schema
from portal.tenants.models import Partner
from portal.tenants.rows import beyond_limit

_customers: list[Callable[[int], str]] = []


def ask_customers(ask: Callable[[int], str]) -> None:
    """From now on `ask` says which language a customer chose; blank for none."""
    _customers[:] = [ask]


def chosen_for(customer_id: int) -> str:
    """What a customer chose, else their partner; blank where neither did."""
    with beyond_limit():
        own = next((ask(customer_id) for ask in _customers), "")
    return own or chosen_by_partner()


def chosen_by_partner() -> str:
    """Of the schema the connection works in; blank for no choice."""
    with beyond_limit():
        found = Partner.objects.filter(schema_name=current_schema())
        return found.values_list("language", flat=True).first() or ""


def of_customer(customer_id: int | None) -> str:
    """The language of what is written to a customer; that of our texts for nobody's."""
    return tongue.first(chosen_for(customer_id)) if customer_id else settings.LANGUAGE_CODE
