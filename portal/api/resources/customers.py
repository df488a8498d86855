"""Customers, their hours and the targets of their cases."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError, conflicts
from portal.api.resources.filters import listed, load
from portal.customers import adding, calendars, promises
from portal.customers.calendar import CalendarError, Path
from portal.customers.calendar_json import to_json
from portal.customers.models import Customer
from portal.customers.targets import DEFAULTS, Targets, pair_problems, targets

_CALENDAR = "hours by weekday, holidays {country, region}, days closed and open by date."
_LIMITED = (
    "Whoever works for some customers only adds none. Ask somebody who works for all of them."
)


class TargetShape(serializers.Serializer[Any]):
    """Business minutes."""

    acknowledge = serializers.IntegerField(min_value=1, max_value=100_000)
    resolve = serializers.IntegerField(min_value=1, max_value=100_000)


class CustomerShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    language = serializers.CharField(help_text="Blank: as every customer.")
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


class NewCustomer(Body):
    slug = serializers.CharField(
        max_length=41, help_text="2 to 41 lower-case letters and digits, a letter first. It stays."
    )
    name = serializers.CharField(max_length=80)
    time_zone = serializers.CharField(required=False, max_length=40, help_text="UTC if left out.")
    language = serializers.CharField(
        required=False, allow_blank=True, max_length=8, help_text="Blank: as every customer."
    )
    currency = serializers.CharField(required=False, max_length=3, help_text="USD if left out.")
    calendar = serializers.DictField(
        required=False, help_text=f"Mon–Fri 07:00-19:00 if left out. {_CALENDAR}"
    )


class Customers(Resource):
    permissions = {"GET": ("customers.view",), "POST": ("customers.edit",)}

    @operation("List customers", CustomerShape, paged=True)
    def get(self, request: Any) -> Page:
        return listed(self, Customer.objects.all(), "slug")

    @operation(
        "Add a customer",
        CustomerShape,
        takes=NewCustomer,
        status=201,
        about="Not for whoever works for some customers only. A slug that is taken is answered 409.",
        example={"slug": "harbor", "name": "Harbor Outfitters", "time_zone": "America/New_York"},
    )
    def post(self, request: Any) -> Customer:
        if request.user.is_limited:
            raise ProblemError("not-allowed", _LIMITED)
        try:
            with conflicts(adding.SlugTakenError):
                return adding.add(**self.sent)
        except adding.NotAddedError as error:
            raise _unfit(error.problems) from None


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
            raise _unfit((("calendar", *path), text) for path, text in error.problems) from None
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


def _unfit(problems: Iterable[tuple[Path, str]]) -> ProblemError:
    errors = [
        {"pointer": "/".join(["", *map(str, path)])[:200], "detail": text}
        for path, text in problems
    ]
    return ProblemError("invalid", errors[0]["detail"], errors=errors)
