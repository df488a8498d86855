"""Customers, their hours and the targets of their cases."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError
from portal.api.resources.filters import listed, load
from portal.customers import calendars, promises
from portal.customers.calendar import CalendarError
from portal.customers.calendar_json import to_json
from portal.customers.models import Customer
from portal.customers.targets import DEFAULTS, Targets, pair_problems, targets

_CALENDAR = "hours by weekday, holidays {country, region}, days closed and open by date."


class TargetShape(serializers.Serializer[Any]):
    """Business minutes."""

    acknowledge = serializers.IntegerField(min_value=1, max_value=100_000)
    resolve = serializers.IntegerField(min_value=1, max_value=100_000)


class CustomerShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    calendar = serializers.SerializerMethodField(help_text=_CALENDAR)
    targets = serializers.SerializerMethodField(help_text="By severity, 1 to 4.")
    created_at = Instant()

    def get_calendar(self, customer: Customer) -> dict[str, Any]:
        return to_json(calendars.of(customer))

    def get_targets(self, customer: Customer) -> dict[str, dict[str, int]]:
        return {str(n): targets(customer.policies, n)._asdict() for n in DEFAULTS}


class CustomerChange(Body):
    calendar = serializers.DictField(required=False, help_text=f"The whole of it: {_CALENDAR}")
    targets = serializers.DictField(
        child=TargetShape(), required=False, help_text="Those that change, by severity."
    )


class Customers(Resource):
    permissions = {"GET": ("customers.view",)}

    @operation("List customers", CustomerShape, paged=True)
    def get(self, request: Any) -> Page:
        return listed(self, Customer.objects.all(), "slug")


class OneCustomer(Resource):
    permissions = {"GET": ("customers.view",), "PATCH": ("customers.edit",)}

    @operation("Read a customer", CustomerShape)
    def get(self, request: Any, slug: str) -> Customer:
        return load(Customer.objects.all(), slug=slug)

    @operation(
        "Change a customer's hours and targets",
        CustomerShape,
        takes=CustomerChange,
        matched=True,
        about="What is left out stays as it is. Open cases are measured by it from now on.",
        example={"targets": {"1": {"acknowledge": 30, "resolve": 240}}},
    )
    def patch(self, request: Any, slug: str) -> Customer:
        customer = load(Customer.objects.all(), slug=slug)
        wanted = {n: targets(customer.policies, n) for n in DEFAULTS}
        wanted |= _targets(self.sent.get("targets", {}))
        try:
            promises.promise(
                customer,
                calendar=self.sent.get("calendar", customer.calendar),
                targets=wanted,
                actor=request.user.name,
            )
        except CalendarError as error:
            raise _unfit(error) from None
        return load(Customer.objects.all(), slug=slug)


def _targets(given: Mapping[str, Any]) -> dict[int, Targets]:
    found = {}
    for severity, pair in given.items():
        if severity not in map(str, DEFAULTS):
            raise _problem([("There is no such severity. There are: 1, 2, 3, 4.", severity)])
        found[int(severity)] = Targets(**pair)
        if wrong := list(pair_problems(found[int(severity)])):
            raise _problem([(text, f"{severity}/{name}") for name, text in wrong])
    return found


def _problem(wrong: list[tuple[str, str]]) -> ProblemError:
    errors = [{"pointer": f"/targets/{at[:40]}", "detail": text} for text, at in wrong]
    return ProblemError("invalid", errors[0]["detail"], errors=errors)


def _unfit(error: CalendarError) -> ProblemError:
    errors = [
        {"pointer": "/".join(["/calendar", *map(str, path)])[:200], "detail": text}
        for path, text in error.problems
    ]
    return ProblemError("invalid", errors[0]["detail"], errors=errors)
