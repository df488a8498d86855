"""The partner Kestrel with something of every kind in it."""

from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint, Record
from portal.accounts.models import Identity, Person, Provider, ProviderRule, Role
from portal.core import clock
from portal.core.ids import uuid7
from portal.customers.models import Customer
from portal.privacy.domain import erasing, holds
from portal.privacy.models import Erasure
from portal.tenants.models import Partner, SentMail
from tests.accounts.conftest import person
from tests.brand.conftest import publish
from tests.brand.logos import raster
from tests.isolation import planting


@pytest.fixture
def partner(db: None) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def house(partner: Partner) -> Iterator[Partner]:
    """With all that is planted to test that nobody sees what is another one's, and a brand of its own."""
    planting.plant_all()
    with schema_context("kestrel"):
        _provider()
        _application()
        _privacy()
        publish(
            partner,
            logo=raster(),
            name="Kestrel Point",
            imprint="Kestrel, Reno",
            pdf_foot="Kestrel",
        )
        yield partner


def _provider() -> None:
    """By which somebody signed in, with a rule."""
    now = clock.now()
    made = Provider.objects.create(
        ref="kestrel-id", name="Kestrel ID", issuer="https://id.kestrel.test", client_id="kestrel",
        changed_at=now, changed_by="Ada",
    )  # fmt: skip
    role = Role.objects.get(slug="admin")
    ProviderRule.objects.create(provider=made, position=1, claim="team", value="desk", role=role)
    person = Person.objects.filter(customer_id=None).first()
    Identity.objects.create(provider=made, subject="7", person=person, made_at=now)


def _application() -> None:
    """With an order that it put."""
    order = Record.objects.filter(object_type="order").order_by("pk").first()
    assert order is not None
    app = Endpoint.objects.create(
        customer_id=order.customer_id, slug="shop-app", label="Shop app", connector="application"
    )
    order.pk, order.source, order.business_key = uuid7(), app, f"shop-app/{order.number}"
    order.save(force_insert=True)


def _privacy() -> None:
    """A hold, and a person whose data were erased."""
    SentMail.objects.create(
        partner=Partner.objects.get(schema_name="kestrel"), kind="bill", to="mia.olind@example.test",
        at=clock.now(), via="shared", was_taken=True,
    )  # fmt: skip
    ana, lea = person("admin", name="Ana Asks"), person("admin", name="Lea Agrees")
    made = erasing.ask(["mia.olind@example.test"], reason="letter 12", by=ana)
    _go_through(made)
    erasing.agree(made.pk, by=lea)
    _go_through(made)
    customer = Customer.objects.order_by("pk").first()
    assert customer is not None
    holds.place(customer_id=customer.pk, person="", reason="A court asks", until=None, actor="Ana")


def _go_through(made: Erasure) -> None:
    while erasing.step(made.pk)[0]:
        pass
