"""Orders: looked for, entered once, led on, refused in Tryton's words."""

import pytest

from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.tryton.harness import order, outbound


def sell(client, document, **known):
    [outcome] = client.deliver([outbound(document, **known)])
    return outcome


def sales(company):
    return list(company.records.get("sale.sale", {}).values())


def line(**changes):
    return {"product": "TENT-2P", "quantity": "2", "unit": "", "unit_price": "189.00", **changes}


def test_an_order_becomes_a_sale_in_the_state_the_settings_say(company, client_with):
    for number, (wanted, state) in enumerate(
        [("draft", "draft"), ("quotation", "quotation"), ("confirmed", "processing")]
    ):
        outcome = sell(client_with(order_state=wanted), order(f"WEB-{number}"))
        assert (outcome.error, outcome.answer["status"]) == (None, 200)
        assert company.of("sale.sale", int(outcome.remote_id))["state"] == state


def test_what_the_client_would_fill_in_is_said(company, client):
    sell(client, order("WEB-1"))
    [sale] = sales(company)
    assert (sale["party"], sale["reference"], sale["description"]) == (
        company.party,
        "WEB-1",
        "webshop",
    )
    [made] = sale["lines"]
    made = company.of("sale.line", made)
    assert (made["unit"], str(made["unit_price"])) == (company.unit, "189.0000")
    assert made["taxes"] == [["add", [company.tax]]]


@pytest.mark.parametrize("lost", ["/sale.sale", "/quote", "/confirm"])
def test_an_answer_that_is_lost_makes_no_second_sale(company, server, client, lost):
    server.lose.append(lost)
    outcome = sell(client, order("WEB-1"))
    assert isinstance(outcome.error, Retryable) and outcome.error.uncertain
    again = sell(client, order("WEB-1"), retried=True)
    assert again.error is None
    assert [sale["state"] for sale in sales(company)] == ["processing"]


def test_two_of_one_order_in_one_batch_make_one_sale(company, client):
    outcomes = list(client.deliver([outbound(order("WEB-1"))] * 3))
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert len(sales(company)) == 1


def test_the_same_number_of_another_channel_is_another_sale(company, client):
    sell(client, order("1001"))
    sell(client, order("1001", description="marketplace"))
    assert len(sales(company)) == 2


def test_a_refusal_is_told_in_tryton_s_words_and_goes_on_from_there(company, client):
    company.refuses = 'To get a quote for sale "1" you must enter an invoice address.'
    outcome = sell(client, order("WEB-1"))
    assert isinstance(outcome.error, NeedsPerson)
    [problem] = outcome.error.problems
    assert (problem.code, problem.text) == ("erp_refused", f"Tryton says: {company.refuses}")
    company.refuses = ""
    assert sell(client, order("WEB-1")).error is None
    assert [sale["state"] for sale in sales(company)] == ["processing"]


def test_a_record_that_another_holds_is_tried_again(server, client):
    server.locked = 1
    # the first call that writes asks who we are: it changes nothing, and may be met by the lock as well
    outcome = sell(client, order("WEB-1"))
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.code == "conflict"
    assert sell(client, order("WEB-1")).error is None


def test_everything_that_tryton_lacks_is_told_at_once(company, client):
    lines = [line(product="NOPE"), line(unit="pallet"), line(product="")]
    outcome = sell(client, order("WEB-1", lines=lines))
    assert [(p.code, p.path) for p in outcome.error.problems] == [
        ("unknown_sku", "lines[0].product"),
        ("uom_mismatch", "lines[1].unit"),
        ("unknown_sku", "lines[2].product"),
    ]
    assert sales(company) == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"party": "C-404"}, "missing_customer", "party"),
        ({"party": None}, "missing_customer", "party"),
        ({"currency": "EUR"}, "currency_unknown", "currency"),
        ({"ship_to": {"name": "A", "lines": ["1"], "city": "B", "country": "XX"}}, "address_invalid",
         "ship_to.country"),
    ],
)  # fmt: skip
def test_what_it_cannot_be_sold_by_is_told(company, client, changes, code, path):
    [problem] = sell(client, order("WEB-1", **changes)).error.problems
    assert (problem.code, problem.path) == (code, path)
    assert sales(company) == []


def test_an_address_is_entered_once_at_the_party(company, client):
    for number in range(3):
        sell(client, order(f"WEB-{number}"))
    addresses = company.of("party.party", company.party)["addresses"]
    assert len(addresses) == 2
    entered = company.of("party.address", addresses[1])
    assert (entered["party_name"], entered["city"], entered["delivery"]) == (
        "Sam Reyes",
        "Reno",
        True,
    )
    assert {sale["shipment_address"] for sale in sales(company)} == {addresses[1]}
    assert {sale["invoice_address"] for sale in sales(company)} == {addresses[0]}


def test_a_region_that_tryton_does_not_know_stands_behind_the_city(company, client):
    sell(client, order("WEB-1", ship_to={**order("")["ship_to"], "region": "CA"}))
    entered = company.of("party.address", company.of("party.party", company.party)["addresses"][1])
    assert (entered["city"], entered.get("subdivision")) == ("Reno, CA", None)


def test_the_party_s_own_address_may_be_wanted(company, client_with):
    sell(client_with(delivery_address="the party's"), order("WEB-1"))
    [sale] = sales(company)
    assert sale["shipment_address"] == sale["invoice_address"]


def test_shipping_costs_are_a_line_of_their_product(company, client_with):
    sell(client_with(freight_product="FREIGHT"), order("WEB-1", freight="5.00"))
    assert (
        sell(client_with(freight_product="FREIGHT"), order("WEB-1", freight="5.00")).error is None
    )
    [sale] = sales(company)
    prices = [str(company.of("sale.line", one)["unit_price"]) for one in sale["lines"]]
    assert prices == ["189.0000", "5.0000"]
    unknown = sell(client_with(freight_product="POST"), order("WEB-2", freight="5.00"))
    assert [(p.code, p.path) for p in unknown.error.problems] == [("unknown_sku", "freight")]


def test_orders_go_to_the_warehouse_that_is_named_first(company, client_with):
    sell(client_with(warehouses="WH2\nWH"), order("WEB-1"))
    assert sales(company)[0]["warehouse"] == company.warehouses[1]
    outcome = sell(client_with(warehouses="MOON"), order("WEB-2"))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "settings_invalid"


def test_a_cancelled_order_is_cancelled_as_long_as_nothing_is_planned(company, client, client_with):
    quoting = client_with(order_state="quotation")
    known = sell(quoting, order("WEB-1")).remote_id
    for _ in range(2):
        outcome = sell(quoting, order("WEB-1", status="cancelled"), remote_id=known)
        assert (outcome.error, outcome.remote_id) == (None, known)
    assert sales(company)[0]["state"] == "cancelled"
    late = sell(client, order("WEB-2")).remote_id
    refused = sell(client, order("WEB-2", status="cancelled"), remote_id=late).error
    assert refused.code == "change_not_supported"
    assert "can no longer be cancelled" in refused.problems[0].text


def test_a_cancelled_order_that_never_came_is_nothing_to_do(company, client):
    outcome = sell(client, order("WEB-1", status="cancelled"))
    assert (outcome.error, outcome.remote_id, sales(company)) == (None, None, [])


def test_other_quantities_than_the_sale_has_are_told_to_a_person(company, client):
    known = sell(client, order("WEB-1")).remote_id
    changed = sell(client, order("WEB-1", lines=[line(quantity="3")]), remote_id=known).error
    assert (changed.code, len(sales(company))) == ("change_not_supported", 1)
    revived = sell(client, order("WEB-1"), remote_id=known)
    assert revived.error is None


def test_a_sale_that_people_cancelled_there_is_not_revived(company, client_with):
    quoting = client_with(order_state="quotation")
    known = sell(quoting, order("WEB-1")).remote_id
    company.press("sale.sale", int(known), "cancel")
    assert sell(quoting, order("WEB-1"), retried=True).error.code == "change_not_supported"


def test_what_it_takes_not_is_refused(client):
    outcome = sell(client, {"reference": "A"}, kind="adjustment")
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_supported"


def test_a_user_of_no_company_is_told(company, client_with):
    outcome = sell(client_with(company="Elsewhere"), order("WEB-1"))
    assert "no company called Elsewhere" in str(outcome.error)
    assert sell(client_with(company="Dunder Mifflin"), order("WEB-1")).error is None
