"""People: who works here, and as what. They are read; who comes is invited, see `invitations`."""

from typing import Any

from django.db.models import OuterRef, Subquery
from rest_framework import serializers

from portal.accounts.models import Person
from portal.api.base import Resource
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, listed, load, narrowed, of_customer
from portal.customers.models import Customer


class PersonShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField(source="role.slug")
    customer = serializers.CharField(
        source="customer_slug", allow_null=True, help_text="Null: of the partner."
    )
    is_active = serializers.BooleanField()


class PersonFilters(OfCustomer):
    role = serializers.SlugField(required=False, max_length=40)
    is_active = serializers.BooleanField(required=False)


def _people() -> Any:
    of = Customer.objects.filter(pk=OuterRef("customer_id")).values("slug")[:1]
    return Person.objects.select_related("role").annotate(customer_slug=Subquery(of))


class People(Resource):
    permissions = {"GET": ("people.manage",)}

    @operation("List people", PersonShape, paged=True, filters=PersonFilters)
    def get(self, request: Any) -> Page:
        found = of_customer(self, _people(), lookup="customer_id")
        found = narrowed(self, found, {"role": "role__slug", "is_active": "is_active"})
        return listed(self, found, "pk")


class OnePerson(Resource):
    permissions = {"GET": ("people.manage",)}

    @operation("Read a person", PersonShape)
    def get(self, request: Any, pk: int) -> Any:
        return load(_people(), pk=pk)
