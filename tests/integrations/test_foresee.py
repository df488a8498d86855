"""What the dry run of a remedy says of each document."""

import json
from collections import Counter

import pytest

from integrations.domain import foresee, hub, lookups, receive, replay
from integrations.domain.translate import Translator
from integrations.models import LookupTable, Message, Payload, Problem, Record
from monitoring.models import ExceptionCase
from portal.core.ids import uuid7
from tests import pipeline
from tests.integrations.foreseeing import again, foreseen, held, row, told
from tests.monitoring.conftest import hold

pytestmark = pytest.mark.db


def test_a_lookup_row_frees_every_order_that_wants_it(harbor):
    hold(harbor, "1001", "1002", "1003")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [("pass", "", "becomes an order, goes to Erp")] * 3
    assert [(str(one.amount), one.currency) for one in found] == [("128.0000", "USD")] * 3
    assert found[0].targets == ("Erp",)


def test_a_document_that_fails_for_another_reason_says_which(harbor):
    lines = pipeline.order()["lines"]
    two = [{**lines[0], "sku": "TENT-OLD"}, {**lines[0], "line_no": "2", "sku": "STOVE-X"}]
    pipeline.store(
        harbor.shop, pipeline.order("1001", sku="TENT-OLD"), pipeline.order("1002", lines=two)
    )
    pipeline.run(harbor.customer_id)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("pass", "", "becomes an order, goes to Erp"),
        ("fail", "unknown_sku", "“STOVE-X” has no row in lookup table sku."),
    ]
    failed = found[1]
    assert (failed.path, failed.value, failed.targets) == ("lines[1].sku", "STOVE-X", ())
    assert failed.fingerprint == ExceptionCase.objects.get(value="STOVE-X").fingerprint


def test_causes_are_told_apart_and_documents_of_one_cause_say_the_same(harbor):
    hold(harbor, "1001", "1002")
    hold(harbor, "1003", sku="STOVE-X")
    found = foreseen(harbor)
    assert Counter(told(found)) == {
        ("fail", "unknown_sku", "“TENT-OLD” has no row in lookup table sku."): 2,
        ("fail", "unknown_sku", "“STOVE-X” has no row in lookup table sku."): 1,
    }


def test_what_would_be_held_on_the_way_out_fails(harbor):
    hold(harbor, "1001")
    harbor.erp.mappings.create(
        object_type="order", direction="out", version=1,
        rows=[["number", "number"], ["account", "$lookup('account', channel)"]],
    )  # fmt: skip
    LookupTable.objects.create(customer_id=harbor.customer_id, name="account", default="hold")
    (found,) = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told([found]) == [
        ("fail", "lookup_missing", "“shop” has no row in lookup table account.")
    ]
    assert (found.path, found.value) == ("account", "shop")


def test_a_document_that_was_taken_care_of_meanwhile_is_impossible(harbor):
    hold(harbor, "1001", "1002")
    first, second = held()
    row(harbor, "TENT-OLD")()
    again([first])
    pipeline.run(harbor.customer_id)
    found = foreseen(harbor, ids=[first, second])
    assert [(one.verdict, one.code) for one in found] == [
        ("impossible", "not_held"),
        ("pass", ""),
    ]
    assert found[0].text.startswith("no longer held: applied at ")
    assert found[0].text.endswith(" by Ana Ruiz")


def test_a_document_without_content_is_impossible_to_replay_and_can_be_skipped(harbor):
    hold(harbor, "1001", "1002")
    first, _ = held()
    Message.objects.filter(pk=first).update(payload_id=None)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("impossible", "purged", "its content was removed"),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
    found = foreseen(harbor, release=lambda ids: replay.skip(ids, actor="Ana", reason="twice"))
    assert told(found) == [("pass", "", "ends here")] * 2


def test_a_payload_row_that_is_gone_is_no_content_either(harbor):
    hold(harbor, "1001")
    Payload.objects.all().delete()
    assert told(foreseen(harbor)) == [("impossible", "purged", "its content was removed")]


def test_a_document_that_does_not_exist_is_gone(harbor):
    (found,) = foreseen(harbor, ids=[uuid7()])
    assert told([found]) == [("impossible", "gone", "it is not there any more")]


def test_a_document_of_another_customer_is_refused_before_anything_is_tried(kestrel, harbor):
    hold(harbor, "1001")
    done = []
    with pytest.raises(foresee.NotOfThisCustomerError):
        foresee.foresee(
            kestrel.maris, held(), change=lambda: done.append("changed"), release=done.append
        )
    assert done == []


def test_a_change_that_is_refused_is_told_as_it_is(harbor):
    hold(harbor, "1001")
    harbor.table.default = "master"
    harbor.table.save()
    with pytest.raises(lookups.NotAProductError):
        foreseen(
            harbor, change=lambda: lookups.put(harbor.table, "TENT-OLD", "NO-TENT", by="Ana Ruiz")
        )
    assert pipeline.states(direction="in") == ["held"]


def test_a_product_put_into_the_hub_frees_what_wants_it(harbor):
    hold(harbor, "1001")
    harbor.table.default = "master"
    harbor.table.save()

    def change() -> None:
        body = {"sku": "TENT-OLD", "title": "Tent", "status": "active", "base_uom": "EA"}
        offer = hub.Offer(
            None, harbor.erp.pk, "product", "TENT-OLD", body, json.dumps(body), b"1" * 32
        )
        hub.apply(harbor.customer_id, [offer])

    assert told(foreseen(harbor)) == [
        ("fail", "unknown_sku", "“TENT-OLD” has no row in lookup table sku.")
    ]
    assert told(foreseen(harbor, change=change)) == [("pass", "", "becomes an order, goes to Erp")]
    assert not Record.objects.filter(object_type="product").exists()


def test_a_document_that_ended_a_process_is_not_tried_but_can_be_skipped(harbor):
    hold(harbor, "1001", "1002")
    first, _ = held()
    text = f"{receive.DEADLY}, 3 times; an engineer has to look at it"
    Problem.objects.filter(message=first).update(code="poison", text=text)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("impossible", "deadly", "it ended the process that worked on it, so it is not tried here"),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
    found = foreseen(harbor, release=lambda ids: replay.skip(ids, actor="Ana", reason="broken"))
    assert told(found) == [("pass", "", "ends here")] * 2


def test_a_document_that_breaks_our_code_fails_alone(harbor, monkeypatch):
    hold(harbor, "1001", "1002", "1003")
    read = Translator.read

    def breaks(translator, message):
        if b"1002" in message.body:
            raise ZeroDivisionError
        return read(translator, message)

    monkeypatch.setattr(Translator, "read", breaks)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    broken = "The document stops our own code (ZeroDivisionError); an engineer has to look at it"
    assert told(found) == [
        ("pass", "", "becomes an order, goes to Erp"),
        ("fail", "poison", broken),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
