"""An order's versions: repeated, changed, late, cancelled, held, and put right."""

import json

import pytest

from integrations.domain import replay
from integrations.models import Message, Record, RecordEvent
from monitoring.models import ExceptionCase
from tests import pipeline

pytestmark = pytest.mark.db

OPEN = ("open", "waiting")


def told(kestrel, shop, *bodies: dict) -> None:
    """The shop says something and everything runs until it rests."""
    pipeline.store(shop, *bodies)
    pipeline.run(kestrel.harbor)


def milestones(number: str = "1001") -> list[str]:
    record = Record.objects.get(object_type="order", number=number)
    found = RecordEvent.objects.filter(record=record).order_by("id")
    return [e.to_state or e.cause for e in found]


def state(number: str = "1001") -> str:
    return Record.objects.get(object_type="order", number=number).state


def test_an_order_number_that_comes_again_with_other_content_is_a_new_version(
    kestrel, shop, erp, sink
):
    told(kestrel, shop, pipeline.order(quantity="1"), pipeline.order(quantity="5"))
    record = Record.objects.get()
    assert (record.version, record.body["lines"][0]["quantity"]) == (2, "5")
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "5"]


def test_the_same_number_in_two_channels_is_two_orders(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(channel="east"), pipeline.order(channel="west"))
    keys = sorted(Record.objects.values_list("business_key", flat=True))
    assert keys == ["east/1001", "west/1001"]
    assert sorted(o["channel"] for o in sink.taken) == ["east", "west"]


def test_a_shipment_for_a_number_two_orders_share_is_held(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(channel="east"), pipeline.order(channel="west"))
    pipeline.store(erp, shipment(), object_type="shipment")
    pipeline.run(kestrel.harbor)
    case = ExceptionCase.objects.get()
    assert (case.code, case.value, case.severity) == ("unknown_order_945", "1001", 1)
    assert [state_ for (state_,) in Record.objects.values_list("state")] == ["released"] * 2


def shipment(number: str = "S-1", **changes: object) -> dict:
    return {
        "number": number, "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
        "status": "complete", "tracking": ["1Z999"],
        "lines": [{"sku": "TENT-2P", "shipped": "2"}], **changes,
    }  # fmt: skip


def test_an_older_update_that_comes_after_a_newer_one_changes_nothing(kestrel, shop, erp, sink):
    newer = pipeline.order(quantity="5", source_updated_at="2026-03-02T15:00:00Z")
    older = pipeline.order(quantity="1", source_updated_at="2026-03-02T14:00:00Z")
    told(kestrel, shop, newer)
    told(kestrel, shop, older)
    assert pipeline.states(direction="in") == ["applied", "superseded"]
    assert Record.objects.get().body["lines"][0]["quantity"] == "5"
    assert len(sink.taken) == 1


def test_a_late_update_within_one_batch_changes_nothing_either(kestrel, shop, erp, sink):
    times = ["14:00", "16:00", "15:00"]
    bodies = [
        pipeline.order(quantity=str(n), source_updated_at=f"2026-03-02T{t}:00Z")
        for n, t in enumerate(times, 1)
    ]
    told(kestrel, shop, *bodies)
    assert pipeline.states(direction="in") == ["applied", "applied", "superseded"]
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "2"]


def test_an_order_cancelled_before_it_was_sent_is_never_sent(kestrel, shop, erp, sink):
    erp.state = "paused"
    erp.save()
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(status="cancelled"))
    erp.state = "active"
    erp.save()
    pipeline.run(kestrel.harbor)
    assert (state(), sink.taken) == ("cancelled", [])
    assert pipeline.states(direction="out") == ["superseded"]
    assert milestones() == ["received", "released", "cancelled"]


def test_an_order_cancelled_after_it_was_sent_is_told_to_its_target(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(status="cancelled"))
    assert [o["status"] for o in sink.taken] == ["open", "cancelled"]
    assert pipeline.states(direction="out") == ["confirmed", "confirmed"]


def test_an_order_that_was_born_cancelled_goes_nowhere(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(status="cancelled"))
    assert (state(), sink.taken) == ("cancelled", [])


def test_an_order_on_hold_waits_and_goes_once_when_it_is_released(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(status="on_hold"))
    assert (state(), sink.taken, pipeline.states(direction="out")) == ("on_hold", [], [])
    told(kestrel, shop, pipeline.order(status="open"))
    assert (state(), [o["status"] for o in sink.taken]) == ("released", ["open"])
    assert milestones()[:3] == ["received", "on_hold", "released"]


def test_an_order_put_on_hold_before_it_was_sent_is_withdrawn_and_sent_on_release(
    kestrel, shop, erp, sink
):
    erp.state = "paused"
    erp.save()
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(status="on_hold"))
    assert pipeline.states(direction="out") == ["superseded"]
    erp.state = "active"
    erp.save()
    pipeline.run(kestrel.harbor)
    assert sink.taken == []
    told(kestrel, shop, pipeline.order(status="open", po_number="PO-1"))
    assert [o["po_number"] for o in sink.taken] == ["PO-1"]


def test_an_order_on_hold_that_is_cancelled_goes_nowhere(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(status="on_hold"))
    told(kestrel, shop, pipeline.order(status="cancelled"))
    assert (state(), sink.taken) == ("cancelled", [])


def test_a_good_second_version_outdoes_the_held_first_and_closes_its_case(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(quantity="0"))
    case = ExceptionCase.objects.get()
    assert (case.state, case.documents) == ("new", 1)
    told(kestrel, shop, pipeline.order(quantity="2"))
    case.refresh_from_db()
    assert (case.state, case.documents) == ("resolved", 1)
    assert case.resolution == "A later document of the same object came"
    assert pipeline.states(direction="in") == ["superseded", "applied"]
    assert len(sink.taken) == 1


def test_a_good_second_version_in_the_same_batch_outdoes_the_first(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order(quantity="0"), pipeline.order(quantity="2"))
    assert pipeline.states(direction="in") == ["superseded", "applied"]
    assert not ExceptionCase.objects.filter(state__in=OPEN).exists()


def test_a_good_version_leaves_the_held_documents_of_other_orders_alone(kestrel, shop, erp, sink):
    told(kestrel, shop, pipeline.order("1", quantity="0"), pipeline.order("2"))
    assert pipeline.states(direction="in") == ["held", "applied"]
    assert ExceptionCase.objects.get().documents == 1


def test_a_good_document_leaves_a_held_one_of_another_type_with_the_same_key_alone(kestrel, shop):
    pipeline.store(shop, {"sku": "100", "status": "active"}, object_type="product")
    pipeline.store(shop, {"account": "100", "name": "Ridgeline Supply"}, object_type="customer")
    pipeline.run(kestrel.harbor)
    assert pipeline.states(object_type="product") == ["held"]
    assert pipeline.states(object_type="customer") == ["applied"]


def test_a_held_earlier_version_that_is_replayed_late_does_not_undo_the_later(
    kestrel, shop, erp, sink
):
    early = pipeline.order(quantity="0", source_updated_at="2026-03-02T14:00:00Z")
    late = pipeline.order(quantity="3", source_updated_at="2026-03-02T15:00:00Z")
    told(kestrel, shop, early)
    held = Message.objects.get(state="held")
    mended = {**early, "lines": [{**early["lines"][0], "quantity": "1"}]}
    told(kestrel, shop, late)
    assert replay.replay([held.pk], actor="Ana Ruiz", cause="again") == 0
    told(kestrel, shop, mended)
    assert Record.objects.get().body["lines"][0]["quantity"] == "3"
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["3"]


def test_a_held_first_version_keeps_the_second_waiting_until_a_replay_and_the_others_go(
    kestrel, shop, erp, sink
):
    sink.refusing = {"1": 422}
    told(kestrel, shop, pipeline.order("1"), pipeline.order("2"))
    assert pipeline.states(direction="out") == ["held", "confirmed"]
    sink.refusing = {}
    told(kestrel, shop, pipeline.order("1", quantity="7"), pipeline.order("3"))
    assert sink.names == ["2", "3"]
    assert pipeline.states(direction="out") == ["held", "confirmed", "waiting", "confirmed"]
    held = Message.objects.get(state="held")
    assert ExceptionCase.objects.get().documents == 1
    assert replay.replay([held.pk], actor="Ana Ruiz", cause="target mended") == 1
    pipeline.run(kestrel.harbor)
    assert sink.names == ["2", "3", "1"]
    assert sink.taken[2]["lines"][0]["quantity"] == "7"  # the target never had the first
    assert ExceptionCase.objects.get().state == "resolved"


def test_skipping_the_held_first_version_lets_the_second_go(kestrel, shop, erp, sink):
    sink.refusing = {"1": 422}
    told(kestrel, shop, pipeline.order("1"))
    told(kestrel, shop, pipeline.order("1", quantity="7"))
    sink.refusing = {}
    held = Message.objects.get(state="held")
    assert replay.skip([held.pk], actor="Ana Ruiz", reason="outdated") == 1
    pipeline.run(kestrel.harbor)
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["7"]
    assert pipeline.states(direction="out") == ["skipped", "confirmed"]


def test_a_document_that_is_mended_by_hand_passes_and_keeps_its_original(kestrel, shop, erp, sink):
    told(kestrel, shop, b'{"number": "10')
    held = Message.objects.get(state="held")
    with pytest.raises(replay.NotEditableError):
        replay.edit_and_replay(held.pk, b'{"number": "10', actor="Ana Ruiz", reason="typo")
    body = pipeline.order("10")
    done = replay.edit_and_replay(
        held.pk, json.dumps(body).encode(), actor="Ana Ruiz", reason="cut off in transit"
    )
    assert done == 1
    pipeline.run(kestrel.harbor)
    assert sink.taken == [body]
    edited = held.events.get(to_state="edited")
    assert bytes(edited.payload.body) == b'{"number": "10'
    assert (edited.actor, edited.cause) == ("Ana Ruiz", "cut off in transit")
