"""A shipment waits for its order; a correction outdoes what was refused before it."""

import pytest

from integrations.domain import replay
from integrations.models import Message
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.scenarios.test_order_life import shipment, told

pytestmark = pytest.mark.db


@pytest.fixture
def depot_site(kestrel, erp):
    """A warehouse whose shipments the ERP hears of."""
    made = pipeline.endpoint(kestrel.harbor, "reno", settings={}, site="RNO1")
    pipeline.flow(made, erp, "shipment")
    return made


def ships(kestrel, depot_site, number: str = "S-1", **changes: object) -> None:
    pipeline.store(depot_site, shipment(number, **changes), object_type="shipment")
    pipeline.run(kestrel.harbor)


def sent_shipments() -> list[str]:
    return pipeline.states(direction="out", object_type="shipment")


def test_a_shipment_waits_while_its_order_is_held_and_goes_by_itself_when_it_has_landed(
    kestrel, shop, erp, sink, depot_site
):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    ships(kestrel, depot_site)
    assert (sent_shipments(), sink.taken) == (["waiting"], [])
    assert sink.tried == ["1001"]
    assert ExceptionCase.objects.filter(closed_at=None).count() == 1
    sink.refusing = {}
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="ERP mended")
    pipeline.run(kestrel.harbor)
    assert sink.names == ["1001", "S-1"]
    assert sent_shipments() == ["confirmed"]


def test_a_shipment_waits_while_its_order_waits_at_a_paused_endpoint(
    kestrel, shop, erp, sink, depot_site
):
    erp.state = "paused"
    erp.save()
    told(kestrel, shop, pipeline.order())
    ships(kestrel, depot_site)
    erp.state = "active"
    erp.save()
    pipeline.run(kestrel.harbor)
    assert sink.names == ["1001", "S-1"]


def test_a_shipment_goes_at_once_when_its_order_was_taken(kestrel, shop, erp, sink, depot_site):
    told(kestrel, shop, pipeline.order())
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order(quantity="3"))  # the change is held, the order is there
    ships(kestrel, depot_site)
    assert sink.names == ["1001", "S-1"]


def test_a_shipment_goes_when_its_order_is_skipped_and_a_refusal_is_one_case(
    kestrel, shop, erp, sink, depot_site
):
    sink.refusing = {"1001": 422, "S-1": 422, "S-2": 422}
    told(kestrel, shop, pipeline.order())
    ships(kestrel, depot_site, "S-1")
    ships(kestrel, depot_site, "S-2")
    held = Message.objects.get(state="held")
    replay.skip([held.pk], actor="Ana Ruiz", reason="typed in by hand")
    pipeline.run(kestrel.harbor)
    assert sent_shipments() == ["held", "held"]
    case = ExceptionCase.objects.get(closed_at=None)
    assert (case.object_type, case.documents) == ("shipment", 2)


def test_a_shipment_does_not_wait_for_ever(kestrel, shop, erp, sink, depot_site):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    ships(kestrel, depot_site)
    due = Message.objects.get(object_type="shipment", direction="out").due_at
    assert 6 < (due - clock.now()).total_seconds() / 86_400 < 7.01


def test_a_newer_version_goes_instead_of_those_the_target_refused(kestrel, shop, erp, sink):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order(sku="NOPE-1"))
    told(kestrel, shop, pipeline.order(sku="TENT-2P"))
    assert pipeline.states(direction="out") == ["held", "waiting"]
    sink.refusing = {}
    held = Message.objects.get(state="held")
    assert replay.replay([held.pk], actor="Ana Ruiz", cause="row put right") == 1
    pipeline.run(kestrel.harbor)
    assert [o["lines"][0]["sku"] for o in sink.taken] == ["TENT-2P"]
    assert pipeline.states(direction="out") == ["superseded", "confirmed"]
    assert ExceptionCase.objects.get().state == "resolved"
    event = held.events.get(to_state="superseded")
    assert (event.actor, event.cause) == (
        "Ana Ruiz", "A newer version goes instead; nothing of this record was taken before"
    )  # fmt: skip


def test_a_version_whose_try_had_no_answer_is_sent_as_it_was_before_the_newer(
    kestrel, shop, erp, sink
):
    sink.status = 503
    now = clock.now()
    with clock.freeze(now):
        told(kestrel, shop, pipeline.order(quantity="1"))
    assert pipeline.states(direction="out") == ["waiting"]
    first = Message.objects.get(direction="out")
    Message.objects.filter(pk=first.pk).update(state="held")
    sink.status = 200
    told(kestrel, shop, pipeline.order(quantity="5"))
    replay.replay([first.pk], actor="Ana Ruiz", cause="again")
    assert pipeline.states(direction="out") == ["waiting", "waiting"]


def test_versions_of_a_record_the_target_has_are_all_sent(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(quantity="1"))
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order(quantity="2"), pipeline.order(quantity="3"))
    sink.refusing = {}
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="again")
    pipeline.run(kestrel.harbor)
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "2", "3"]
