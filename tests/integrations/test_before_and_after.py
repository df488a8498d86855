"""One document before and after a remedy, what would be sent of it, and what was checked."""

import json

import pytest

from integrations.domain import foresee, replay, reroute
from integrations.domain.pairs import Check
from integrations.models import Binding, Contract, LookupRow, LookupTable, Message, Record
from portal.core.ids import uuid7
from tests import pipeline
from tests.integrations.foreseeing import again, held, nothing, row, without_site
from tests.monitoring.conftest import hold

pytestmark = pytest.mark.db

VALID = Check("Canonical order", "good", "Everything that is needed is there, and valid")


def pair(place, *, change=nothing, release=again, message_id=None) -> foresee.Pair:
    chosen = message_id or held()[0]
    return foresee.before_and_after(place.customer_id, chosen, change=change, release=release)


def test_the_document_is_shown_as_it_is_and_as_it_would_be(harbor):
    hold(harbor, "1001")
    shown = pair(harbor, change=row(harbor, "TENT-OLD"))
    assert "sku" not in shown.before.document["lines"][0]
    assert [(p.code, p.path) for p in shown.before.problems] == [("unknown_sku", "lines[0].sku")]
    assert shown.after.document["lines"][0]["sku"] == "TENT-2P"
    assert shown.after.problems == ()
    assert shown.foreseen.text == "becomes an order, goes to Erp"
    assert (Record.objects.count(), pipeline.states()) == (0, ["held"])


def test_what_would_be_sent_is_shown_with_its_size(harbor):
    hold(harbor, "1001")
    harbor.erp.mappings.create(
        object_type="order", direction="out", version=1,
        rows=[["id", "number"], ["name", "ship_to.name"]],
    )  # fmt: skip
    (sent,) = pair(harbor, change=row(harbor, "TENT-OLD")).sends
    assert (sent.target, sent.object_type) == ("Erp", "order")
    assert json.loads(sent.body) == {"id": "1001", "name": "Ann Ex"}
    assert sent.size == 29  # {"id":"1001","name":"Ann Ex"}


def test_a_document_that_would_still_be_held_shows_how_far_it_comes(harbor):
    hold(harbor, "1001")
    shown = pair(harbor)
    assert shown.after == shown.before
    assert shown.sends == ()
    text = "lines[0].sku: “TENT-OLD” has no row in lookup table sku."
    assert shown.checks[0] == Check("Canonical order", "bad", text)


def test_an_edited_document_is_shown_beside_the_old_one(harbor):
    hold(harbor, "1001")
    body = json.dumps(pipeline.order("1001", quantity="7")).encode()
    shown = pair(
        harbor,
        release=lambda ids: replay.edit_and_replay(ids[0], body, actor="Ana", reason="typing"),
    )
    lines = [side.document["lines"][0]["quantity"] for side in (shown.before, shown.after)]
    assert lines == ["2", "7"]


def test_an_outbound_document_is_shown_as_composed(harbor, sink):
    row(harbor, "TENT-OLD")()
    sink.status = 422
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)

    def change() -> None:
        harbor.erp.mappings.create(
            object_type="order", direction="out", version=1,
            rows=[["id", "number"], ["account", "$lookup('account', channel)"]],
        )  # fmt: skip
        table = LookupTable.objects.create(
            customer_id=harbor.customer_id, name="account", default="hold"
        )
        LookupRow.objects.create(table=table, code="shop", value="D-100")

    shown = pair(harbor, change=change)
    assert shown.before.document["number"] == "1001"
    assert shown.after.document == {"id": "1001", "account": "D-100"}
    assert shown.foreseen.text == "is sent again to Erp"


def test_an_outbound_document_that_cannot_be_composed_shows_what_could_be(harbor, sink):
    sink.status = 422
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)

    def change() -> None:
        harbor.erp.mappings.create(
            object_type="order", direction="out", version=1,
            rows=[["id", "number"], ["account", "$lookup('account', channel)"]],
        )  # fmt: skip
        LookupTable.objects.create(customer_id=harbor.customer_id, name="account", default="hold")

    shown = pair(harbor, change=change)
    assert shown.after.document == {"id": "1001"}
    assert [p.code for p in shown.after.problems] == ["lookup_missing"]


def test_a_document_that_is_not_held_has_no_sides(harbor):
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    shown = pair(harbor, message_id=Message.objects.get(direction="in").pk)
    assert (shown.foreseen.code, shown.before.document, shown.after.document) == (
        "not_held", None, None,
    )  # fmt: skip
    assert pair(harbor, message_id=uuid7()).foreseen.code == "gone"


def test_a_document_of_another_customer_is_refused(kestrel, harbor):
    hold(harbor, "1001")
    with pytest.raises(foresee.NotOfThisCustomerError):
        foresee.before_and_after(kestrel.maris, held()[0], change=nothing, release=again)


def test_a_target_that_has_not_got_the_order_is_good(harbor):
    hold(harbor, "1001")
    shown = pair(harbor, change=row(harbor, "TENT-OLD"))
    assert shown.checks == (VALID, Check("Not there yet", "good", "Erp has not got it yet"))


def test_a_target_that_has_the_order_gets_the_change(harbor):
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    hold(harbor, "1001", quantity="3")
    shown = pair(harbor, change=row(harbor, "TENT-OLD"))
    assert shown.checks[1].text == "Erp has it as S-1 and gets the change"


def test_a_target_that_knows_an_order_we_never_sent_is_a_risk(harbor, sink):
    sink.status = 422
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    order = Record.objects.get()
    Binding.objects.create(endpoint=harbor.erp, record=order, object_type="order", remote_id="77")
    assert pair(harbor).checks == (Check("Not there yet", "risk", "Erp has it already as 77"),)


def test_a_try_without_an_answer_is_a_risk(harbor, sink):
    sink.status = 422
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    message = Message.objects.get(direction="out")
    message.events.create(from_state="sending", to_state="waiting", cause="no answer")
    text = "An earlier try got no answer: Erp may have it"
    assert pair(harbor).checks == (Check("Not there yet", "risk", text),)


def test_a_document_that_drifted_from_its_contract_is_a_risk(harbor):
    hold(harbor, "1001", gift=True)
    agreed = {"type": "object", "properties": {name: {} for name in pipeline.order()}}
    Contract.objects.create(endpoint=harbor.shop, object_type="order", schema=agreed)
    first = pair(harbor, change=row(harbor, "TENT-OLD")).checks[0]
    assert (first.name, first.state) == ("Contract", "risk")
    assert "gift" in first.text


def test_stock_that_suffices_is_good_and_stock_that_does_not_is_bad(houses):
    without_site(houses, "1001")
    order = Record.objects.get(object_type="order").pk

    def elsewhere(_: list) -> None:
        reroute.reroute([order], site="ATL2", actor="Ana")

    name = "Stock at the chosen site"
    assert pair(houses, release=elsewhere).checks[-1] == Check(
        name, "bad", "ATL2 has 1 of TENT-2P for it, 2 wanted"
    )
    Record.objects.filter(object_type="inventory", body__site="ATL2").update(
        body={"site": "ATL2", "sku": "TENT-2P", "on_hand": "5", "as_of": "2026-03-02T10:00:00Z"}
    )
    assert pair(houses, release=elsewhere).checks[-1] == Check(
        name, "good", "ATL2 has 5 of TENT-2P for it, 2 wanted"
    )
    Record.objects.filter(object_type="inventory", body__site="ATL2").delete()
    assert pair(houses, release=elsewhere).checks[-1] == Check(
        name, "risk", "ATL2 reports no stock"
    )


def test_an_order_no_site_can_take_says_so(houses):
    without_site(houses, "1001")
    check = pair(houses).checks[-1]
    assert (check.name, check.state) == ("Stock at the chosen site", "bad")
    assert "TENT-2P needs 2, has 1" in check.text
