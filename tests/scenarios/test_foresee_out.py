"""Dry runs of what is on its way out: resending, files of a warehouse, and what follows an order."""

import json
from uuid import UUID

import pytest

from integrations.domain import foresee, replay
from integrations.domain.foresee import Foreseen
from integrations.models import ControlNumber, Message
from tests import pipeline
from tests.scenarios.test_follow_ups import depot_site, ships
from tests.scenarios.test_order_life import shipment, told
from tests.scenarios.test_x12 import (
    advice,
    answer,
    arrives,
    depot,
    group_control,
    ordered,
    received,
    server,
)

__all__ = ["depot", "depot_site", "server"]

pytestmark = pytest.mark.db


def nothing() -> None:
    """A remedy that changes nothing for all."""


def again(ids: list[UUID]) -> None:
    replay.replay(ids, actor="Ana Ruiz", cause="mended")


def held(**filters) -> list[UUID]:
    return list(Message.objects.filter(state="held", **filters).values_list("pk", flat=True))


def foreseen(kestrel, *, change=nothing, release=again, ids=None) -> Foreseen:
    """What is foreseen of the one document that is held."""
    found = foresee.foresee(kestrel.harbor, ids or held(), change=change, release=release)
    ((one,),) = found
    return one


def edited(kestrel, body: dict) -> Foreseen:
    """What is foreseen where a person writes `body` instead of the one document that came in."""

    def release(ids: list[UUID]) -> None:
        replay.edit_and_replay(ids[0], json.dumps(body).encode(), actor="Ana", reason="typing")

    return foreseen(kestrel, release=release, ids=held(direction="in"))


def unreadable(kestrel, shop) -> None:
    pipeline.store(shop, b"{")
    pipeline.run(kestrel.harbor)


def test_a_refused_document_is_sent_again(kestrel, shop, erp, sink):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    one = foreseen(kestrel)
    assert (one.verdict, one.text) == ("pass", "is sent again to Erp")
    assert (one.targets, str(one.amount)) == (("Erp",), "128.0000")
    assert sink.tried == ["1001"]


def test_a_refused_document_that_does_not_fit_a_new_mapping_is_held_again(kestrel, shop, erp, sink):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())

    def change() -> None:
        rows = [["number", "$error('no such place')"]]
        erp.mappings.create(object_type="order", direction="out", version=1, rows=rows)

    one = foreseen(kestrel, change=change)
    assert (one.verdict, one.code, one.path) == ("fail", "mapping_error", "number")
    assert one.text == "Row 1, number: No such place."
    assert not erp.mappings.exists()


def test_of_two_versions_nobody_took_only_the_newest_goes(kestrel, shop, erp, sink):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    told(kestrel, shop, pipeline.order(quantity="3"))
    assert pipeline.states(direction="out") == ["held", "waiting"]
    assert foreseen(kestrel).text == "is outdone by a later document"


def test_a_change_waits_for_the_version_that_is_held_before_it(kestrel, shop, erp, sink):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    unreadable(kestrel, shop)
    one = edited(kestrel, pipeline.order(quantity="3"))
    assert one.text == "changes an order, waits for an earlier version at Erp"


def test_a_shipment_that_is_mended_waits_for_its_order(kestrel, shop, erp, sink, depot_site):
    sink.refusing = {"1001": 422}
    told(kestrel, shop, pipeline.order())
    ships(kestrel, depot_site, lines="none")
    one = edited(kestrel, shipment("S-1"))
    assert one.text == "becomes a shipment, waits for its order at Erp"


def test_a_refused_file_is_written_again_and_no_number_is_taken(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    arrives(kestrel, depot, received("FA", answer(group_control(), "R")))
    numbers = list(ControlNumber.objects.order_by("pk").values_list("level", "last"))
    assert foreseen(kestrel).text == "is sent again to Northwind"
    assert list(ControlNumber.objects.order_by("pk").values_list("level", "last")) == numbers


def test_an_order_that_cannot_be_written_as_x12_fails(kestrel, shop, depot):
    unreadable(kestrel, shop)
    order = pipeline.order()
    order["ship_to"]["city"] = "Llanfairpwllgwyngyllgogerychwyrndrobwll"  # N4-01 takes 30
    one = edited(kestrel, order)
    assert (one.verdict, one.code, one.path) == ("fail", "address_invalid", "sets[0].N4[5].1")


def in_a_wrong_file(kestrel, depot, order: str) -> Foreseen:
    """A live file at an endpoint that is being tested, and what it is when the endpoint goes live."""
    depot.settings["usage"] = "P"
    depot.save()
    arrives(kestrel, depot, received("SW", advice(order)))
    assert pipeline.states(direction="in", object_type="interchange") == ["held"]

    def change() -> None:
        depot.settings["usage"] = "T"
        depot.save()

    return foreseen(kestrel, change=change)


def test_a_file_is_taken_apart_and_its_documents_go_on(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    one = in_a_wrong_file(kestrel, depot, "1001")
    assert (one.verdict, one.text) == ("pass", "is split into its documents")


def test_a_file_with_a_document_that_would_be_held_fails_with_its_problem(kestrel, shop, depot):
    one = in_a_wrong_file(kestrel, depot, "4711")
    assert (one.verdict, one.code, one.value) == ("fail", "unknown_order_945", "4711")


def test_what_goes_into_a_file_is_shown_as_a_file_of_its_own(kestrel, shop, depot):
    ordered(kestrel, shop, "1001")
    arrives(kestrel, depot, received("FA", answer(group_control(), "R")))
    shown = foresee.before_and_after(kestrel.harbor, held()[0], change=nothing, release=again)
    (sent,) = shown.sends
    assert (sent.target, sent.object_type, sent.size) == ("Northwind", "order", len(sent.body))
    assert sent.body.startswith("ISA*00*")
    assert "W05*N*1001" in sent.body
    assert shown.after.document == shown.before.document
    assert shown.after.document["depositor_order"] == "1001"


def test_documents_of_one_cause_have_one_text_where_it_names_each(kestrel, shop, depot_site):
    ships(kestrel, depot_site, "S-1", order_number="A")
    ships(kestrel, depot_site, "S-2", order_number="B")
    ((first, second),) = foresee.foresee(kestrel.harbor, held(), change=nothing, release=again)
    assert (first.value, second.value) == ("A", "B")
    assert first.fingerprint == second.fingerprint
    assert first.text == second.text == "Shipment S-1 is for order A, which is not known"
