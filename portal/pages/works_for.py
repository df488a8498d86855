"""For whom somebody works who is limited: what the database shows of customers is exactly these."""

from portal.customers.models import Customer
from portal.tenants.rows import is_broken

_SHOWN = 2


def names() -> list[str]:
    """The customers of whoever asks, by name; nobody where a failed transaction answers no more."""
    if is_broken():
        return []
    return list(Customer.objects.values_list("name", flat=True))


def words() -> str:
    """As the shell says it: “Harbor, Maris”, with “and 3 more” where there is no room."""
    found = names()
    more = len(found) - _SHOWN
    told = ", ".join(found[:_SHOWN] if more > 1 else found)
    return (f"{told} and {more} more" if more > 1 else told) or "no customer now"
