"""Staff of Kestrel who work for Harbor only, by name or by a group."""

from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.domain import limits
from portal.accounts.models import Person, Role
from portal.customers.models import CustomerGroup
from tests.isolation import planting
from tests.people import Site, sign_in

WAYS = ("customer", "group")


def site(planted, partner="kestrel") -> Site:
    ids = [planted[partner, customer].customer_id for customer in planting.CUSTOMERS]
    return Site(partner, f"{partner}.localhost", *ids)


def for_harbor(planted, role: str, *, by: str = "customer") -> Client:
    """A browser of somebody with `role` who works for Harbor: chosen as a customer, or by a group."""
    client = sign_in(site(planted), role, email=f"limited-{role}@kestrel.test")
    with schema_context("kestrel"):
        person = Person.objects.get(email=f"limited-{role}@kestrel.test")
        limits.limit(person, **chosen(planted, by), by=boss())
    return client


def chosen(planted, by: str) -> dict[str, list[int]]:
    """What `limits.limit` takes for Harbor."""
    if by == "customer":
        return {"customers": [planted["kestrel", "harbor"].customer_id], "groups": []}
    group = CustomerGroup.objects.get(slug=planted["kestrel", "harbor"].mark)
    return {"customers": [], "groups": [group.pk]}


def boss() -> Person:
    """An admin who works for everybody, in the schema one is in."""
    found = Person.objects.filter(email="boss@kestrel.test").first()
    return found or Person.objects.create_person(
        email="boss@kestrel.test", name="Boss", password=None, role=Role.objects.get(slug="admin")
    )
