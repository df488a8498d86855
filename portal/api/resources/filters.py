"""What lists are narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from portal.api.base import Resource
from portal.api.pages import Page, PageFilters, page
from portal.api.problems import refuse
from portal.customers.models import Customer

BEYOND = 2**63 - 1


class OfCustomer(PageFilters):
    """Lists of things that belong to a customer."""

    customer = serializers.SlugField(required=False, max_length=41, help_text="Its short name.")


def choice(values: Any, **options: Any) -> serializers.ChoiceField:
    """One of some names."""
    return serializers.ChoiceField(choices=list(values), required=False, **options)


def narrowed(view: Resource, found: QuerySet[Any], fields: dict[str, str]) -> QuerySet[Any]:
    """`found` by what was asked: {parameter: lookup}."""
    wanted = {look: view.asked[name] for name, look in fields.items() if name in view.asked}
    return found.filter(**wanted)


def of_customer(view: Resource, found: QuerySet[Any], *, lookup: str = "customer") -> QuerySet[Any]:
    """`found` of the customer that was asked for. One that does not exist is said so."""
    if "customer" not in view.asked:
        return found
    customer = Customer.objects.filter(slug=view.asked["customer"]).first()
    if customer is None:
        raise refuse("There is no such customer.", at="customer")
    return found.filter(**{lookup: customer.pk})


def listed(view: Resource, found: QuerySet[Any], *key: str) -> Page:
    """A page of it, in the order of `key`."""
    narrowing = {k: str(v) for k, v in sorted(view.asked.items()) if k not in ("limit", "cursor")}
    return page(found, key=key, asked=view.asked, of=f"{view.request.path} {narrowing}")


def load(found: QuerySet[Any], **wanted: Any) -> Any:
    """The one thing of these, or 404."""
    if any(isinstance(value, int) and value > BEYOND for value in wanted.values()):
        wanted = {"pk": 0}
    return get_object_or_404(found, **wanted)
