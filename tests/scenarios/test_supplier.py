"""Orders to a supplier: what his answers do to the order, and to the people who look after it."""

from typing import Any

import pytest

from integrations.domain import replay
from integrations.models import (
    Flow,
    Interchange,
    LookupRow,
    LookupTable,
    Message,
    Problem,
    Record,
    RecordEvent,
)
from monitoring.domain import legs
from monitoring.models import ExceptionCase, Leg
from tests import pipeline
from tests.connectors.edi.files import x12
from tests.connectors.x12.server import USER, Server

pytestmark = pytest.mark.db

OPEN = ("new", "open", "regressed", "waiting", "snoozed")
LINES = [
    {"line_no": "1", "sku": "TENT-2P", "quantity": "10", "uom": "EA", "unit_price": "61.50"},
    {"line_no": "2", "sku": "MUG-12", "quantity": "2", "uom": "CA", "unit_price": "54"},
]

NOTICE = (
    "BSN*00*SH-9*20260305*1610*0004~HL*1**S*1~TD5**2*UPSN~REF*CN*1Z9~DTM*011*20260305~"
    "HL*2*1*O*1~PRF*1001~HL*3*2*I*0~LIN*1*IN*TENT-2P~SN1*1*10*EA~"
    "HL*4*2*I*0~LIN*2*IN*MUG-12~SN1*2*2*CA~CTT*4~"
)


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def maker(kestrel, shop, server):
    """A supplier that all orders go to; he ships to our buyers."""
    made = pipeline.endpoint(
        kestrel.harbor, "tentmakers", "edi", label="Tent Makers", site="TM", rate_per_second=1000,
        secrets={"password": "pw"},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": USER, "host_key": server.host_key_line,
            "drop_folder": "in", "pick_up_folder": "out", "own_id": "ACMEGOODS", "usage": "T",
            "partner_id": "HARBOR", "partner_is": "supplier", "ships_to": "the buyers of our orders",
        },
    )  # fmt: skip
    pipeline.flow(shop, made, routed=True)
    return made


class Supplier:
    """What he sends, under control numbers of his own."""

    def __init__(self, kestrel: Any, endpoint: Any) -> None:
        self.kestrel, self.endpoint, self.control = kestrel, endpoint, 700

    def sends(self, kind: str, segments: str) -> None:
        self.control += 1
        body = x12(kind, segments, control=self.control)
        pipeline.store(self.endpoint, body, object_type="interchange")
        pipeline.run(self.kestrel.harbor)

    def answers(self, *lines: str, status: str = "AD", number: str = "1001") -> None:
        self.sends("855", f"BAK*00*{status}*{number}*20260302~{''.join(lines)}")

    def acknowledges(self, functional_id: str = "PO") -> None:
        sent = Interchange.objects.filter(direction="out", functional_id=functional_id).latest("at")
        self.sends("997", f"AK1*{functional_id}*{sent.group_control}~AK9*A*1*1*1~")


@pytest.fixture
def supplier(kestrel, maker):
    return Supplier(kestrel, maker)


def ordered(kestrel, shop, number: str = "1001", **fields: Any) -> None:
    pipeline.store(shop, pipeline.order(number, lines=LINES, **fields))
    pipeline.run(kestrel.harbor)


def cases() -> list[tuple[str, int]]:
    found = ExceptionCase.objects.filter(state__in=OPEN).order_by("code")
    return [(c.code, c.documents) for c in found]


def sent() -> list[str]:
    return pipeline.states(direction="out", object_type="order")


def order() -> Record:
    return Record.objects.get(object_type="order")


def line(number: int, sku: str, quantity: str, unit: str, *answers: str) -> str:
    return f"PO1*{number}*{quantity}*{unit}**PE*IN*{sku}~{''.join(answers)}"


TENTS, MUGS = line(1, "TENT-2P", "10", "EA"), line(2, "MUG-12", "2", "CA")


def test_an_answer_that_takes_the_order_confirms_it_without_a_997(kestrel, shop, supplier):
    ordered(kestrel, shop)
    assert sent() == ["delivered"]
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS}ACK*IA*2*CA~")
    assert (sent(), order().state, cases()) == (["confirmed"], "acknowledged", [])
    told = Message.objects.get(object_type="acknowledgement", direction="in", topic="x12:855")
    assert (told.state, told.order_id) == ("applied", order().pk)
    causes = list(RecordEvent.objects.values_list("cause", flat=True))
    assert "Tent Makers confirmed the order" in causes


def test_a_cut_line_and_a_refused_one_are_a_case_each_with_line_and_reason(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(
        f"{TENTS}REF*ZZ**BALANCE NOT AVAILABLE~ACK*IQ*8*EA~",
        f"{MUGS}REF*ZZ**DISCONTINUED~ACK*IR*0*CA~", status="AC",
    )  # fmt: skip
    assert sent() == ["confirmed"]
    assert cases() == [("line_refused", 1), ("quantity_changed", 1)]
    texts = sorted(Problem.objects.values_list("text", flat=True))
    assert texts == [
        "Tent Makers confirms 8 of 10 EA of TENT-2P (line 1): BALANCE NOT AVAILABLE.",
        "Tent Makers refuses 2 CA of MUG-12 (line 2): DISCONTINUED.",
    ]
    causes = set(RecordEvent.objects.filter(record=order()).values_list("cause", flat=True))
    assert set(texts) <= causes


def test_an_answer_in_pieces_takes_what_was_ordered_in_cases_of_the_product(
    kestrel, shop, supplier
):
    mugs = {"sku": "MUG-12", "title": "Mug", "base_uom": "EA", "units": [{"uom": "CA", "factor": "12"}],
            "status": "active"}  # fmt: skip
    pipeline.store(shop, mugs, object_type="product")
    ordered(kestrel, shop)
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS}ACK*IA*24*EA~")
    assert (sent(), cases()) == (["confirmed"], [])
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS}ACK*IQ*2*EA~")
    assert cases() == [("quantity_changed", 1)]
    told = "Tent Makers confirms 0.167 of 2 CA of MUG-12 (line 2), told as 2 EA."
    assert Problem.objects.get(closed_at=None).text == told


def test_an_answer_in_a_unit_of_unknown_size_is_a_case_that_names_both(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(f"{TENTS}ACK*IA*10*CA~", f"{MUGS}ACK*IA*2*CA~")
    assert (sent(), cases()) == (["confirmed"], [("uom_mismatch", 1)])
    told = (
        "Tent Makers confirms 10 CA of TENT-2P (line 1), and 10 EA were ordered; how many EA a CA is, is not"
        " known."
    )
    assert Problem.objects.get().text == told
    assert ExceptionCase.objects.get().title == "Unit CA has no conversion"


def test_a_unit_that_goes_out_under_their_name_comes_back_under_it(kestrel, shop, supplier):
    table = LookupTable.objects.create(
        customer_id=kestrel.harbor, name="uom_partner", default="pass"
    )
    LookupRow.objects.create(table=table, code="CA", value="BX")
    ordered(kestrel, shop)
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS.replace('CA', 'BX')}ACK*IA*2*BX~")
    assert (sent(), cases()) == (["confirmed"], [])


def test_a_later_answer_that_takes_all_settles_what_an_earlier_one_cut(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(f"{TENTS}ACK*IQ*8*EA~", f"{MUGS}ACK*IA*2*CA~", status="AC")
    assert cases() == [("quantity_changed", 1)]
    supplier.answers(f"{MUGS}ACK*IA*2*CA~")  # nothing of the other line
    assert cases() == [("quantity_changed", 1)]
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS}ACK*IA*2*CA~")
    assert cases() == []


def test_a_later_answer_of_all_lines_outdoes_what_an_earlier_one_said(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(f"{TENTS}ACK*IQ*8*EA~", f"{MUGS}ACK*IR*0*CA~", status="AC")
    assert cases() == [("line_refused", 1), ("quantity_changed", 1)]
    supplier.answers(f"{TENTS}ACK*IQ*9*EA~", f"{MUGS}ACK*IA*2*CA~", status="AC")
    told = Problem.objects.filter(closed_at=None).values_list("text", flat=True)
    assert list(told) == ["Tent Makers confirms 9 of 10 EA of TENT-2P (line 1)."]


def test_a_change_that_is_refused_leaves_the_order_as_it_was_taken(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(status="AK")
    more = [{**LINES[0], "quantity": "12"}, LINES[1]]
    pipeline.store(shop, pipeline.order(lines=more))
    pipeline.run(kestrel.harbor)
    supplier.sends("865", "BCA*00*RJ*1001**2*20260302~")
    assert (sent(), cases()) == (["confirmed", "held"], [("order_refused", 1)])


def test_a_refused_order_is_held_and_a_replay_sends_it_once_more(kestrel, shop, supplier, server):
    ordered(kestrel, shop)
    supplier.acknowledges()
    assert sent() == ["confirmed"]
    supplier.answers(f"{TENTS}REF*ZZ**NO CREDIT~ACK*IR*0*EA~", status="RD")
    assert (sent(), cases()) == (["held"], [("order_refused", 1)])
    assert ExceptionCase.objects.get().title == "Tent Makers refuses our order"
    assert Problem.objects.get().text == "Tent Makers refuses order 1001: NO CREDIT."
    held = Message.objects.get(state="held")
    replay.replay([held.pk], actor="Ana Ruiz", cause="credit paid")
    pipeline.run(kestrel.harbor)
    assert (sent(), cases()) == (["delivered"], [])
    assert len([n for n in server.names("in") if n.startswith("850")]) == 2


def test_a_997_that_comes_after_the_refusal_does_not_hide_it(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(status="RJ")
    supplier.acknowledges()
    assert (sent(), cases()) == (["held"], [("order_refused", 1)])


def test_a_supplier_may_take_an_order_after_all(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(status="RJ")
    supplier.answers(status="AK")
    assert (sent(), order().state, cases()) == (["confirmed"], "acknowledged", [])


def test_a_change_goes_as_860_and_an_answer_that_crossed_it_is_no_difference(
    kestrel, shop, supplier, server
):
    ordered(kestrel, shop)
    supplier.acknowledges()
    more = [{**LINES[0], "quantity": "12"}, LINES[1]]
    pipeline.store(shop, pipeline.order(lines=more))
    pipeline.run(kestrel.harbor)
    assert [name[:3] for name in server.names("in") if name[:1] == "8"] == ["850", "860"]
    supplier.answers(f"{TENTS}ACK*IA*10*EA~", f"{MUGS}ACK*IA*2*CA~")
    assert (sent(), cases()) == (["confirmed", "delivered"], [])
    supplier.sends(
        "865", "BCA*00*AC*1001**2*20260302~POC*1*CA*12*12*EA**PE*IN*TENT-2P~ACK*IQ*11*EA~"
    )
    assert (sent(), cases()) == (["confirmed", "confirmed"], [("quantity_changed", 1)])


def test_a_cancel_is_over_once_the_supplier_refuses_the_order(kestrel, shop, supplier, server):
    ordered(kestrel, shop)
    supplier.acknowledges()
    ordered(kestrel, shop, status="cancelled")
    assert order().state == "cancel_requested"
    [cancel] = [name for name in server.names("in") if name.startswith("860")]
    assert b"BCH*01*" in (server.root / "in" / cancel).read_bytes()
    supplier.answers(status="RJ")
    assert (sent(), order().state, cases()) == (["confirmed", "confirmed"], "cancelled", [])


def test_an_answer_that_takes_part_of_the_order_takes_no_cancel_of_it(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.acknowledges()
    ordered(kestrel, shop, status="cancelled")
    supplier.answers(f"{TENTS}ACK*IQ*8*EA~", f"{MUGS}ACK*IA*2*CA~", status="AC")
    assert (sent(), order().state) == (["confirmed", "delivered"], "cancel_requested")
    assert cases() == [("ack_too_late", 1)]


@pytest.mark.parametrize("number", ["4711", "1001"])
def test_an_answer_to_nothing_of_ours_is_held(kestrel, shop, maker, supplier, number):
    if number == "1001":  # known here, and never sent to him
        Flow.objects.update(enabled=False)
        ordered(kestrel, shop)
    supplier.answers(number=number)
    assert cases() == [("ack_unknown", 1)]


def test_a_shipment_of_the_supplier_moves_the_order_on(kestrel, shop, supplier):
    ordered(kestrel, shop)
    supplier.answers(status="AK")
    supplier.sends("856", NOTICE)
    assert (order().state, cases()) == ("shipped", [])
    shipment = Record.objects.get(object_type="shipment")
    assert (shipment.body["tracking"], shipment.order_id) == (["1Z9"], order().pk)


def test_no_bill_of_ours_is_expected_where_only_the_supplier_bills(kestrel, shop, maker, supplier):
    erp = pipeline.endpoint(kestrel.harbor, "erp", settings={}, state="paused")
    pipeline.flow(maker, erp, "invoice")
    ordered(kestrel, shop)
    supplier.answers(status="AK")
    supplier.sends("856", NOTICE)
    legs.rebuild()
    kinds = set(Leg.objects.values_list("kind", flat=True))
    assert "ship" in kinds
    assert "invoice" not in kinds


def test_two_suppliers_and_we_may_write_invoices_of_one_number(kestrel, shop, maker, supplier):
    other = pipeline.endpoint(kestrel.harbor, "stoves", "edi", label="Stoves", settings=maker.settings,
                              secrets={"password": "pw"})  # fmt: skip
    house = pipeline.endpoint(kestrel.harbor, "house", settings={})
    ordered(kestrel, shop)
    text = "BIG*20260305*1001*20260302*1001***DI~IT1*1*10*EA*50*PE*IN*TENT-2P~TDS*50000~CTT*1~"
    supplier.sends("810", text)
    Supplier(kestrel, other).sends("810", text.replace("*50*", "*60*").replace("50000", "60000"))
    ours = {
        "number": "1001", "type": "invoice", "order_number": "1001", "issued_on": "2026-03-06",
        "currency": "USD", "status": "posted", "totals": {"total": "723.00"},
    }  # fmt: skip
    pipeline.store(house, ours, object_type="invoice")
    pipeline.run(kestrel.harbor)
    bills = Record.objects.filter(object_type="invoice").order_by("business_key")
    assert [(b.business_key, b.amount, b.version) for b in bills] == [
        ("1001", 723, 1), ("stoves//1001", 600, 1), ("tentmakers//1001", 500, 1),
    ]  # fmt: skip
    # Only ours is the bill of the order.
    assert [b.order_id for b in bills] == [order().pk, None, None]
    supplier.sends("810", text)  # once more, under another control number
    assert Message.objects.filter(topic="x12:810").latest("id").state == "unchanged"
    assert bills.count() == 3
