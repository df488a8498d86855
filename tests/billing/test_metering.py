"""What moved becomes usage, once."""

from collections.abc import Iterator
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection

from billing.domain import metering
from billing.models import ToMeter, UsageFact
from integrations.domain import replay
from integrations.models import Endpoint, Interchange, Message, Payload
from portal.core.ids import uuid7
from tests import pipeline
from tests.people import Site
from tests.scenarios.target import Target

pytestmark = pytest.mark.db


@pytest.fixture
def target() -> Iterator[Target]:
    server = Target()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel: Site, target: Target) -> Endpoint:
    return pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": target.url}, rate_per_second=1000
    )


def meter() -> list[tuple[str, str]]:
    """Meter all that waits; what there is of facts: (kind, object type)."""
    while metering.meter():
        pass
    facts = UsageFact.objects.order_by("id")
    return [(fact.kind, fact.properties["object_type"]) for fact in facts]


def test_a_delivered_document_is_one_fact_that_leads_to_it(
    kestrel: Site, shop: Endpoint, erp: Endpoint
) -> None:
    flow = pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert meter() == [("document", "order")]
    fact, message = UsageFact.objects.get(), Message.objects.get(direction="out")
    assert fact.source == message.pk
    assert fact.happened_at == message.events.get(to_state="confirmed").at
    assert fact.properties["flow"] == flow.pk
    assert fact.customer_id == kestrel.harbor
    assert not ToMeter.objects.exists()


def test_what_is_sent_to_us_again_costs_nothing(
    kestrel: Site, shop: Endpoint, erp: Endpoint
) -> None:
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order(), dedup="event-1")
    pipeline.store(shop, pipeline.order(), dedup="event-1")
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert meter() == [("document", "order")]


def test_tries_that_fail_cost_nothing(
    kestrel: Site, shop: Endpoint, erp: Endpoint, target: Target
) -> None:
    pipeline.flow(shop, erp)
    target.status = 500
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert meter() == []
    target.status = 200
    Message.objects.filter(direction="out").update(due_at=None)
    erp.refresh_from_db()
    Endpoint.objects.update(breaker={})
    pipeline.run(kestrel.harbor)
    assert meter() == [("document", "order")]


def test_a_replay_of_what_was_held_is_billed_once(
    kestrel: Site, shop: Endpoint, erp: Endpoint, target: Target
) -> None:
    pipeline.flow(shop, erp)
    target.status = 422
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    target.status = 200
    for _ in range(2):
        held = Message.objects.filter(state="held").values_list("pk", flat=True)
        replay.replay(list(held), actor="Ana Ruiz", cause="mended")
        pipeline.run(kestrel.harbor)
    assert target.names == ["1001"]
    assert meter() == [("document", "order")]


def test_a_document_read_anew_by_a_mended_mapping_is_billed_once(
    kestrel: Site, shop: Endpoint, erp: Endpoint, target: Target
) -> None:
    """The hub has two versions, and the target got both: one of them was our fault."""
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    first = Message.objects.get(direction="in")
    body = pipeline.order(quantity="5")
    pipeline.store(shop, body)
    pipeline.run(kestrel.harbor)
    second = Message.objects.filter(direction="in").latest("id")
    assert target.names == ["1001", "1001"]
    # The second version was made of the first document again, not of another.
    Message.objects.filter(pk=second.pk).delete()
    Message.objects.filter(pk=first.pk).update(record_version=2)
    assert meter() == [("document", "order")]


def test_another_version_that_they_sent_is_another_document(
    kestrel: Site, shop: Endpoint, erp: Endpoint
) -> None:
    pipeline.flow(shop, erp)
    pipeline.store(shop, *[pipeline.order(quantity=str(n)) for n in (1, 2, 3)])
    pipeline.run(kestrel.harbor)
    assert meter() == [("document", "order")] * 3


def test_one_order_to_two_systems_is_two_documents(
    kestrel: Site, shop: Endpoint, erp: Endpoint, target: Target
) -> None:
    second = pipeline.endpoint(kestrel.harbor, "books", settings={"url": target.url})
    pipeline.flow(shop, erp)
    pipeline.flow(shop, second)
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert meter() == [("document", "order")] * 2


def test_tests_of_an_endpoint_before_it_goes_live_are_free(
    kestrel: Site, shop: Endpoint, erp: Endpoint
) -> None:
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    Endpoint.objects.filter(pk=erp.pk).update(state="testing")
    meter()
    assert UsageFact.objects.get().free == "a test before going live"


def test_what_a_killed_meter_took_comes_back(kestrel: Site, shop: Endpoint, erp: Endpoint) -> None:
    """Its transaction ends with it: here it is rolled back to a savepoint."""
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order("1"), pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT killed")
        assert metering.meter() > 0
        cursor.execute("ROLLBACK TO SAVEPOINT killed")
    assert ToMeter.objects.count() == 2
    assert meter() == [("document", "order")] * 2


def test_documents_of_an_interchange_share_its_characters(
    kestrel: Site, shop: Endpoint, erp: Endpoint
) -> None:
    """10 characters for 3 documents: 3, 3 and 4, in the order in which they came."""
    pipeline.flow(shop, erp)
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(3)])
    pipeline.run(kestrel.harbor)
    payload = Payload.objects.create(sha256=b"x" * 32, body=b"0123456789")
    interchange = Interchange.objects.create(
        id=uuid7(), endpoint=erp, direction="out", sender="A", receiver="B", control="1",
        group_control="1", functional_id="PO", file_name="po.edi", payload=payload,
    )  # fmt: skip
    Message.objects.filter(direction="out").update(interchange=interchange)
    assert sorted(meter()) == [
        (kind, "order") for kind in ("document", "edi_characters", "edi_document") for _ in range(3)
    ]
    parts = UsageFact.objects.filter(kind="edi_characters").order_by("source")
    assert [fact.quantity for fact in parts] == [
        Decimal("0.003"),
        Decimal("0.003"),
        Decimal("0.004"),
    ]
