"""A retailer's order by EDI: answered, shipped by a warehouse, announced, invoiced and acknowledged."""

import pytest

from integrations.domain import poll
from integrations.models import Interchange, Message, PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.edi.files import EDIFACT, X12, edifact, file_of, x12
from tests.connectors.x12.server import USER, Server

pytestmark = pytest.mark.db


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


def partner(kestrel, server, **settings):
    made = pipeline.endpoint(
        kestrel.harbor, "retailer", "edi", label="Harbor", rate_per_second=1000,
        secrets={"password": "pw"}, channel={"share": 1},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": USER, "host_key": server.host_key_line,
            "drop_folder": "in", "pick_up_folder": "out", **settings,
        },
    )  # fmt: skip
    PollCursor.objects.create(endpoint=made, stream="files", every_seconds=0, due_at=clock.now())
    return made


@pytest.fixture
def house(kestrel):
    """The system that ships and invoices."""
    return pipeline.endpoint(kestrel.harbor, "house", settings={})


def connect(house, retailer):
    for object_type in ("shipment", "invoice"):
        pipeline.flow(house, retailer, object_type)


def arrives(kestrel, retailer, server, name: str, body: bytes) -> None:
    """The partner puts a file; we pick it up and do what it asks for."""
    server.put(name, body)
    PollCursor.objects.update(due_at=clock.now())
    poll.poll(retailer.pk)
    pipeline.run(kestrel.harbor)


def ours(server, kind: str) -> str:
    """The one file of ours of a kind."""
    [name] = [name for name in server.names("in") if name.startswith(f"{kind}_")]
    return (server.root / "in" / name).read_text(encoding="iso-8859-1")


SHIPMENT = {
    "number": "SH-90077", "site": "RNO1", "order_number": "PO-7781", "status": "partial",
    "shipped_at": "2026-03-03T16:10:00Z", "carrier": {"scac": "UPSN"},
    "lines": [
        {"sku": "TENT-2P", "shipped": "24", "uom": "EA", "sscc": "000123450000000010"},
        {"sku": "MUG-12", "shipped": "1", "short": "1", "uom": "CA"},
    ],
}  # fmt: skip
INVOICE = {
    "number": "INV-3301", "type": "invoice", "order_number": "PO-7781", "issued_on": "2026-03-04",
    "currency": "USD", "status": "posted",
    "totals": {"lines": "1530.00", "freight": "12.50", "tax": "0.00", "total": "1542.50"},
    "lines": [
        {"sku": "TENT-2P", "quantity": "24", "uom": "EA", "unit_price": "61.50", "total": "1476.00"},
        {"sku": "MUG-12", "quantity": "1", "uom": "CA", "unit_price": "54.00", "total": "54.00"},
    ],
}  # fmt: skip


def states_out(object_type: str) -> list[str]:
    return pipeline.states(direction="out", object_type=object_type)


def number_of_group(functional_id: str) -> str:
    return Interchange.objects.get(direction="out", functional_id=functional_id).group_control


def answer(functional_id: str, verdict: str = "A") -> str:
    counted = {"A": 1, "R": 0}[verdict]
    return f"AK1*{functional_id}*{number_of_group(functional_id)}~AK9*{verdict}*1*1*{counted}~"


def ship_and_invoice(kestrel, house) -> None:
    pipeline.store(house, SHIPMENT, object_type="shipment")
    pipeline.store(house, INVOICE, object_type="invoice")
    pipeline.run(kestrel.harbor)


def test_an_order_by_x12_is_answered_shipped_invoiced_and_acknowledged(kestrel, house, server):
    retailer = partner(kestrel, server, **X12)
    connect(house, retailer)
    arrives(kestrel, retailer, server, "po.edi", file_of("850"))
    order = Record.objects.get(object_type="order")
    assert (order.number, order.state) == ("PO-7781", "released"), pipeline.story()
    assert "AK1*PO*771~" in ours(server, "997")
    assert "AK9*A*1*1*1~" in ours(server, "997")
    assert "BAK*00*AD*PO-7781*20260302~" in ours(server, "855")
    assert "PO1*1*24*EA*61.5**VN*TENT-2P*UP*012345678905~\nACK*IA*24*EA*" in ours(server, "855")

    ship_and_invoice(kestrel, house)
    notice, invoice = ours(server, "856"), ours(server, "810")
    assert "PRF*PO-7781***20260302~\nREF*DP*012~" in notice
    assert "MAN*GM*00000123450000000010~" in notice
    assert "LIN*2*VN*MUG-12~\nSN1**1*CA~" in notice
    assert "BIG*20260304*INV-3301*20260302*PO-7781***DI~" in invoice
    assert "TDS*154250~" in invoice
    assert (states_out("shipment"), states_out("invoice")) == (["delivered"], ["delivered"])

    told = [x12("997", answer(kind), control=800 + n) for n, kind in enumerate(("SH", "IN", "PR"))]
    for number, body in enumerate(told):
        arrives(kestrel, retailer, server, f"997-{number}.edi", body)
    assert (states_out("shipment"), states_out("invoice")) == (["confirmed"], ["confirmed"])
    assert not ExceptionCase.objects.exists(), pipeline.story()
    assert server.names("out") == []


def test_an_order_by_edifact_goes_the_same_way(kestrel, house, server):
    retailer = partner(kestrel, server, **EDIFACT)
    connect(house, retailer)
    arrives(kestrel, retailer, server, "po.edi", file_of("ORDERS"))
    assert Record.objects.get(object_type="order").number == "PO-7781", pipeline.story()
    assert "UCI+771+4012345000009:14+5412345000013:14+7'" in ours(server, "CONTRL")
    assert "BGM+231+PO-7781+29'" in ours(server, "ORDRSP")

    ship_and_invoice(kestrel, house)
    assert "GIN+BJ+000123450000000010'" in ours(server, "DESADV")
    assert "MOA+77:1542.5'" in ours(server, "INVOIC")
    references = {
        name.partition("_")[0]: i.group_control
        for i in Interchange.objects.filter(direction="out")
        for name in [i.file_name]
    }
    who = "+5412345000013:14+4012345000009:14+"
    taken = f"UCI+{references['DESADV']}{who}7'"
    refused = f"UCI+{references['INVOIC']}{who}7'UCM+1+INVOIC:D:96A:UN:EAN008+4+12'"
    for number, body in enumerate((taken, refused), 801):
        arrives(kestrel, retailer, server, f"{number}.edi", edifact("CONTRL", body, control=number))
    assert (states_out("shipment"), states_out("invoice")) == (["confirmed"], ["held"])
    case = ExceptionCase.objects.get()
    assert (case.code, case.title) == ("ack_rejected", "Harbor refused our document")


def test_a_contrl_is_not_answered_and_one_that_only_says_it_came_confirms_nothing(
    kestrel, house, server
):
    retailer = partner(kestrel, server, **EDIFACT)
    arrives(kestrel, retailer, server, "po.edi", file_of("ORDERS"))
    reference = Interchange.objects.get(file_name__startswith="ORDRSP").group_control
    body = f"UCI+{reference}+5412345000013:14+4012345000009:14+8'"
    before = server.names("in")
    arrives(kestrel, retailer, server, "r.edi", edifact("CONTRL", body, control=801))
    assert server.names("in") == before
    assert not ExceptionCase.objects.exists()


def test_a_change_of_the_whole_order_makes_a_new_version_and_what_came_before_comes_too_late(
    kestrel, house, server
):
    retailer = partner(kestrel, server, **X12)
    arrives(kestrel, retailer, server, "po.edi", file_of("850"))
    arrives(kestrel, retailer, server, "pc.edi", file_of("860", control=772))
    order = Record.objects.get(object_type="order")
    assert [line["quantity"] for line in order.body["lines"]] == ["30"]
    # The first order once more under another number, as partners do who are not sure.
    arrives(kestrel, retailer, server, "po2.edi", file_of("850", control=773))
    order.refresh_from_db()
    assert [line["quantity"] for line in order.body["lines"]] == ["30"]


def test_a_change_that_says_only_what_differs_waits_for_a_person(kestrel, house, server):
    retailer = partner(kestrel, server, **X12, changes="only what differs")
    arrives(kestrel, retailer, server, "po.edi", file_of("850"))
    arrives(kestrel, retailer, server, "pc.edi", file_of("860", control=772))
    order = Record.objects.get(object_type="order")
    assert [line["quantity"] for line in order.body["lines"]] == ["24", "2"]
    case = ExceptionCase.objects.get()
    assert case.code == "change_not_applied"
    held = Message.objects.get(state="held")
    assert held.topic == "x12:860"


def test_stock_goes_out_in_one_report_and_its_refusal_holds_every_item_of_it(
    kestrel, house, server
):
    retailer = partner(kestrel, server, **X12)
    pipeline.flow(house, retailer, "inventory")
    levels = [
        {
            "site": "RNO1",
            "sku": sku,
            "uom": "EA",
            "on_hand": amount,
            "as_of": "2026-03-02T14:00:00Z",
        }
        for sku, amount in (("TENT-2P", "310"), ("MUG-12", "40"))
    ]
    pipeline.store(house, *levels, object_type="inventory")
    pipeline.run(kestrel.harbor)
    text = ours(server, "846")
    assert text.count("ST*846") == 1
    assert "CTT*2~" in text
    assert states_out("availability") == ["delivered", "delivered"], pipeline.story()
    sets = f"AK1*IB*{number_of_group('IB')}~AK2*846*0001~AK5*R*5~AK9*R*1*1*0~"
    arrives(kestrel, retailer, server, "997.edi", x12("997", sets, control=801))
    assert states_out("availability") == ["held", "held"]
