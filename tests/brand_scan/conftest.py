"""The partner Kestrel with something of every kind in it."""

import hashlib
from collections.abc import Iterator

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint, Interchange, Message, Payload, Record, Resource
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
        _resource()
        _file_that_waits()
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


_AGREED = """
incoming:
  stock:
    name: stock*.csv
    object: none
    profile: {format: delimited, columns: [{name: number}, {name: stock, kind: integer}]}
"""
_ORDER = (
    b"ISA*00*          *00*          *ZZ*US             *ZZ*THEM           *260302*1000*U*00401"
    b"*000000001*0*P*>~GS*PO*US*THEM*20260302*1000*1*X*004010~ST*850*0001~BEG*00*SA*1001**20260302~"
    b"SE*3*0001~GE*1*1~IEA*1*000000001~"
)
_SHOWN = {
    "relation": "stock", "key": ["number"],
    "fields": [{"name": "number", "column": "number", "type": "string", "filter": True}],
}  # fmt: skip


def _stored(body: bytes, content_type: str) -> bytes:
    digest = hashlib.sha256(body).digest()
    Payload.objects.create(sha256=digest, body=body, content_type=content_type)
    return digest


def _resource() -> None:
    """A file that came, published, with a draft beside it."""
    customer = Customer.objects.order_by("pk").first()
    assert customer is not None
    erp = Endpoint.objects.create(
        customer=customer, slug="old-erp", label="Old ERP", connector="files",
        settings={"protocol": "folder", "root": "/srv/files", "agreement": _AGREED},
    )  # fmt: skip
    digest = _stored(b"number,stock\r\nTENT-2P,5\r\n", "text/csv")
    Resource.objects.create(
        customer=customer, endpoint=erp, slug="stock", label="Stock", author_name="Ana",
        state=Resource.State.PUBLISHED, definition=_SHOWN, draft=_SHOWN, published_by="Lea",
        published_at=clock.now(), content=digest.hex(), cursor={"file": "stock_0302.csv"},
    )  # fmt: skip


def _file_that_waits() -> None:
    """Sent to an EDI partner, who has not acknowledged it."""
    order = Record.objects.filter(object_type="order").order_by("pk").first()
    assert order is not None
    partner = Endpoint.objects.create(
        customer_id=order.customer_id, slug="edi-partner", label="EDI partner", connector="x12",
        settings={"ack_hours": 24},
    )  # fmt: skip
    file = Interchange.objects.create(
        id=uuid7(), endpoint=partner, direction="out", sender="US", receiver="THEM", control="000000001",
        group_control="1", functional_id="PO", file_name="po_1.edi", at=clock.now(),
        payload_id=_stored(_ORDER, "application/edi-x12"),
    )  # fmt: skip
    Message.objects.create(
        id=uuid7(), direction="out", endpoint=partner, customer_id=order.customer_id, object_type="order",
        state="delivered", record=order, record_version=order.version, interchange=file,
        business_key=order.business_key,
    )  # fmt: skip


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
