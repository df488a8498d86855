"""Orders into an Odoo by both protocols: looked for, created once, confirmed, changed with care, cancelled."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from integrations.connectors.odoo.settings import (
    BY_PERSON,
    NO_TAXES,
    QUOTATION,
    THEIRS,
    takes_cancels,
)
from integrations.connectors.outbound import Outcome
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import SECRET_MARK
from tests.connectors.odoo.harness import Harness
from tests.connectors.odoo.server import OdooError, OdooServer


def deliver(client: Any, *items: Any) -> Outcome:
    [outcome] = client.deliver(items)
    return outcome


def problem(outcome: Outcome) -> tuple[str, str]:
    assert isinstance(outcome.error, NeedsPerson), outcome.error
    return outcome.error.problems[0].code, outcome.error.problems[0].text


def order_of(odoo: OdooServer, outcome: Outcome) -> dict[str, Any]:
    assert outcome.error is None, outcome.error
    return odoo.records["sale.order"][int(outcome.remote_id or 0)]


def lines_of(odoo: OdooServer, order: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        one for one in odoo.records["sale.order.line"].values() if one["order_id"] == order["id"]
    ]


def test_an_order_goes_in_with_its_lines_and_is_confirmed(
    harness_: Harness, client: Any, odoo: OdooServer, protocol: tuple[str, int]
) -> None:
    outcome = deliver(client, harness_.outbound(key="HB-1"))
    order = order_of(odoo, outcome)
    assert (order["state"], order["client_order_ref"], order["partner_id"]) == ("sale", "HB-1", 41)
    assert order["date_order"] == "2026-03-02 13:58:04"
    first, second = lines_of(odoo, order)
    unit = "product_uom_id" if protocol[1] >= 19 else "product_uom"
    assert (first["product_id"], first["product_uom_qty"], first[unit]) == (1000, 3, 1)
    assert (second["price_unit"], second["discount"]) == (10.0, 5.0)
    contact = odoo.records["res.partner"][order["partner_shipping_id"]]
    assert (contact["parent_id"], contact["type"], contact["state_id"]) == (41, "delivery", 36)
    assert "tax_id" not in first
    assert "tax_ids" not in first
    assert outcome.answer["status"] == 200


def test_what_is_noted_for_people_holds_no_key(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    noted = []
    odoo.faults.append(("action_confirm", OdooError("odoo.exceptions.UserError", "No stock")))
    for key in ("HB-1", "HB-2"):
        outcome = deliver(client, harness_.outbound(key=key))
        noted.append(f"{outcome.sent!r}{outcome.answer}")
    assert all("sent" not in text and SECRET_MARK not in text for text in noted)
    assert "Traceback" not in noted[0]


@pytest.mark.parametrize("method", ["create", "action_confirm"])
def test_an_order_whose_answer_was_lost_is_found_and_not_made_twice(
    connect: Callable[..., Any], harness_: Harness, odoo: OdooServer, method: str
) -> None:
    client = connect(delivery_address=THEIRS)
    odoo.faults.append((method, "lost"))
    lost = deliver(client, harness_.outbound(key="O'Neil 1"))
    assert isinstance(lost.error, Retryable)
    assert lost.error.uncertain
    assert lost.sent
    again = deliver(client, harness_.outbound(key="O'Neil 1", retried=True))
    assert order_of(odoo, again)["state"] == "sale"
    assert odoo.created == 1


def test_a_delivery_address_is_one_contact_however_many_orders_go_there(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    orders = [order_of(odoo, deliver(client, harness_.outbound(key=f"HB-{n}"))) for n in range(2)]
    assert orders[0]["partner_shipping_id"] == orders[1]["partner_shipping_id"]
    assert len(odoo.calls("create", "res.partner")) == 1


def test_the_same_reference_of_another_customer_is_another_order(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    deliver(client, harness_.outbound(key="PO-1"))
    deliver(client, harness_.outbound(key="PO-1", retried=True, partner_ref="17100042"))
    assert odoo.created == 2


def test_two_orders_of_one_reference_ask_a_person(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    for number in (1, 2):
        odoo.add("sale.order", number, state="draft", client_order_ref="HB-1", partner_id=41)
    assert problem(deliver(client, harness_.outbound(key="HB-1")))[0] == "duplicate_order"


def test_settings_leave_prices_taxes_address_and_confirmation_to_odoo(
    connect: Callable[..., Any], harness_: Harness, odoo: OdooServer, protocol: tuple[str, int]
) -> None:
    client = connect(
        prices=THEIRS,
        taxes=NO_TAXES,
        delivery_address=THEIRS,
        orders=QUOTATION,
        pricelist="Wholesale",
    )
    order = order_of(odoo, deliver(client, harness_.outbound(key="HB-1")))
    assert (order["state"], order["pricelist_id"], order["partner_shipping_id"]) == ("draft", 1, 41)
    line = lines_of(odoo, order)[0]
    assert line["tax_ids" if protocol[1] >= 19 else "tax_id"] == [[6, 0, []]]
    assert "discount" not in line


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"partner_ref": "NOBODY"}, "missing_customer", "no contact"),
        ({"partner_ref": None}, "missing_customer", "no customer account"),
        ({"client_order_ref": ""}, "missing_field", "customer reference"),
        ({"order_line": [{"default_code": "X", "product_uom_qty": "1"}]}, "unknown_sku", "no product"),
        ({"order_line": [{"default_code": "TENT-0", "product_uom_qty": "1", "uom": "CS"}]},
         "uom_mismatch", "uom_out"),
        ({"partner_shipping": {"name": "A", "country": "XX"}}, "address_invalid", "no country XX"),
    ],
)  # fmt: skip
def test_what_odoo_does_not_have_asks_a_person_before_anything_is_sent(
    harness_: Harness, client: Any, odoo: OdooServer, changed: Any, code: str, words: str
) -> None:
    outcome = deliver(client, harness_.outbound(key="HB-1", **changed))
    found, text = problem(outcome)
    assert (found, outcome.sent, odoo.created) == (code, b"", 0)
    assert words in text


def test_two_contacts_of_one_reference_ask_a_person(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    odoo.records["res.partner"][42]["ref"] = "17100041"
    assert "more than one contact" in problem(deliver(client, harness_.outbound(key="HB-1")))[1]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("odoo.exceptions.ValidationError", NeedsPerson),
        ("odoo.exceptions.MissingError", NeedsPerson),
        ("builtins.ValueError", NeedsPerson),
        ("odoo.exceptions.AccessError", NeedsCredentials),
        ("odoo.exceptions.LockError", Retryable),
    ],
)
def test_a_refusal_is_told_in_odoos_words(
    connect: Callable[..., Any], harness_: Harness, odoo: OdooServer, name: str, error: Any
) -> None:
    odoo.faults.append(("create", OdooError(name, "The period is\nclosed.")))
    outcome = deliver(connect(delivery_address=THEIRS), harness_.outbound(key="HB-1"))
    assert type(outcome.error) is error
    if error is NeedsPerson:
        assert problem(outcome) == ("erp_refused", "The period is closed.")
    else:
        assert "The period is closed." in str(outcome.error)
    assert odoo.created == 0


def test_an_order_that_is_not_confirmed_is_confirmed_by_the_next_try(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    odoo.faults.append(("action_confirm", OdooError("odoo.exceptions.UserError", "Credit limit")))
    assert problem(deliver(client, harness_.outbound(key="HB-1")))[0] == "erp_refused"
    again = deliver(client, harness_.outbound(key="HB-1", retried=True))
    assert (order_of(odoo, again)["state"], odoo.created) == ("sale", 1)


def test_a_form_instead_of_a_confirmation_asks_a_person(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    odoo.form_confirms = True
    outcome = deliver(client, harness_.outbound(key="HB-1"))
    assert "wants a person to confirm" in problem(outcome)[1]


def test_an_order_in_another_currency_is_not_confirmed(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    odoo.currency = "EUR"
    assert "in EUR, ours is in USD" in problem(deliver(client, harness_.outbound(key="HB-1")))[1]
    assert odoo.calls("action_confirm") == []


def test_the_same_again_changes_nothing(harness_: Harness, client: Any, odoo: OdooServer) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    before = len(odoo.calls("write")) + len(odoo.calls("action_confirm"))
    again = harness_.outbound(key="HB-1")._replace(remote_id=made.remote_id)
    outcome = deliver(client, again)
    assert (outcome.error, outcome.sent, outcome.answer) == (None, b"", {"found": True})
    assert len(odoo.calls("write")) + len(odoo.calls("action_confirm")) == before


def test_a_quotation_takes_other_lines_and_another_day(
    connect: Callable[..., Any], harness_: Harness, odoo: OdooServer
) -> None:
    client = connect(orders=QUOTATION)
    made = deliver(client, harness_.outbound(key="HB-1"))
    line = {"default_code": "TENT-1", "product_uom_qty": "4", "uom": "Units", "price_unit": "9.995"}
    item = harness_.outbound(key="HB-1", order_line=[line], commitment_date="2026-04-01")
    outcome = deliver(client, item._replace(remote_id=made.remote_id))
    order = order_of(odoo, outcome)
    assert order["commitment_date"] == "2026-04-01 12:00:00"
    assert [(one["product_id"], one["product_uom_qty"]) for one in lines_of(odoo, order)] == [
        (1001, 4)
    ]
    assert set(json.loads(outcome.sent)) == {"commitment_date", "order_line"}
    # Odoo rounded the price; that is no difference.
    assert deliver(client, item._replace(remote_id=made.remote_id)).sent == b""


@pytest.mark.parametrize(
    "changed",
    [
        {"commitment_date": "2026-04-01"},
        {"order_line": [{"default_code": "TENT-1", "product_uom_qty": "4"}]},
    ],
)
def test_a_confirmed_order_that_differs_asks_a_person(
    harness_: Harness, client: Any, odoo: OdooServer, changed: Any
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    item = harness_.outbound(key="HB-1", **changed)._replace(remote_id=made.remote_id)
    code, text = problem(deliver(client, item))
    assert code == "change_not_supported"
    assert next(iter(changed)) in text
    assert odoo.calls("write") == []


def test_another_price_is_a_difference(harness_: Harness, client: Any, odoo: OdooServer) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    item = harness_.outbound(key="HB-1")
    item.document["order_line"][0]["price_unit"] = "134.00"
    assert (
        problem(deliver(client, item._replace(remote_id=made.remote_id)))[0]
        == "change_not_supported"
    )


def test_freight_that_odoo_adds_is_no_difference(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    odoo.add("sale.order.line", 999, order_id=int(made.remote_id or 0), product_id=2900,
             product_uom_qty=1.0, is_delivery=True)  # fmt: skip
    item = harness_.outbound(key="HB-1")._replace(remote_id=made.remote_id)
    assert deliver(client, item).error is None


def test_an_order_that_somebody_deleted_or_cancelled_asks_a_person(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    item = harness_.outbound(key="HB-1")._replace(remote_id=made.remote_id)
    order_of(odoo, made)["state"] = "cancel"
    assert problem(deliver(client, item))[0] == "order_not_open"
    assert problem(deliver(client, item._replace(remote_id="99999")))[0] == "unknown_order"
    assert problem(deliver(client, item._replace(remote_id="S00001")))[0] == "unknown_order"


def cancelled(harness: Harness, remote_id: str | None = None, key: str = "HB-1") -> Any:
    return harness.outbound(key=key, status="cancelled")._replace(remote_id=remote_id)


def test_a_cancel_is_one_call_and_again_changes_nothing(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    for item in (cancelled(harness_, made.remote_id), cancelled(harness_)):
        outcome = deliver(client, item)
        assert (outcome.remote_id, order_of(odoo, outcome)["state"]) == (made.remote_id, "cancel")
    assert len(odoo.calls("action_cancel")) == 1


def test_what_was_delivered_is_not_cancelled(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    lines_of(odoo, order_of(odoo, made))[0]["qty_delivered"] = 1.0
    assert problem(deliver(client, cancelled(harness_, made.remote_id)))[0] == "order_not_open"
    assert order_of(odoo, made)["state"] == "sale"


def test_a_form_instead_of_a_cancel_asks_a_person(
    harness_: Harness, client: Any, odoo: OdooServer
) -> None:
    made = deliver(client, harness_.outbound(key="HB-1"))
    odoo.wizard = True
    text = problem(deliver(client, cancelled(harness_, made.remote_id)))[1]
    assert "wants a person to cancel" in text


def test_a_cancel_of_what_is_not_there_or_not_ours_to_cancel_asks_a_person(
    connect: Callable[..., Any], harness_: Harness, odoo: OdooServer
) -> None:
    client = connect(cancels=BY_PERSON)
    assert problem(deliver(client, cancelled(harness_)))[0] == "unknown_order"
    made = deliver(client, harness_.outbound(key="HB-1"))
    assert (
        problem(deliver(client, cancelled(harness_, made.remote_id)))[0] == "change_not_supported"
    )
    assert takes_cancels(harness_.to(odoo))
    assert not takes_cancels(harness_.to(odoo, cancels=BY_PERSON))


def test_what_is_no_order_is_not_taken(harness_: Harness, client: Any) -> None:
    outcome = deliver(client, harness_.outbound(key="HB-1")._replace(object_type="invoice"))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_supported"


def test_a_company_that_is_no_number_is_told_with_every_order(
    connect: Callable[..., Any], harness_: Harness
) -> None:
    outcome = deliver(connect(company="Harbor"), harness_.outbound(key="HB-1"))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "bad_setting"
