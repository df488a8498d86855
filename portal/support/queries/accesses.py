"""Accesses as lists: those that staff asked for, and those a customer has to decide about."""

from typing import Final

from django.db.models import QuerySet

from portal.accounts.models import Person
from portal.support.models import SupportAccess

SIZE: Final = 50
MOST_PEOPLE: Final = 500


def listed(*, before: int | None = None) -> QuerySet[SupportAccess]:
    """The newest first, with their customers; older ones than the one of number `before`."""
    found = SupportAccess.objects.select_related("customer").order_by("-pk")
    return found.filter(pk__lt=before) if before else found


def open_of(customer_id: int) -> list[SupportAccess]:
    """What waits for the customer's answer, could begin, or is running; the oldest first."""
    found = SupportAccess.objects.filter(customer_id=customer_id)
    return list(found.exclude(state=SupportAccess.State.OVER).order_by("pk"))


def people_of(customer_id: int) -> list[Person]:
    """The people of a customer who can sign in, by name."""
    found = Person.objects.filter(customer_id=customer_id, is_active=True).select_related("role")
    return list(found.order_by("name", "pk")[:MOST_PEOPLE])
