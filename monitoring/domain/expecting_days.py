"""The days of customers: their calendars and what people marked."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from monitoring.expect.days import Days
from monitoring.models import Expectation, MarkedDays
from portal.customers import calendars
from portal.customers.models import Customer


def days_of(customers: Iterable[Customer]) -> dict[int, Days]:
    """By customer id, in one query."""
    found = {customer.pk: customer for customer in customers}
    marks = defaultdict(list)
    for one in MarkedDays.objects.filter(customer__in=found).order_by("id"):
        marks[one.customer_id].append(one.mark)
    return {pk: Days(calendars.of(customer), marks[pk]) for pk, customer in found.items()}


def of_expectations(expectations: Collection[Expectation]) -> dict[int, Days]:
    return days_of(one.customer for one in expectations)
