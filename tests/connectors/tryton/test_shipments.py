"""What a warehouse shipped, done in Tryton."""

import pytest

from portal.core.errors import NeedsPerson, Retryable
from tests.connectors.tryton.harness import order, outbound


@pytest.fixture
def sale(client):
    lines = [
        {"product": sku, "quantity": "5", "unit": "", "unit_price": "1"}
        for sku in ("TENT-2P", "MUG-330")
    ]
    [outcome] = client.deliver([outbound(order("WEB-1", lines=lines))])
    return outcome.remote_id


def shipped(sale, reference, **lines):
    named = {"order_id": sale, "order_number": "WEB-1", "reference": reference}
    lines = {name.replace("_", "-"): quantity for name, quantity in lines.items()}
    return {**named, "lines": [{"product": sku, "quantity": q} for sku, q in lines.items()]}


def ship(client, document, **known):
    [outcome] = client.deliver([outbound(document, kind="shipment", **known)])
    return outcome


def shipments(company):
    return list(company.records["stock.shipment.out"].values())


def test_the_shipment_is_done_with_number_day_and_tracking(company, client, sale):
    document = shipped(sale, "S-1", TENT_2P="5", MUG_330="5")
    outcome = ship(client, {**document, "shipped_on": "2026-03-03", "tracking": ["1Z9", "1Z8"]})
    assert outcome.error is None
    [one] = shipments(company)
    assert (one["state"], one["reference"], str(one["effective_date"])) == (
        "done",
        "S-1",
        "2026-03-03",
    )
    assert outcome.remote_id == str(one["id"])
    [note] = company.records["ir.note"].values()
    assert (note["resource"], note["message"]) == (f"stock.shipment.out,{one['id']}", "1Z9\n1Z8")


@pytest.mark.parametrize("lost", ["/assign_try", "/pick", "/do", "/ir.note"])
def test_an_answer_that_is_lost_ships_nothing_twice(company, server, client, sale, lost):
    document = {**shipped(sale, "S-1", TENT_2P="5", MUG_330="5"), "tracking": ["1Z9"]}
    server.lose.append(lost)
    assert isinstance(ship(client, document).error, Retryable)
    assert ship(client, document, retried=True).error is None
    assert [one["state"] for one in shipments(company)] == ["done"]
    assert len(company.records["ir.note"]) == 1


def test_what_was_not_shipped_is_planned_anew(company, client, sale):
    assert ship(client, shipped(sale, "S-1", TENT_2P="3")).error is None
    assert ship(client, shipped(sale, "S-2", TENT_2P="2", MUG_330="5")).error is None
    assert [(one["state"], one["reference"]) for one in shipments(company)] == [
        ("done", "S-1"),
        ("done", "S-2"),
    ]
    assert company.of("sale.sale", int(sale))["shipment_state"] == "sent"
    more = ship(client, shipped(sale, "S-3", TENT_2P="1")).error
    assert (type(more), more.code) == (NeedsPerson, "order_not_open")


def test_a_shipment_waits_for_the_queue_that_plans_it(company, client):
    company.has_worker = True
    [outcome] = client.deliver([outbound(order("WEB-1"))])
    sale = outcome.remote_id
    for number in ("S-1", "S-2"):
        part = shipped(sale, number, TENT_2P="1")
        early = ship(client, part).error
        assert (type(early), early.retry_after) == (Retryable, 5.0)
        company.process(int(sale))
        assert ship(client, part, retried=True).error is None
    company.process(int(sale))
    more = ship(client, shipped(sale, "S-3", TENT_2P="1")).error
    assert (type(more), more.code) == (NeedsPerson, "order_not_open")


def test_more_than_is_planned_is_told(company, client, sale):
    refused = ship(client, shipped(sale, "S-1", TENT_2P="6")).error
    assert refused.code == "over_shipment"
    assert [one["state"] for one in shipments(company)] == ["waiting"]


def test_what_tryton_cannot_assign_is_forced(company, client, sale):
    company.force_needed = True
    assert ship(client, shipped(sale, "S-1", TENT_2P="5", MUG_330="5")).error is None
    assert shipments(company)[0]["state"] == "done"


def test_a_shipment_that_people_had_begun_is_fitted_too(company, client, sale):
    company.press("stock.shipment.out", shipments(company)[0]["id"], "assign_try")
    assert ship(client, shipped(sale, "S-1", MUG_330="5")).error is None
    assert [one["state"] for one in shipments(company)] == ["done", "waiting"]


def test_a_refusal_half_way_is_told_and_goes_on_from_there(company, client, sale):
    company.refuses = "The period is closed."
    document = shipped(sale, "S-1", TENT_2P="5", MUG_330="5")
    assert ship(client, document).error.problems[0].text == "Tryton says: The period is closed."
    assert shipments(company)[0]["state"] == "packed"
    company.refuses = ""
    assert ship(client, document).error is None
    assert [one["state"] for one in shipments(company)] == ["done"]


@pytest.mark.parametrize("order_id", ["", "77", "x", "1" * 30])
def test_a_sale_that_is_not_there_is_told(client, sale, order_id):
    refused = ship(client, shipped(order_id, "S-1", TENT_2P="1")).error
    assert (refused.code, refused.problems[0].value) == ("unknown_order", "WEB-1")
