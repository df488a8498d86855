"""mock-edi sells to us: what it answers, ships and bills, and what people see when it misbehaves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.domain import overdue, poll, replay
from integrations.models import Endpoint, Message, PollCursor, Problem, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.x12.server import USER, Server
from tests.counterparts.mock_edi_running import Partner

pytestmark = pytest.mark.db
SELLS = pytest.mark.counterpart(
    system="mock-edi",
    flow="a supplier: orders, changes and cancels out; answers, notices, invoices in",
)
MISBEHAVES = pytest.mark.counterpart(
    system="mock-edi", flow="a supplier that misbehaves: each a case, nothing lost, nothing twice"
)

LINES = [
    {"line_no": "1", "sku": "WIDGET-001", "quantity": "10", "uom": "EA", "unit_price": "12.50"},
    {"line_no": "2", "sku": "GEAR-100", "quantity": "4", "uom": "EA", "unit_price": "8.90"},
]
OPEN = ("new", "open", "regressed", "waiting", "snoozed")
CUSTOMERS = {
    "X12": {"dialect": "X12", "version": "004010"},
    "EDIFACT": {"dialect": "EDIFACT", "version": "D:96A:UN"},
}


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("pw")
    yield made
    made.close()


class Trade:
    """A shop whose orders all go to the mock, which ships to its buyers."""

    def __init__(
        self, kestrel: Any, server: Server, *, syntax: str = "X12", more: Any = (), **settings: Any
    ):
        self.customer_id = kestrel.harbor
        self.server = server
        self.mock = Partner(server, *more)
        self.mock.ask("PATCH", "partners/ACME", {**CUSTOMERS[syntax], "qualifier": "ZZ"})
        self.shop = pipeline.endpoint(self.customer_id, "shop", settings={})
        self.maker = pipeline.endpoint(
            self.customer_id, "maker", "edi", label="Widget Makers", site="WM", rate_per_second=1000,
            secrets={"password": "pw"},
            settings={
                "host": "127.0.0.1", "port": server.port, "user": USER,
                "host_key": server.host_key_line, "drop_folder": "in", "pick_up_folder": "out",
                "syntax": syntax, "usage": "T", "own_id": "ACME", "own_qualifier": "ZZ",
                "partner_id": "MOCKEDI", "partner_qualifier": "ZZ", "own_code": "ACME",
                "partner_is": "supplier", "ships_to": "the buyers of our orders",
                # It wants a price on every line, and a CONTRL without asking for one.
                "order_prices": True, "contrl": "always", **settings,
            },
        )  # fmt: skip
        pipeline.flow(self.shop, self.maker, routed=True)
        PollCursor.objects.create(
            endpoint=self.maker, stream="files", every_seconds=0, due_at=clock.now()
        )

    def behaves(self, behaviour: str) -> None:
        self.mock.ask("PATCH", "partners/ACME", {"behaviour": behaviour})

    def orders(self, number: str = "1001", **fields: Any) -> None:
        pipeline.store(self.shop, pipeline.order(number, **{"lines": LINES, **fields}))
        self.goes_on()

    def goes_on(self) -> None:
        """What we have goes to the mock, and what it has comes to us, until nobody has more."""
        for _ in range(3):
            pipeline.run(self.customer_id)
            self.mock.ask("POST", "drop/scan")
            PollCursor.objects.update(due_at=clock.now())
            poll.poll(self.maker.pk)
        pipeline.run(self.customer_id)

    @property
    def order(self) -> Record:
        return Record.objects.get(object_type="order")

    def sent(self) -> list[str]:
        return pipeline.states(direction="out", object_type="order")

    def came(self, kind: str) -> list[str]:
        return pipeline.states(direction="in", topic__endswith=kind)

    def records(self, object_type: str) -> list[Record]:
        return list(Record.objects.filter(object_type=object_type).order_by("id"))


@pytest.fixture
def trading(kestrel: Any, server: Server) -> Iterator[Any]:
    made: list[Trade] = []

    def begin(**fields: Any) -> Trade:
        made.append(Trade(kestrel, server, **fields))
        return made[-1]

    yield begin
    for one in made:
        one.mock.close()
    assert list((server.root / "in" / "failed").glob("*")) == [], "it could not read what we wrote"


def cases() -> list[tuple[str, int]]:
    found = ExceptionCase.objects.filter(state__in=OPEN).order_by("code", "title")
    return [(c.code, c.documents) for c in found]


def texts() -> list[str]:
    return sorted(Problem.objects.filter(closed_at=None).values_list("text", flat=True))


def waits_a_day() -> None:
    """As if what was delivered had been so yesterday; then we look for what has no answer."""
    yesterday = clock.now() - timedelta(hours=25)
    Message.objects.filter(direction="out", state="delivered").update(updated_at=yesterday)
    overdue.find()


@SELLS
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_an_order_is_taken_shipped_and_billed_without_a_case(trading: Any, syntax: str) -> None:
    trade = trading(syntax=syntax)
    trade.orders(po_number="CUST-9")
    theirs = trade.mock.ask("GET", "orders/1001")
    assert [(x["sku"], x["confirmed"], x["shipped"], x["invoiced"]) for x in theirs["lines"]] == [
        ("WIDGET-001", "10", "10", "10"), ("GEAR-100", "4", "4", "4"),
    ]  # fmt: skip
    assert theirs["ship_to_city"] == "Reno"
    assert (trade.sent(), trade.order.state) == (["confirmed"], "shipped"), pipeline.story()
    [shipment], [invoice] = trade.records("shipment"), trade.records("invoice")
    assert (shipment.order_id, shipment.body["lines"][0]["shipped"]) == (trade.order.pk, "10")
    # 10 x 12.50 + 4 x 8.90 = 160.60, by the mock's own list
    assert (invoice.body["totals"]["total"], invoice.body["supplier"]) == ("160.6", "maker")
    assert invoice.business_key.startswith("maker//")
    assert cases() == [], texts()
    assert trade.mock.ask("GET", "unacknowledged") == []


@SELLS
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_goods_for_our_own_site_are_announced(trading: Any, syntax: str) -> None:
    trade = trading(syntax=syntax, ships_to="our sites", site="RNO1")
    trade.orders()
    [notice] = trade.records("inbound_shipment")
    assert (notice.body["site"], notice.body["po_number"]) == ("RNO1", "1001")
    assert (trade.order.state, cases()) == ("acknowledged", [])


@SELLS
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_a_change_and_a_cancel_are_followed(trading: Any, syntax: str) -> None:
    trade = trading(
        syntax=syntax, more=("--despatch-delay", "3600000", "--invoice-delay", "3600000")
    )
    trade.orders()
    assert trade.sent() == ["confirmed"]
    trade.orders(lines=[{**LINES[0], "quantity": "6"}, LINES[1]])
    theirs = trade.mock.ask("GET", "orders/1001")
    assert [x["quantity"] for x in theirs["lines"]] == ["6", "4"]
    assert (trade.sent(), cases()) == (["confirmed", "confirmed"], []), texts()
    trade.orders(lines=[{**LINES[0], "quantity": "6"}, LINES[1]], status="cancelled")
    assert trade.mock.ask("GET", "orders/1001")["status"] == "cancelled"
    assert (trade.order.state, cases()) == ("cancelled", []), (texts(), pipeline.story())


@MISBEHAVES
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_a_supplier_that_ships_short_is_a_case_for_each_line(trading: Any, syntax: str) -> None:
    trade = trading(syntax=syntax)
    trade.behaves("short-ship")
    trade.orders()
    assert cases() == [("quantity_changed", 1), ("quantity_changed", 1)]
    assert texts()[1].startswith("Widget Makers confirms 8 of 10 EA of WIDGET-001 (line 1)")
    assert "balance is not available" in texts()[1]
    assert trade.order.state == "partially_shipped"
    assert [b.body["lines"][0]["quantity"] for b in trade.records("invoice")] == ["8"]


@MISBEHAVES
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_a_line_that_is_refused_is_a_case_with_its_reason(trading: Any, syntax: str) -> None:
    trade = trading(syntax=syntax)
    trade.behaves("reject-line")
    trade.orders()
    assert cases() == [("line_refused", 1)]
    assert texts() == ["Widget Makers refuses 4 EA of GEAR-100 (line 2): GEAR-100 is discontinued."]
    assert (trade.sent(), trade.order.state) == (["confirmed"], "partially_shipped")


@MISBEHAVES
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_an_order_that_is_refused_is_held_whatever_the_acknowledgement_says(
    trading: Any, syntax: str
) -> None:
    trade = trading(syntax=syntax)
    trade.behaves("reject-all")
    trade.orders()
    assert (trade.sent(), cases()) == (["held"], [("order_refused", 1)]), pipeline.story()
    assert texts() == ["Widget Makers refuses order 1001: Order refused."]
    assert trade.records("shipment") == trade.records("invoice") == []


@MISBEHAVES
def test_another_price_is_a_case_where_our_order_showed_one(trading: Any) -> None:
    trade = trading()
    trade.orders(lines=[{**LINES[0], "unit_price": "11"}, LINES[1]])
    assert cases() == [("price_mismatch", 1)]
    assert texts() == ["Widget Makers asks 12.5 for WIDGET-001 (line 1), and the order says 11."]


@MISBEHAVES
def test_an_invoice_that_comes_twice_is_one_invoice(trading: Any) -> None:
    trade = trading()
    trade.behaves("duplicate-invoice")
    trade.orders()
    trade.mock.ask("POST", "advance?all")
    trade.goes_on()
    assert sorted(trade.came("810")) == ["applied", "unchanged"]
    [invoice] = trade.records("invoice")
    assert (invoice.version, trade.order.state, cases()) == (1, "shipped", [])


@MISBEHAVES
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_damaged_files_are_held_refused_and_read_once_that_is_agreed(
    trading: Any, syntax: str
) -> None:
    trade = trading(syntax=syntax)
    trade.behaves("corrupt")
    trade.orders()
    held = Message.objects.filter(object_type="interchange", state="held")
    assert [code for code, _ in cases()] == ["envelope_error"], texts()
    assert held.count() == 3  # answer, notice and invoice
    assert trade.records("shipment") == trade.records("invoice") == []
    settings = {**trade.maker.settings, "lenient": "segment_count_mismatch"}
    Endpoint.objects.filter(pk=trade.maker.pk).update(settings=settings)
    replay.replay([m.pk for m in held], actor="Ana Ruiz", cause="agreed with them")
    trade.goes_on()
    assert (trade.order.state, cases()) == ("shipped", []), texts()
    assert len(trade.records("shipment")) == len(trade.records("invoice")) == 1


@MISBEHAVES
@pytest.mark.parametrize("syntax", CUSTOMERS)
def test_the_order_of_arrival_does_not_matter(trading: Any, syntax: str) -> None:
    trade = trading(syntax=syntax)
    trade.behaves("out-of-order")
    trade.orders()
    assert (trade.sent(), trade.order.state, cases()) == (["confirmed"], "shipped", []), texts()
    assert len(trade.records("shipment")) == len(trade.records("invoice")) == 1


@MISBEHAVES
def test_a_supplier_that_is_late_is_a_case_until_it_answers(trading: Any) -> None:
    trade = trading()
    trade.behaves("late")
    trade.orders()
    assert (trade.sent(), cases()) == (["delivered"], [])
    waits_a_day()
    assert cases() == [("ack_missing", 1)]
    trade.mock.ask("POST", "advance?seconds=3601")
    trade.goes_on()
    assert (trade.sent(), trade.order.state, cases()) == (["confirmed"], "shipped", [])


@MISBEHAVES
def test_a_supplier_that_never_answers_is_a_case(trading: Any) -> None:
    trade = trading()
    trade.behaves("no-ack")
    trade.orders()
    trade.mock.ask("POST", "advance?all")
    trade.goes_on()
    waits_a_day()
    assert (trade.sent(), cases()) == (["delivered"], [("ack_missing", 1)])
    assert texts()[0].startswith("Widget Makers has not acknowledged order 1001, sent ")


@MISBEHAVES
def test_a_file_that_they_cannot_read_is_held(trading: Any) -> None:
    trade = trading()
    trade.behaves("reject-ack")
    trade.orders()
    assert (trade.sent(), cases()) == (["held"], [("ack_rejected", 1)])


@MISBEHAVES
def test_a_control_number_that_comes_again_takes_no_effect(trading: Any) -> None:
    trade = trading()
    trade.orders()
    files = Message.objects.filter(object_type="interchange", direction="in")
    [body] = [b for b in (bytes(m.payload.body) for m in files) if b"ST*810*" in b]
    out = trade.server.root / "out"
    (out / "again.edi").write_bytes(body)  # as it was
    trade.goes_on()
    assert (cases(), len(trade.records("invoice"))) == ([], 1)
    (out / "other.edi").write_bytes(body.replace(b"TDS*16060", b"TDS*96060"))
    trade.goes_on()
    assert cases() == [("duplicate_control_number", 1)]
    assert [one.body["totals"]["total"] for one in trade.records("invoice")] == ["160.6"]


@MISBEHAVES
def test_our_own_file_put_there_twice_is_one_order_and_they_say_so(trading: Any) -> None:
    trade = trading()
    trade.orders()
    [name] = [p for p in (trade.server.root / "in").rglob("850_*")]
    (trade.server.root / "in" / "once_more.edi").write_bytes(name.read_bytes())
    trade.goes_on()
    assert trade.came("810") == ["applied"]
    assert (trade.order.state, len(trade.records("shipment"))) == ("shipped", 1), pipeline.story()
    # A person is told in the supplier's words, and what had been confirmed stays so.
    assert (trade.sent(), cases()) == (["confirmed"], [("ack_rejected", 1)])
    assert "control number was used before" in texts()[0]
