"""Tables in memory answer as databases do, and kinds of files are tables of their columns."""

import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from integrations.connectors import registry
from integrations.connectors.flat_files import tables
from integrations.resources import asking, definition, rows
from integrations.resources.asking import Clock
from integrations.resources.relations import (
    DELETED,
    Column,
    Condition,
    FileUnfitError,
    Order,
    Reading,
    RowRefusedError,
)
from integrations.resources.rows import Table
from tests.connectors.conformance import connection
from tests.resources import database
from tests.resources.database import PARTS, ROWS

pytestmark = pytest.mark.pure
UTC = ZoneInfo("UTC")
PART = definition.read(PARTS)
COLUMNS = (
    Column("part_no", "string"), Column("Description", "string"), Column("price", "decimal"),
    Column("on_hand", "integer"), Column("active", "boolean"), Column("gone", "string"),
    Column("changed_at", "datetime"),
)  # fmt: skip
IN_MEMORY = Table(
    COLUMNS,
    [
        tuple(rows.value_of(v, c.kind, UTC) for v, c in zip(row, COLUMNS, strict=True))
        for row in ROWS
    ],
    UTC,
)
ASKED: list[tuple[dict[str, str], str]] = [
    ({}, ""), ({}, "-price"), ({}, "price"), ({}, "name"), ({}, "-name"), ({}, "-on_hand"),
    ({"price.from": "5"}, "-price"), ({"price": "61.5"}, ""), ({"name.prefix": "Tent"}, ""),
    ({"name.prefix": "100%"}, ""), ({"on_hand.to": "3"}, "on_hand"), ({"number": "A/3,~"}, ""),
    ({"changed_at.from": "2026-03-02T11:00:00Z"}, ""), ({"changed_at": "2026-03-02T10:00:00Z"}, "-number"),
]  # fmt: skip


def test_it_answers_page_by_page_what_a_database_answers(on_sqlite) -> None:
    with database.client_of(on_sqlite.url) as client:
        for given, sort in ASKED:
            for limit in (1, 2, 100):
                after: list[Any] | None = None
                while True:
                    asked = asking.listing(
                        PART, given, Clock(UTC), sort=sort, after=after, limit=limit
                    )
                    there, here = client.read_rows(asked), rows.read(IN_MEMORY, asked)
                    assert keys(here) == keys(there), (given, sort, after)
                    if len(here) < limit:
                        break
                    after = [asking.values.mark(here[-1][one.column]) for one in asked.order]


def keys(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(row["part_no"], int(row[DELETED])) for row in found]


def test_what_cannot_be_compared_is_refused() -> None:
    for wrong in (
        Condition("price", "=", "many"), Condition("nothing", "=", "1"),
        Condition("price", "prefix", "1"), Condition("price", ">", "NaN"),
        Condition("price", "in", ["sNaN"]), Condition("price", "<", "Infinity"),
    ):  # fmt: skip
        with pytest.raises(RowRefusedError):
            rows.read(IN_MEMORY, Reading("part", ["part_no"], [wrong], [Order("part_no")]))


def test_values_are_of_their_columns_kind() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert rows.value_of("2026-03-02T09:00:00+00:00", "datetime", berlin) == datetime(
        2026, 3, 2, 10
    )
    assert rows.value_of("12.50", "decimal", UTC) == Decimal("12.5")
    assert rows.value_of("2026-03-02", "date", UTC) == date(2026, 3, 2)
    assert rows.value_of(True, "string", UTC) == "true"
    assert rows.value_of(None, "integer", UTC) is None
    for value, kind in [
        ("x", "integer"),
        ("maybe", "boolean"),
        ([1], "string"),
        ("NaNs", "decimal"),
    ]:
        with pytest.raises(ValueError, match=r".+"):
            rows.value_of(value, kind, UTC)


PROFILES = {
    "fixed": """
        format: fixed
        tag_start: 1
        tag_length: 1
        records:
          - {name: head, tag: H, role: header, columns: [{name: made, start: 2, length: 8}]}
          - name: item
            tag: P
            columns:
              - {name: sku, start: 2, length: 6, required: true}
              - {name: stock, kind: decimal, places: 1, start: 8, length: 5, align: right, fill: "0"}
""",
    "xml": """
        format: xml
        record: Items/Item
        columns:
          - {name: "@sku", required: true}
          - {name: Stock/Free, kind: decimal}
""",
    "xlsx": """
        format: xlsx
        columns: [{name: stock, kind: decimal}, {name: sku, required: true}]
""",
    "unnamed": """
        format: delimited
        columns: []
""",
    "grouped": """
        format: delimited
        columns: [{name: sku}, {name: stock, kind: decimal}]
        group_by: {columns: [sku]}
""",
}


def of(kind: str, **settings: Any) -> Any:
    text = f"incoming:\n  item:\n    name: item*.{kind}\n    object: none\n    profile:{PROFILES[kind]}"
    settings = {"agreement": text, "protocol": "folder", **settings}
    return connection(registry.get("files"), settings=settings, secrets={})


def workbook() -> bytes:
    book, body = openpyxl.Workbook(), BytesIO()
    for row in (["stock", "sku"], [12.5, "A-1"], [None, "A-2"]):
        book.active.append(row)
    book.save(body)
    return body.getvalue()


@pytest.mark.parametrize(
    ("kind", "body", "names"),
    [
        ("fixed", b"H20260302\r\nPA-1   00125\r\nPA-2        \r\n", ["sku", "stock"]),
        (
            "xml",
            b'<Items><Item sku="A-1"><Stock><Free>12.5</Free></Stock></Item><Item sku="A-2"/></Items>',
            ["@sku", "Stock/Free"],
        ),
        ("xlsx", workbook(), ["stock", "sku"]),
        ("grouped", b"sku,stock\r\nA-1,12.5\r\nA-2,\r\n", ["sku", "stock"]),
    ],
)
def test_every_format_is_a_table_of_its_columns(kind: str, body: bytes, names: list[str]) -> None:
    [relation] = tables.relations(of(kind))
    assert [one.name for one in relation.columns] == names
    assert (relation.name, relation.is_file) == ("item", True)
    found = [set(row) for row in tables.table("item", body, of(kind)).rows]
    assert found == [{"A-1", Decimal("12.5")}, {"A-2", None}]


def test_the_how_to_shows_a_kind_of_file_that_can_be_published() -> None:
    text = (Path(__file__).parents[2] / "docs" / "publish-a-legacy-system.md").read_text()
    [shown] = re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    settings = {"agreement": shown, "protocol": "folder"}
    [stock] = tables.relations(connection(registry.get("files"), settings=settings, secrets={}))
    assert [(one.name, one.kind) for one in stock.columns] == [
        ("sku", "string"), ("on_hand", "integer"), ("price", "decimal"),
    ]  # fmt: skip
    assert stock.read_only == ""


def test_a_row_is_a_file_by_the_profile_and_is_called_by_its_key() -> None:
    name, body = tables.row_file("item", "A/1", {"@sku": "A/1", "Stock/Free": "2.5"}, of("xml"))
    assert name.startswith("item_A-1_")
    assert name.endswith(".xml")
    assert b'sku="A/1"' in body
    assert b"<Stock><Free>2.5</Free></Stock>" in body.replace(b"\n", b"").replace(b"  ", b"")
    assert tables.row_file("item", "A/1", {"@sku": "A/1"}, of("xml"))[0] == name
    assert tables.row_file("item", "A,1", {"@sku": "A,1"}, of("xml"))[0] != name
    with pytest.raises(RowRefusedError, match="sku"):
        tables.row_file("item", "A", {"sku": "much too long"}, of("fixed"))


def test_what_takes_no_row_says_why() -> None:
    [book] = tables.relations(of("xlsx"))
    assert "Workbooks are read and not written" in book.read_only
    [mail] = tables.relations(of("xml", protocol="mailbox"))
    assert "mailbox" in mail.read_only
    [xml] = tables.relations(of("xml"))
    assert xml.read_only == ""
    assert tables.relations(of("unnamed")) == []  # nobody said what its columns are


def test_no_more_is_read_than_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"sku,stock\r\nA-1,1\r\nA-2,2\r\nA-3,3\r\n"
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(FileUnfitError, match="2"):
        tables.table("item", text, of("grouped"))
    monkeypatch.setattr(tables, "MOST_BYTES", 20)
    with pytest.raises(FileUnfitError, match="MB"):
        tables.table("item", text, of("grouped"))
