"""What a retailer says of our shipments and invoices after it has read them."""

import itertools

import pytest

from integrations.domain import messages
from integrations.models import LookupRow, LookupTable, Message, Problem, Record, RecordEvent
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.connectors.edi.files import EDIFACT, X12, body_of, file_of
from tests.connectors.x12.server import Server
from tests.scenarios.test_trading_partner import (
    answer,
    arrives,
    connect,
    number_of_group,
    ours,
    partner,
    ship_and_invoice,
    states_out,
)

pytestmark = pytest.mark.db


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def traded(kestrel, server):
    """A retailer whose order was shipped and invoiced, in the syntax that is asked for."""

    def trade(**settings):
        retailer = partner(kestrel, server, **settings)
        house = pipeline.endpoint(kestrel.harbor, "house", settings={})
        connect(house, retailer)
        kind = "ORDERS" if settings.get("syntax") else "850"
        arrives(kestrel, retailer, server, "po.edi", file_of(kind))
        ship_and_invoice(kestrel, house)
        assert both() == ["delivered", "delivered"], pipeline.story()
        controls = itertools.count(801)

        def arrive(kind, segments=None):
            body = file_of(kind, segments, control=next(controls))
            arrives(kestrel, retailer, server, f"{kind}.edi", body)

        return arrive

    return trade


def both() -> list[str]:
    return [*states_out("shipment"), *states_out("invoice")]


def opened() -> list[tuple[str, str, str]]:
    found = Problem.objects.filter(closed_at=None).order_by("pk")
    return [(p.code, p.message.object_type, p.text) for p in found]


def invoice_state() -> str:
    return Record.objects.get(object_type="invoice").state


def test_an_824_refuses_one_document_and_confirms_others(traded):
    arrive = traded(**X12)
    arrive("824")
    assert both() == ["confirmed", "held"], pipeline.story()
    assert opened() == [
        ("ack_rejected", "invoice",
         'Harbor refused the document: 024: TERMS NOT AS AGREED ASK ACCOUNTS ("30")'),
        ("ack_rejected", "invoice", "Harbor refused the document: 007: NO DEPARTMENT"),
        ("accepted_with_errors", "acknowledgement",
         "Harbor took PO-7781 with errors: P01: PRICE DIFFERS"),
    ]  # fmt: skip
    assert Problem.objects.order_by("pk")[0].path == "ITD[7].3"
    titles = set(ExceptionCase.objects.values_list("title", flat=True))
    assert titles == {"Harbor refused our document", "Harbor accepted our document with errors"}


def test_what_an_acknowledgement_accepted_an_advice_may_still_refuse_and_then_take(traded):
    arrive = traded(**X12)
    for kind in ("SH", "IN"):
        arrive("997", answer(kind))
    assert both() == ["confirmed", "confirmed"]
    arrive("824", "BGN*00*A*20260305~OTI*TR*SI*SH-90077~TED*024*NOT DUE~")
    assert both() == ["held", "confirmed"]
    taken = "BGN*00*B*20260306~OTI*TA*SI*SH-90077~"
    arrive("824", taken)
    assert both() == ["confirmed", "confirmed"]
    assert opened() == []
    assert RecordEvent.objects.filter(cause="Harbor took it into their system").count() == 1


def test_an_aperak_refuses_the_document_it_names(traded):
    arrive = traded(**EDIFACT)
    arrive("APERAK")
    assert both() == ["delivered", "held"], pipeline.story()
    [(code, kind, text)] = opened()
    assert (code, kind) == ("ack_rejected", "invoice")
    assert text == ("Harbor refused the document: E01: Terms not as agreed ask accounts (LI 2)")
    arrive("APERAK", "BGM+312+A+9'RFF+IV:INV-3301'")
    assert both() == ["delivered", "confirmed"]
    assert opened() == []


def test_a_late_997_does_not_take_back_what_an_advice_refused(traded):
    arrive = traded(**X12)
    arrive("824", "BGN*00*A*20260305~OTI*TR*IV*INV-3301~TED*024*NOT DUE~")
    arrive("997", answer("IN"))
    assert both() == ["delivered", "held"], pipeline.story()
    assert [code for code, _, _ in opened()] == ["ack_rejected"]


def test_an_advice_may_name_a_document_by_its_place_in_our_file(traded):
    arrive = traded(**X12)
    place = f"OTI*TR*IV*OUR-REF*****{number_of_group('IN')}*0001*810~TED*024*NOT DUE~"
    arrive("824", f"BGN*00*A*20260305~{place}")
    assert both() == ["delivered", "held"], pipeline.story()
    elsewhere = f"OTI*TA*IV*OUR-REF*****{number_of_group('IN')}*0002*810~"
    arrive("824", f"BGN*00*B*20260305~{elsewhere}")
    assert both() == ["delivered", "held"]
    assert [code for code, _, _ in opened()] == ["ack_rejected", "ack_unknown"]


def test_an_advice_on_a_group_and_a_number_is_on_that_document_alone(traded):
    arrive = traded(**X12)
    first, group = (
        Message.objects.get(direction="out", object_type="invoice"),
        number_of_group("IN"),
    )
    Message.objects.filter(direction="out", object_type="shipment").update(
        interchange=first.interchange, part=2
    )
    place = f"OTI*{{}}*IV*{{}}*****{group}**810~"
    arrive("824", f"BGN*00*A*20260305~{place.format('TR', 'INV-9')}")
    assert both() == ["delivered", "delivered"]
    assert [code for code, _, _ in opened()] == ["ack_unknown"]
    arrive("824", f"BGN*00*B*20260305~{place.format('TR', 'INV-3301')}")
    assert both() == ["delivered", "held"]
    arrive("824", f"BGN*00*C*20260305~{place.format('GA', 'THEIR-REF')}")
    assert both() == ["delivered", "confirmed"]
    assert first.events.filter(cause="Accepted by application advice").count() == 1


def test_an_advice_on_what_was_taken_back_meanwhile_is_told(traded):
    arrive = traded(**X12)
    sent = Message.objects.get(direction="out", object_type="shipment")
    messages.end([sent.pk], "skipped", "Taken back", of=("delivered",))
    arrive("824", "BGN*00*A*20260305~OTI*TA*SI*SH-90077~")
    assert both() == ["skipped", "delivered"]
    assert [code for code, _, _ in opened()] == ["ack_too_late"]


def test_an_advice_on_what_was_not_sent_is_held(traded):
    arrive = traded(**X12)
    arrive("824", "BGN*00*A*20260305~OTI*TR*IV*INV-9~TED*024~")
    assert both() == ["delivered", "delivered"]
    assert opened() == [
        ("ack_unknown", "acknowledgement",
         "An advice on INV-9, which we did not send to them, or more than once"),
    ]  # fmt: skip
    assert Message.objects.get(topic="x12:824").state == "held"


def test_another_partners_document_is_not_touched(kestrel, server, traded):
    traded(**X12)
    stranger = partner_of_name(kestrel, server, "stranger")
    pipeline.store(stranger, file_of("824"), object_type="interchange")
    pipeline.run(kestrel.harbor)
    assert both() == ["delivered", "delivered"]
    assert {code for code, _, _ in opened()} == {"ack_unknown"}


def partner_of_name(kestrel, server, slug):
    return pipeline.endpoint(
        kestrel.harbor, slug, "edi", secrets={"password": "pw"},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": "u", "host_key": server.host_key_line,
            "drop_folder": "in", "pick_up_folder": "out", **X12,
        },
    )  # fmt: skip


def test_goods_received_otherwise_than_shipped_are_a_case_of_the_shipment(traded):
    arrive = traded(**EDIFACT)
    arrive("RECADV")
    assert states_out("shipment") == ["confirmed"]
    assert opened() == [
        ("receipt_discrepancy", "shipment", "Harbor received 20 of 24 TENT-2P (carton missing)"),
    ]  # fmt: skip
    again = (
        body_of("RECADV")
        .replace("QTY+48:20", "QTY+48:24")
        .replace("QVR+-4:12+BP+:::carton missing'", "")
    )
    arrive("RECADV", again)
    assert opened() == []
    causes = list(
        RecordEvent.objects.filter(cause__contains="received it").values_list("cause", flat=True)
    )
    assert causes == ["Harbor received it otherwise than shipped", "Harbor received it as shipped"]


def test_a_line_that_is_not_received_and_one_that_was_not_shipped_are_named(traded):
    arrive = traded(**EDIFACT)
    text = "BGM+632+R+9'RFF+DQ:SH-90077'LIN+1++TENT-2P:SA'QTY+48:24'QTY+124:2'LIN+2++STOVE:SA'QTY+48:1'"
    arrive("RECADV", text)
    assert [text for _, _, text in opened()] == [
        "Harbor received 24 of 24 TENT-2P, 2 of them damaged or not accepted",
        "Harbor received 0 of 1 MUG-12",
        "Harbor received 1 of 0 STOVE",
    ]  # fmt: skip


def received(*lines: tuple[str, str, str]) -> str:
    """An advice: item, quantity and unit of each line."""
    told = (
        f"LIN+{n}++{sku}:SA'QTY+48:{much}:{unit}'" for n, (sku, much, unit) in enumerate(lines, 1)
    )
    return f"BGM+632+R+9'RFF+DQ:SH-90077'{''.join(told)}"


def mugs_in_cases_of_12(kestrel) -> None:
    mugs = {"sku": "MUG-12", "title": "Mug", "base_uom": "EA", "units": [{"uom": "CA", "factor": "12"}],
            "status": "active"}  # fmt: skip
    source = pipeline.endpoint(kestrel.harbor, "pim", settings={})
    pipeline.store(source, mugs, object_type="product")
    pipeline.run(kestrel.harbor)


def test_what_is_received_in_another_unit_is_converted_by_the_product(kestrel, traded):
    arrive = traded(**EDIFACT)  # 24 EA of tents and 1 CA of mugs left
    mugs_in_cases_of_12(kestrel)
    arrive("RECADV", received(("TENT-2P", "24", "PCE"), ("MUG-12", "12", "PCE")))
    assert opened() == []
    arrive("RECADV", received(("TENT-2P", "24", "PCE"), ("MUG-12", "9", "PCE")))
    assert opened() == [
        ("receipt_discrepancy", "shipment", "Harbor received 0.75 of 1 CA MUG-12, told as 9 EA"),
    ]  # fmt: skip
    arrive("RECADV", received(("TENT-2P", "24", "PCE"), ("MUG-12", "1", "PCE")))
    assert opened() == [
        ("receipt_discrepancy", "shipment", "Harbor received 0.083 of 1 CA MUG-12, told as 1 EA"),
    ]  # fmt: skip


def test_what_is_received_in_a_unit_nobody_knows_is_neither_short_nor_as_shipped(kestrel, traded):
    arrive = traded(**EDIFACT)
    mugs_in_cases_of_12(kestrel)
    arrive("RECADV", received(("TENT-2P", "24", "PCE"), ("MUG-12", "1", "PK")))
    text = (
        "What Harbor received of MUG-12 cannot be compared: it is counted in CA and as 1 PK; how many CA a PK"
        " is, is not known"
    )
    assert opened() == [("uom_mismatch", "shipment", text)]
    said = "Harbor received it in units that are not known"
    assert RecordEvent.objects.filter(cause=said).count() == 1
    rows = LookupTable.objects.create(customer_id=kestrel.harbor, name="uom", default="pass")
    LookupRow.objects.create(table=rows, code="PK", value="CA")
    arrive("RECADV", received(("TENT-2P", "24", "PCE"), ("MUG-12", "1", "PK")))
    assert opened() == []


def test_only_what_differs_may_be_told(traded):
    arrive = traded(**EDIFACT, receipts="only what differs")
    arrive("RECADV", "BGM+632+R+9'RFF+DQ:SH-90077'LIN+1++MUG-12:SA'QTY+48:1'")
    assert (states_out("shipment"), opened()) == (["confirmed"], [])


def test_an_820_pays_an_invoice_in_part_and_then_whole(traded):
    arrive = traded(**X12)
    arrive("820")
    assert (states_out("invoice"), invoice_state()) == (["confirmed"], "partially_paid")
    assert opened() == [
        ("payment_differs", "invoice",
         "Harbor paid 1500 USD and took 10 USD as discount, trace PAY-88;"
         " invoice INV-3301 is over 1542.5 USD; 1510 USD came so far, 32.5 USD missing"
         " (01 -32.5; SHORT OF ONE CASE)"),
        ("payment_unmatched", "acknowledgement", "Harbor paid -20 for CB-881"),
    ]  # fmt: skip
    assert Problem.objects.get(code="payment_differs").amount == 32.5
    arrive("820", "BPR*C*32.5*C*ACH~RMR*IV*INV-3301**32.5~")
    assert invoice_state() == "paid"
    assert [code for code, _, _ in opened()] == ["payment_unmatched"]


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ("BPR*C*0*C*ACH~RMR*IV*INV-3301**-1542.5~RMR*IV*OTHER**1542.5~", "took back 1542.5 USD"),
        ("BPR*C*0*C*ACH~RMR*IV*INV-3301**0**1542.5~", "took 1542.5 USD as discount"),
        ("BPR*C*1542.5*C*ACH~CUR*PR*CAD~RMR*IV*INV-3301**1542.5~", "paid 1542.5 CAD"),
    ],
)
def test_what_pays_nothing_of_an_invoice_leaves_it_as_it_is(traded, segments, said):
    arrive = traded(**X12)
    before = invoice_state()
    arrive("820", segments)
    assert invoice_state() == before, pipeline.story()
    [text] = [text for code, _, text in opened() if code == "payment_differs"]
    assert said in text


def test_more_than_anybody_pays_is_a_case_without_an_amount(traded):
    traded(**X12)("820", "BPR*C*0*C*ACH~RMR*IV*INV-3301**999999999999999999~")
    assert [code for code, _, _ in opened()] == ["payment_differs"]
    assert Problem.objects.get().amount is None


def test_a_file_that_asks_for_a_ta1_gets_one_in_a_file_of_its_own(kestrel, server):
    retailer = partner(kestrel, server, **X12)
    arrives(kestrel, retailer, server, "po.edi", file_of("850").replace(b"*0*T*>", b"*1*T*>"))
    assert [name.partition("_")[0] for name in sorted(server.names("in"))] == ["855", "997", "TA1"]
    assert "TA1*000000771*260302*1605*A*000~\nIEA*0*" in ours(server, "TA1")
    assert states_out("acknowledgement") == ["confirmed"] * 3
    assert not ExceptionCase.objects.exists(), pipeline.story()


def test_a_damaged_file_is_held_and_refused_as_a_whole(kestrel, server):
    retailer = partner(kestrel, server, **X12, ta1="when asked for, or refused")
    damaged = file_of("850").replace(b"IEA*1*000000771", b"IEA*1*000000772")
    arrives(kestrel, retailer, server, "po.edi", damaged)
    assert "TA1*000000771*260302*1605*R*001~" in ours(server, "TA1")
    assert {code for code, _, _ in opened()} == {"envelope_error"}
