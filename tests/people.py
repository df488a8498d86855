"""The named people of the tests, and the two sites they belong to."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.session_store import SEEN

PASSWORD = "correct horse battery"
ALWAYS = 4_102_444_800  # the year 2100: a test may stop the clock at any time, and nobody was away for long


class Site(NamedTuple):
    """A partner's site with its two customers."""

    schema: str
    host: str
    harbor: int  # customer ids
    maris: int


@pytest.fixture
def kestrel(db: None) -> Iterator[Site]:
    """The partner most tests happen in; the connection is in its schema."""
    with schema_context("kestrel"):
        yield _site("kestrel")


@pytest.fixture
def aurora(db: None) -> Site:
    """The other partner: whatever shows here of Kestrel's is a leak."""
    with schema_context("aurora"):
        return _site("aurora")


def _site(schema: str) -> Site:
    from portal.customers.models import Customer

    harbor = Customer.objects.create(slug="harbor", name="Harbor Outfitters")
    maris = Customer.objects.create(slug="maris", name="Maris Foods")
    return Site(schema, f"{schema}.localhost", harbor.pk, maris.pk)


def sign_in(site: Site, role: str, *, email: str = "", customer_id: int | None = None) -> Client:
    """A browser signed in at `site` as somebody with `role`."""
    from portal.accounts.models import Person, Role

    with schema_context(site.schema):
        person = Person.objects.create_person(
            email=email or f"{role}@{site.schema}.test",
            name=role.title(),
            role=Role.objects.get(slug=role),
            password=PASSWORD,
            customer_id=customer_id,
        )
        client = Client(HTTP_HOST=site.host)
        client.force_login(person, backend="portal.accounts.backends.EmailBackend")
        session = client.session
        session[SEEN] = ALWAYS
        session.save()
    return client


@pytest.fixture
def staff(db: None) -> Client:
    """A browser of the platform's own people, at their console."""
    from portal.accounts.models import Person, Role

    with schema_context("public"):
        person = Person.objects.create_person(
            email="ops@platform.test", name="Ops", role=Role.objects.get(slug="platform-admin"),
            password=None,
        )  # fmt: skip
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(person, backend="portal.accounts.backends.EmailBackend")
    return client


@pytest.fixture
def admin(kestrel: Site) -> Client:
    return sign_in(kestrel, "admin")


@pytest.fixture
def engineer(kestrel: Site) -> Client:
    return sign_in(kestrel, "engineer")


@pytest.fixture
def operator(kestrel: Site) -> Client:
    return sign_in(kestrel, "operator")


@pytest.fixture
def viewer(kestrel: Site) -> Client:
    """A person of the customer Harbor: sees Harbor's rows and nothing else."""
    return sign_in(kestrel, "viewer", customer_id=kestrel.harbor)


@pytest.fixture
def stranger(aurora: Site) -> Client:
    """An operator of the other partner, with a browser pointed at their own site."""
    return sign_in(aurora, "operator")
