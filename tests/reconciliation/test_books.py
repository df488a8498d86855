"""Invoices held against what was shipped, and credit notes against what was refunded."""

from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring.domain import reconcile_correct, reconcile_remedies
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction, ExceptionCase
from portal.accounts.models import Person
from portal.core import clock
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import only_break, run, twice

pytestmark = [pytest.mark.db, pytest.mark.long]
SIDES = (
    {"role": "channel", "source": "hub", "endpoint": "shop"},
    {"role": "erp", "source": "hub", "endpoint": "books"},
)


def later(**time):
    return clock.freeze(clock.now() + timedelta(**time))


def invoice(house, order: str, quantity: str, *, price: str = "61.50", **fields) -> None:
    body = {
        "number": f"INV-{order}", "type": "invoice", "order_number": order, "status": "posted",
        "issued_on": clock.now().date().isoformat(), "currency": "USD",
        "totals": {"total": "128.00", "tax": "0.00", "freight": "5.00"},
        "lines": [{"sku": "TENT-2P", "quantity": quantity, "unit_price": price, "total": "123.00"}],
        **fields,
    }  # fmt: skip
    house.arrive(house.shop, body, "invoice")


def books(house):
    return house.define("financial", *SIDES, settle_minutes=5 * 24 * 60)


def test_what_was_shipped_and_invoiced_is_right(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.ship("1001", "TENT-2P", 2)
    invoice(house, "1001", "2")
    done = run(books(house))
    assert (done.state, done.counts) == ("done", {"match": 1})


def test_goods_without_an_invoice_are_told_after_the_days(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.ship("1001", "TENT-2P", 2)
    one = books(house)
    assert run(one).counts == {"match": 1}
    with later(days=6):
        done = run(one)
    assert done.counts == {"match": 0, "not_invoiced": 1}
    none = [0, {}]
    assert done.figures["ageing"]["not_invoiced"] == {
        "0-2": none, "3-7": [1, {"USD": "128.00"}], "8-30": none, "30+": none}  # fmt: skip


def test_another_quantity_and_price_were_invoiced(house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.ship("1001", "TENT-2P", 2)
    invoice(house, "1001", "1", price="60.00")
    run(books(house))
    assert {b.state for b in Break.objects.all()} == {"invoiced_quantity", "invoiced_price"}


def shipped(house, number: str = "1001", quantity: int = 2, **fields) -> None:
    house.order(number, ("TENT-2P", quantity), **fields)
    house.ship(number, "TENT-2P", quantity)


NAMELESS = {"number": "INV-9", "order_number": "9999", "lines": []}


def passes(done) -> dict[str, int]:
    return {name: count for name, count in done.figures["passes"].items() if count}


def test_an_invoice_that_names_the_po_is_found_by_reference(house):
    house.count()
    shipped(house, po_number="PO-77")
    invoice(house, "PO-77", "2")
    done = run(books(house))
    assert (done.counts, passes(done)) == ({"match": 1}, {"reference": 1})


def test_an_invoice_that_names_the_shipment_is_found_by_reference(house):
    house.count()
    shipped(house)
    invoice(house, "9999", "2", shipment_number="sh-1001")
    done = run(books(house))
    assert (done.counts, passes(done)) == ({"match": 1}, {"reference": 1})


def test_an_invoice_of_the_same_amount_within_three_days_is_the_orders(house):
    house.count()
    shipped(house)
    invoice(house, "9999", "2", totals={"total": "128.00"}, lines=[])
    done = run(books(house))
    assert (done.counts, passes(done)) == ({"match": 1}, {"amount": 1})


def test_an_invoice_without_lines_is_held_against_the_sum(house):
    house.count()
    shipped(house)
    invoice(house, "1001", "2", totals={"total": "130.00"}, lines=[])
    one = books(house)
    run(one)
    found = only_break(one)
    assert (found.state, found.value) == ("invoiced_total", Decimal("2.00"))
    assert found.sentence == "Order 1001 comes to 128.00, and 130.00 was invoiced."


def test_an_invoice_of_nobody_is_told(house):
    house.count()
    shipped(house)
    invoice(house, "1001", "2")
    invoice(house, "", "2", **{**NAMELESS, "totals": {"total": "50.00"}})
    one = books(house)
    done = twice(one)
    found = only_break(one)
    assert (found.state, found.subject, found.value) == (
        "invoice_unmatched",
        "INV-9",
        Decimal("50.00"),
    )
    assert done.counts == {"match": 1, "invoice_unmatched": 1}
    assert done.figures["ageing"]["not_shipped"]["0-2"] == [1, {"USD": "50.00"}]
    assert dict(ExceptionCase.objects.get().evidence["lines"])["Invoice"] == "INV-9"


@pytest.fixture
def lonely(house, operator):
    """An invoice of no order that is told, and goods that could be its."""
    house.count()
    shipped(house)
    invoice(house, "", "2", **{**NAMELESS, "totals": {"total": "50.00"}})
    one = books(house)
    twice(one)
    return one, Break.objects.get(state="invoice_unmatched")


def test_a_person_says_whose_invoice_it_is(lonely, operator, house):
    one, found = lonely
    address = f"/reconciliation/breaks/{found.pk}/"
    shown = page(operator.get(address))
    assert texts(shown, "aside h3")[:2] == ["Pair with an order", "Accept as it is"]
    wrong = operator.post(f"{address}correct/pair/", {"pair-order": "77", "pair-reason": "Phoned"})
    assert (
        wrong.status_code == 409
        and "Nothing was shipped of an order “77”" in wrong.content.decode()
    )
    answer = operator.post(
        f"{address}correct/pair/", {"pair-order": "1001", "pair-reason": "Phoned"}
    )
    assert answer.status_code == 302
    assert "Pair with order 1001 Phoned" in texts(page(operator.get(address)), "#break tbody th")
    done = run(one)
    # 128.00 is due and 50.00 was invoiced.
    assert (passes(done), {b.state: b.status for b in Break.objects.all()}) == (
        {"hand": 1}, {"invoice_unmatched": "closed", "invoiced_total": "seen"})  # fmt: skip


def test_a_dear_invoice_is_paired_by_two(house, operator):
    house.count()
    shipped(house, quantity=5)
    invoice(house, "", "5", **{**NAMELESS, "totals": {"total": "312.50"}}, issued_on="2026-01-01")
    one = books(house)
    twice(one)
    found = Break.objects.get(state="invoice_unmatched")
    ana = Person.objects.get(email="operator@kestrel.test")
    asked = reconcile_correct.ask(found.pk, "pair", actor=ana, reason="Phoned", order="1001")
    assert (asked.state, asked.reference) == ("asked", "1001")
    assert passes(run(one)) == {}


def test_other_breaks_cannot_be_paired(house, operator):
    house.count()
    shipped(house)
    invoice(house, "1001", "1")
    run(books(house))
    ana = Person.objects.get(email="operator@kestrel.test")
    with pytest.raises(NotNowError, match="Pair by hand does not help"):
        reconcile_correct.ask(Break.objects.get().pk, "pair", actor=ana, reason="x", order="1001")
    assert not Correction.objects.exists()


def refund(house, order: str, **fields) -> None:
    body = {
        "number": f"{order}-R1", "order_number": order, "status": "refunded", "refunded": "61.50",
        "lines": [{"sku": "TENT-2P", "quantity": "1", "uom": "EA"}], **fields,
    }  # fmt: skip
    house.arrive(house.shop, body, "return")


def refunded(house):
    house.count()
    shipped(house)
    invoice(house, "1001", "2")
    return books(house)


def test_the_run_shows_how_long_and_how(house, operator):
    one = refunded(house)
    refund(house, "1001")
    invoice(house, "", "2", **{**NAMELESS, "totals": {"total": "50.00"}, "currency": "EUR"})
    with later(days=9):
        done = run(one)
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/"))
    table = [texts(row, "th, td") for row in shown.select("#ageing tr")]
    assert table == [
        ["What", "0–2 days", "3–7 days", "8–30 days", "over 30 days"],
        ["Invoiced, nothing shipped", "none", "none", "1 €50.00", "none"],
        ["Refunded, not credited", "none", "none", "1 61.50", "none"],
    ]
    assert texts(shown, ".fact-line div") == ["Invoices found by the order's number 1"]
    assert "Where everything is" not in texts(shown, ".page-actions")[0]
    heads = texts(shown, "#run [data-rows] thead th")
    assert heads == [
        "What",
        "By the order",
        "In the books",
        "Worth, USD",
        "Looks like",
        "Correction",
    ]
    worths = {row[0].split()[0]: row[3] for row in
              (texts(r, "th, td") for r in shown.select("#run [data-rows] tbody tr"))}  # fmt: skip
    # Euros would be read as dollars, so the invoice shows no worth here.
    assert worths == {"1001": "61.50", "INV-9": ""}
    again = run(one, "repeat", of=done)
    assert (again.digest, again.figures) == (done.digest, done.figures)


def test_the_books_of_another_customer_are_not_looked_at(house, kestrel):
    house.count()
    shipped(house)
    invoice(house, "1001", "2")
    theirs = pipeline.endpoint(kestrel.maris, "theirs", settings={}, site="RNO1")
    bodies = {
        "order": pipeline.order("7001"),
        "shipment": {"number": "SH-7001", "site": "RNO1", "order_number": "7001", "status": "complete",
                     "shipped_at": "2026-03-02T12:00:00Z", "lines": [{"sku": "TENT-2P", "shipped": "1"}]},
        "invoice": {"number": "INV-M", "type": "invoice", "issued_on": "2026-03-02", "currency": "USD",
                    "status": "posted", "totals": {"total": "9.00"}},
        "return": {"number": "R-M", "order_number": "7001", "status": "refunded", "refunded": "9.00"},
    }  # fmt: skip
    for kind, body in bodies.items():
        pipeline.store(theirs, body, object_type=kind)
        pipeline.run(kestrel.maris)
    done = run(books(house))
    assert done.counts == {"match": 1}
    assert {n for lack in done.figures["ageing"].values() for n, _ in lack.values()} == {0}
    assert reconcile_remedies.order_of(Break(customer_id=kestrel.maris), "7001") == "7001"
    with pytest.raises(NotNowError, match="Nothing was shipped of an order “7001”"):
        reconcile_remedies.order_of(Break(customer_id=house.customer_id), "7001")


def test_a_run_with_nothing_unmatched_says_so(house, operator):
    done = run(refunded(house))
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/"))
    said = "Every invoice has its goods, and every refund its credit note."
    assert said in texts(shown, "#run p") and not shown.select("#ageing")
    assert texts(shown, ".figures > div") == ["100 % of the documents agree"]


def test_a_person_makes_one_and_says_how_long_an_invoice_may_take(house, engineer):
    house.shop.channel = {"share": 1, "buffer": 0}
    house.shop.save()
    body = {"customer": house.customer_id, "kind": "financial", "label": "Invoices of the ERP"}
    answer = engineer.post("/reconciliation/new/", body)
    one = house.customer.reconciliations.get()
    assert answer.url == f"/reconciliation/{one.pk}/"
    fields = page(engineer.get(answer.url)).select("form[action$='/limits/'] input[name]")
    assert {f["name"]: f.get("value") for f in fields if f["name"] != "csrfmiddlewaretoken"} == {
        "value_limit": "250", "settle_days": "5", "agreeing_runs": "2"}  # fmt: skip
    given = {"value_limit": "80.00", "settle_days": "2", "agreeing_runs": "1"}
    assert engineer.post(f"{answer.url}limits/", given).status_code == 302
    content = one.versions.get(version=2).content
    assert (content["settle_minutes"], content["value_limit"], content["agreeing_runs"]) == (
        2 * 24 * 60, "80.00", 1)  # fmt: skip
    house.count()
    shipped(house)
    one.refresh_from_db()
    with later(days=3):
        assert run(one).counts == {"match": 0, "not_invoiced": 1}
