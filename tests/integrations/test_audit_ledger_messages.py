"""What the books find in messages: a broken history, missing content, effects that happened twice."""

from uuid import uuid4

import pytest
from django.db import connection

from integrations.models import (
    Binding,
    Message,
    MessageEvent,
    Payload,
    Problem,
    Record,
    RecordEvent,
    RouteDecision,
)
from integrations.queries.ledger import balance
from tests import pipeline
from tests.integrations.books import erp, findings, first, orders, shop, standing_flow

__all__ = ["erp", "orders", "shop"]

pytestmark = pytest.mark.db


def without_constraints(table: str) -> None:
    """From now on this test sees a copy of the table in which anything may stand."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS TABLE kestrel.{table}")


def copy(message: Message, *states: str, **fields) -> Message:
    """Another message like this one, with a history through these states."""
    twin = Message.objects.get(pk=message.pk)
    twin.pk, twin.state, twin.dedup_key = uuid4(), states[-1], None
    for name, value in fields.items():
        setattr(twin, name, value)
    twin.save(force_insert=True)
    for before, after in zip(("", *states), states, strict=False):
        MessageEvent.objects.create(message=twin, from_state=before, to_state=after)
    return twin


def test_a_message_whose_bytes_are_gone_is_lost(kestrel, orders):
    message = first(direction="in")
    Payload.objects.filter(pk=message.payload_id).delete()
    assert findings() == [(str(message.pk), "its bytes are gone")]


def test_a_message_without_a_history_is_lost(kestrel, orders):
    message = first(direction="out")
    MessageEvent.objects.filter(message=message).delete()
    assert findings() == [(str(message.pk), "its history does not lead to its state")]


def test_a_message_that_changed_its_state_silently_is_lost(kestrel, orders):
    message = first(direction="out")
    Message.objects.filter(pk=message.pk).update(state="skipped")
    assert findings() == [(str(message.pk), "its history does not lead to its state")]


def test_a_message_in_a_state_there_is_not_is_lost(kestrel, orders):
    message = first(direction="in")
    MessageEvent.objects.create(message=message, from_state="applied", to_state="delivered")
    Message.objects.filter(pk=message.pk).update(state="delivered")
    assert findings() == [(str(message.pk), "its state is none there is")]


def test_a_held_message_that_no_problem_explains_is_lost(kestrel, shop):
    (held,) = pipeline.store(shop, b"{broken")
    pipeline.run(kestrel.harbor)
    assert findings() == []
    Problem.objects.all().delete()
    assert findings() == [(str(held), "it is held and no open problem says why")]


def test_a_message_whose_record_is_gone_is_lost(kestrel, orders):
    message = first(direction="out")
    Record.objects.filter(pk=message.record_id).delete()
    order = Message.objects.get(direction="in", record=message.record_id)
    assert dict(findings()) == {
        str(message.pk): "the content it names is gone",
        str(order.pk): "the content it names is gone",
    }


def test_a_message_whose_file_is_gone_is_lost(kestrel, orders):
    message = first(direction="out")
    Message.objects.filter(pk=message.pk).update(interchange_id=uuid4())
    assert findings() == [(str(message.pk), "the file it was sent in is gone")]


def test_a_file_that_lost_one_of_its_documents_is_lost(kestrel, shop, orders):
    part = first(direction="in")
    whole = copy(part, "received", "split", record_id=None)
    MessageEvent.objects.filter(message=whole, to_state="split").update(cause="2 documents")
    Message.objects.filter(direction="in").exclude(pk=whole.pk).update(parent=whole)
    assert findings() == []
    assert balance().counts["received"] == 2  # the file counts as its documents
    Message.objects.filter(pk=part.pk).update(parent=None)
    assert findings() == [(str(whole.pk), "some of the documents in it are gone")]


def test_an_order_without_a_milestone_is_lost(kestrel, orders):
    order = first(direction="in")
    RecordEvent.objects.filter(message_id=order.pk).delete()
    assert findings() == [(str(order.pk), "the order's history does not know it")]


def test_a_superseded_order_needs_a_reason(kestrel, orders):
    message = first(direction="out")
    Message.objects.filter(pk=message.pk).update(state="superseded")
    event = MessageEvent.objects.create(
        message=message, from_state="waiting", to_state="superseded"
    )
    assert findings() == [(str(message.pk), "it is superseded and nothing took its place")]
    event.actor = "Ana Ruiz"
    event.save()
    assert findings() == []


def test_the_same_version_sent_twice_is_a_doubled_effect(kestrel, orders):
    without_constraints("integrations_message")
    twin = copy(first(direction="out"), "waiting", "confirmed")
    ledger = balance()
    assert (ledger.counts["effects_doubled"], ledger.counts["lost"]) == (1, 0)
    assert len(ledger.findings) == 1
    assert ledger.findings[0].kind == "effects_doubled"
    assert ledger.findings[0].id in {str(twin.pk), str(first(direction="out").pk)}


def test_a_message_that_took_effect_twice_is_a_doubled_effect(kestrel, orders):
    message = first(direction="out")
    MessageEvent.objects.create(message=message, from_state="confirmed", to_state="waiting")
    MessageEvent.objects.create(message=message, from_state="sending", to_state="confirmed")
    assert findings() == [(str(message.pk), "it took effect more than once")]


def test_sending_again_what_was_refused_is_no_doubled_effect(kestrel, orders):
    message = first(direction="out")
    MessageEvent.objects.create(message=message, from_state="confirmed", to_state="held")
    MessageEvent.objects.create(message=message, from_state="held", to_state="waiting")
    MessageEvent.objects.create(message=message, from_state="sending", to_state="confirmed")
    assert findings() == []


def test_an_order_at_two_sites_is_a_doubled_effect_unless_a_person_sent_it_there(
    kestrel, shop, sink
):  # fmt: skip
    sites = [
        pipeline.endpoint(kestrel.harbor, slug, settings={"url": sink.url}, site=slug.upper())
        for slug in ("rno1", "atl2")
    ]
    flows = [standing_flow(shop, site, routed=True) for site in sites]
    pipeline.store(shop, pipeline.order("1"))
    pipeline.run(kestrel.harbor)
    sent = first(direction="out")
    other = next(flow for flow in flows if flow.pk != sent.flow_id)
    copy(sent, "waiting", "delivered", flow_id=other.pk, endpoint_id=other.target_id)
    (finding,) = findings()
    assert finding[1] == "another site has the same order"
    RouteDecision.objects.create(
        record_id=sent.record_id, record_version=1, chosen="ATL2", explanation={}, actor="Ana Ruiz"
    )
    assert findings() == []


def test_a_record_with_two_ids_at_one_endpoint_is_a_doubled_effect(kestrel, orders):
    without_constraints("integrations_binding")
    binding = Binding.objects.order_by("pk")[0]
    assert findings() == []
    binding.pk, binding.remote_id = binding.pk + 1000, "another id"
    binding.save(force_insert=True)
    assert findings() == [(str(binding.record_id), "one system has this record under two ids")]
