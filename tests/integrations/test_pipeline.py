import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from integrations.models import LookupRow, LookupTable, Message, Problem, Record
from monitoring.models import ExceptionCase
from tests import pipeline

pytestmark = pytest.mark.db


class Sink(ThreadingHTTPServer):
    """A target that remembers what it was given, and answers as told."""

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.keys: list[str] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.taken.append(json.loads(body))
            self.server.keys.append(self.headers["Idempotency-Key"])
        answer = json.dumps({"id": f"S-{len(self.server.taken)}"}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel, sink):
    return pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000
    )


def test_an_order_travels_from_the_inbox_to_the_target(kestrel, shop, erp, sink):
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert [o["number"] for o in sink.taken] == ["1001"], pipeline.story()
    assert pipeline.states(direction="in") == ["applied"]
    assert pipeline.states(direction="out") == ["confirmed"]
    record = Record.objects.get(object_type="order")
    assert (record.number, record.state, str(record.amount)) == ("1001", "released", "128.0000")


def test_the_same_content_again_sends_nothing(kestrel, shop, erp, sink):
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order(), pipeline.order())
    pipeline.run(kestrel.harbor)
    assert len(sink.taken) == 1
    assert pipeline.states(direction="in") == ["applied", "unchanged"]


def test_every_version_of_an_order_is_sent_in_order(kestrel, shop, erp, sink):
    pipeline.flow(shop, erp)
    pipeline.store(shop, *[pipeline.order(quantity=str(n)) for n in (1, 2, 3)])
    pipeline.run(kestrel.harbor)
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "2", "3"]


def test_an_unknown_sku_holds_orders_in_one_case_and_a_lookup_row_frees_them(
    kestrel, shop, erp, sink
):
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku", default="hold")
    LookupRow.objects.create(table=table, code="TENT-2P", value="TENT-2P")
    rows = [["number", "number"], ["channel", "channel"], ["placed_at", "placed_at"],
            ["currency", "currency"], ["status", "status"], ["ship_to", "ship_to"], ["totals", "totals"],
            ["lines[]", "lines"], ["lines[].line_no", "line_no"], ["lines[].sku", "$lookup('sku', sku)"],
            ["lines[].quantity", "quantity"], ["lines[].uom", "uom"], ["lines[].unit_price", "unit_price"]]  # fmt: skip
    shop.mappings.create(object_type="order", direction="in", version=1, rows=rows)
    pipeline.flow(shop, erp)
    pipeline.store(
        shop, *[pipeline.order(str(n), sku="TENT-OLD") for n in range(4)], pipeline.order("9")
    )
    pipeline.run(kestrel.harbor)
    assert [o["number"] for o in sink.taken] == ["9"]
    case = ExceptionCase.objects.get()
    assert (case.code, case.documents, case.title) == (
        "unknown_sku",
        4,
        "SKU TENT-OLD is not known",
    )
    assert str(case.at_risk) == "512.0000"
    assert Problem.objects.filter(closed_at=None).count() == 4

    from integrations.domain import replay

    LookupRow.objects.create(table=table, code="TENT-OLD", value="TENT-2P")
    replay.replay(list(Message.objects.filter(state="held").values_list("pk", flat=True)),
                  actor="Ana Ruiz", cause="lookup added")  # fmt: skip
    pipeline.run(kestrel.harbor)
    case.refresh_from_db()
    assert case.state == "resolved"
    assert sorted(o["number"] for o in sink.taken) == ["0", "1", "2", "3", "9"]
    assert {line["sku"] for o in sink.taken for line in o["lines"]} == {"TENT-2P"}


def test_a_target_that_is_down_gets_everything_in_order_when_it_is_back(kestrel, shop, erp, sink):
    from portal.core import clock

    pipeline.flow(shop, erp)
    sink.status = 503
    with clock.freeze(clock.now()) as frozen:
        pipeline.store(shop, *[pipeline.order(str(n)) for n in range(8)])
        pipeline.run(kestrel.harbor)
        case = ExceptionCase.objects.get()
        assert (case.code, case.documents, case.state) == ("unavailable", 0, "new")
        sink.status = 200
        frozen.move(20)
        pipeline.run(kestrel.harbor)
    case.refresh_from_db()
    erp.refresh_from_db()
    assert case.state == "resolved", (pipeline.story(), erp.breaker)
    assert sorted(o["number"] for o in sink.taken) == [str(n) for n in range(8)]


def test_unreadable_bytes_are_stored_and_held(kestrel, shop):
    pipeline.store(shop, b'{"number": "10')
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["held"]
    assert ExceptionCase.objects.get().severity == 2


def test_the_same_order_held_twice_is_one_held_document(kestrel, shop):
    LookupTable.objects.create(customer_id=kestrel.harbor, name="sku", default="hold")
    shop.mappings.create(
        object_type="order", direction="in", version=1,
        rows=[["number", "number"], ["channel", "channel"], ["lines[]", "lines"],
              ["lines[].sku", "$lookup('sku', sku)"], ["source_updated_at", "source_updated_at"]],
    )  # fmt: skip
    for minute in ("10", "11"):
        pipeline.store(shop, pipeline.order(source_updated_at=f"2026-03-02T14:{minute}:00Z"))
        pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["superseded", "held"]
    assert ExceptionCase.objects.get().documents == 1
    pipeline.store(shop, pipeline.order(source_updated_at="2026-03-02T14:05:00Z"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["superseded", "held", "held"]  # an older one outdoes nothing


@pytest.mark.parametrize("in_one_bite", [False, True])
def test_a_product_that_becomes_known_frees_what_waited_for_it(
    kestrel, shop, erp, sink, in_one_bite
):
    LookupTable.objects.create(customer_id=kestrel.harbor, name="sku", default="master")
    rows = [[name, name] for name in pipeline.order()] + [["lines[]", "lines"]]
    rows = [row for row in rows if row[0] != "lines"] + [
        [f"lines[].{n}", n] for n in ("line_no", "quantity", "uom", "unit_price")
    ]
    rows.append(["lines[].sku", "$lookup('sku', sku)"])
    shop.mappings.create(object_type="order", direction="in", version=1, rows=rows)
    pipeline.flow(shop, erp)
    pipeline.store(shop, pipeline.order())
    if not in_one_bite:
        pipeline.run(kestrel.harbor)
        assert ExceptionCase.objects.get().documents == 1
    product = {"sku": "TENT-2P", "title": "Tent", "status": "active", "base_uom": "EA",
               "units": [{"uom": "EA", "factor": "1"}]}  # fmt: skip
    pipeline.store(erp, product, object_type="product")
    pipeline.run(kestrel.harbor)
    assert [o["number"] for o in sink.taken] == ["1001"]
    assert ExceptionCase.objects.get().resolution == "The item is known now"
