"""Files through the whole pipeline: what comes in becomes records, and orders go out as files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.connectors.flat_files.client import FilesClient
from integrations.domain import deliver, poll, replay
from integrations.models import Endpoint, Interchange, Message, PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock, guard
from portal.core.errors import Retryable
from tests import pipeline
from tests.certificate_maker import Authority
from tests.connectors.files.harness import AGREEMENT, SHIPMENTS, STOCK
from tests.transports.imap_server import PASSWORD, USER, Mailboxes, mail
from tests.transports.places import FolderPlace

pytestmark = pytest.mark.db


class Warehouse:
    """A warehouse with a folder, an endpoint to it, and the lanes that serve it."""

    def __init__(self, customer_id: int, root: Any, **settings: Any) -> None:
        self.customer_id, self.place = customer_id, FolderPlace(root)
        self.endpoint = pipeline.endpoint(
            customer_id, "northwind", "csv3pl", label="Northwind", rate_per_second=1000, secrets={},
            settings={"protocol": "folder", "root": str(root), "agreement": AGREEMENT, **settings},
        )  # fmt: skip
        self.source = pipeline.endpoint(customer_id, "shop")
        pipeline.flow(self.source, self.endpoint, "order")
        PollCursor.objects.get_or_create(
            endpoint=self.endpoint, stream="files",
            defaults={"due_at": clock.now(), "every_seconds": 60},
        )  # fmt: skip

    def poll(self, *, times: int = 1, apart: float = 60) -> None:
        with clock.freeze(clock.now()) as frozen:
            for _ in range(times):
                PollCursor.objects.update(due_at=clock.now())
                poll.poll(self.endpoint.pk)
                frozen.move(apart)
        pipeline.run(self.customer_id)

    def orders(self, *numbers: str, **fields: Any) -> None:
        for number in numbers:
            pipeline.store(self.source, pipeline.order(number, **fields))
        pipeline.run(self.customer_id)

    def sent(self) -> dict[str, str]:
        return {name: self.place.body(f"in/{name}").decode() for name in self.place.names("in")}


@pytest.fixture
def warehouse(kestrel, allowed) -> Callable[..., Warehouse]:
    return lambda **settings: Warehouse(kestrel.harbor, allowed, **settings)


def keys(object_type: str) -> set[str]:
    return set(
        Record.objects.filter(object_type=object_type).values_list("business_key", flat=True)
    )


def codes() -> list[str]:
    return sorted(ExceptionCase.objects.values_list("code", flat=True))


def test_orders_go_out_in_one_file_and_their_shipment_and_stock_come_in(warehouse) -> None:
    there = warehouse()
    for number in ("1001", "1002"):
        pipeline.store(there.source, pipeline.order(number))
    pipeline.run(there.customer_id)
    [(name, text)] = there.sent().items()
    assert name.startswith("orders_20")
    assert name.endswith("_000000001.csv")
    head, *rows, _ = text.split("\r\n")
    assert head.startswith("order,po,status,ship by,service,name,company,address 1,")
    assert [row.split(",")[0] for row in rows] == ["1001", "1002"]
    assert rows[0] == "1001,,open,,,Ann Ex,,400 Quay Street,,Reno,NV,89502,US,,1,TENT-2P,2,EA"
    assert set(pipeline.states(endpoint=there.endpoint, direction="out")) == {"confirmed"}

    there.place.put("out/ship-1.csv", SHIPMENTS.encode())
    there.place.put("out/stock.csv", STOCK.encode())
    there.poll()
    shipment = Record.objects.get(object_type="shipment").body
    assert (shipment["order_number"], shipment["carrier"], shipment["tracking"]) == (
        "1001", {"scac": "UPSN"}, ["1Z999"],
    )  # fmt: skip
    assert [(line["sku"], line["shipped"], line["uom"]) for line in shipment["lines"]] == [
        ("TENT-2P", "2", "EA"),
        ("STOVE-1", "1", "EA"),
    ]
    stock = Record.objects.get(object_type="inventory").body
    assert (stock["on_hand"], stock["available"]) == ("40", "37")
    assert "damaged" not in stock
    assert codes() == [], pipeline.story()


def test_a_file_that_may_have_arrived_goes_out_again_with_the_same_name_and_bytes(
    warehouse, monkeypatch
) -> None:
    there = warehouse()
    pipeline.store(there.source, pipeline.order("1001"))
    put = FilesClient.put_file

    def dies(self, name, body):
        put(self, name, body)
        raise Retryable("The connection broke", uncertain=True)

    monkeypatch.setattr(FilesClient, "put_file", dies)
    pipeline.run(there.customer_id)
    before = there.sent()
    assert len(before) == 1
    monkeypatch.setattr(FilesClient, "put_file", put)
    Message.objects.filter(direction="out").update(due_at=clock.now() - timedelta(seconds=1))
    deliver.deliver(there.endpoint.pk)
    assert there.sent() == before
    assert pipeline.states(endpoint=there.endpoint, direction="out") == ["confirmed"]
    assert Interchange.objects.count() == 1


def test_one_file_each_where_a_warehouse_takes_no_more(warehouse) -> None:
    there = warehouse(
        sets_per_file=1,
        agreement=AGREEMENT.replace("orders_{time}", "order_{number}"),
    )
    for number in ("10/01", "1002"):
        pipeline.store(there.source, pipeline.order(number))
    pipeline.run(there.customer_id)
    assert sorted(there.sent()) == ["order_10-01_000000001.csv", "order_1002_000000002.csv"]


def test_an_order_that_cannot_be_written_is_held_and_the_others_go(warehouse) -> None:
    there = warehouse(agreement=AGREEMENT.replace("title: po}", "title: po, required: true}"))
    pipeline.store(there.source, pipeline.order("1001"), pipeline.order("1002", po_number="P-2"))
    pipeline.run(there.customer_id)
    [text] = there.sent().values()
    assert [row.split(",")[0] for row in text.split("\r\n")[1:-1]] == ["1002"]
    assert codes() == ["missing_field"]


def test_a_bad_row_holds_its_own_document_only(warehouse) -> None:
    there = warehouse()
    rows = "RNO1,TENT-2P,many,,\nRNO1,STOVE-1,5,,\nRNO1,LAMP-1,6,,\nEND,3\n"
    there.place.put("out/stock.csv", f"site,sku,on hand,available,damaged\n{rows}".encode())
    there.poll()
    assert keys("inventory") == {"RNO1/STOVE-1", "RNO1/LAMP-1"}, keys("inventory")
    assert codes() == ["wrong_type"]


def test_another_set_of_columns_holds_the_file_is_told_of_once_and_read_when_agreed(
    warehouse,
) -> None:
    there = warehouse()
    changed = STOCK.replace("on hand", "qty on hand")
    there.place.put("out/stock.csv", changed.encode())
    there.poll(times=3)
    [held] = Message.objects.filter(direction="in")
    assert held.state == "held"
    assert codes() == ["schema_drift"]
    assert there.place.names("out") == []
    settings = {
        **there.endpoint.settings,
        "agreement": AGREEMENT.replace("title: on hand", "title: qty on hand"),
    }
    Endpoint.objects.filter(pk=there.endpoint.pk).update(settings=settings)
    replay.replay([held.pk], actor="Ada", cause="Agreed")
    pipeline.run(there.customer_id)
    assert Record.objects.get(object_type="inventory").body["on_hand"] == "40"


def test_files_on_mails_become_records_and_a_stranger_becomes_one_case(kestrel, tmp_path) -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8", "::1"])
    authority = Authority(tmp_path)
    there = Mailboxes(authority.certificate("localhost"))
    endpoint = pipeline.endpoint(
        kestrel.harbor, "mails", "files", secrets={"password": PASSWORD},
        settings={"protocol": "mailbox", "host": "localhost", "port": there.port, "user": USER,
                  "authority": authority.path.read_text(), "senders": "@acme.example",
                  "agreement": AGREEMENT},
    )  # fmt: skip
    PollCursor.objects.get_or_create(
        endpoint=endpoint, stream="files", defaults={"due_at": clock.now(), "every_seconds": 60}
    )
    there.inbox.add(mail(("stock.csv", STOCK.encode())))
    for n in range(3):
        there.inbox.add(mail(("stock.csv", b"x"), sender="thief@evil.example", id=f"<{n}@evil>"))
    for _ in range(2):
        PollCursor.objects.update(due_at=clock.now())
        poll.poll(endpoint.pk)
        pipeline.run(kestrel.harbor)
    there.close()
    assert Record.objects.get(object_type="inventory").body["on_hand"] == "40"
    [case] = ExceptionCase.objects.all()
    assert case.code == "unknown_partner"
    assert Message.objects.filter(object_type="file_note", state="held").count() == 3
    assert [there.count(f) for f in ("INBOX", "Archive", "Refused")] == [0, 1, 3]


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("stock.csv", b"site,sku,on hand,available,damaged\nRNO1,TENT-2P,40,37,\nEND,9\n", "malformed_document"),
        ("stock.csv", b"\x00" * 90 + b"\nEND,1\n", "encoding_error"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_agreed_is_held_whole(warehouse, name, body, code) -> None:
    there = warehouse()
    there.place.put(f"out/{name}", body)
    there.poll(times=2)
    assert codes() == [code], pipeline.story()
    assert keys("inventory") == set()
    assert Message.objects.get(direction="in").state == "held"
