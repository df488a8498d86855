"""The agreement: what it takes, what it refuses and where, and what becomes of rows and documents."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors import file_repeats
from integrations.connectors.flat_files import agreement, file_naming, mapper, wholeness
from integrations.connectors.flat_files.nesting import nested, value_at
from integrations.connectors.flat_files.shaping import shaped
from integrations.formats import flat
from integrations.transports.files import Picked
from tests.connectors.files.conftest import agreed

pytestmark = pytest.mark.pure

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)


def entry(profile: str, more: str = "") -> str:
    return f"incoming:\n  orders:\n    name: orders*\n    object: order\n    profile: {profile}\n{more}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1: The agreement is empty."),
        ("incoming: {}", "Line 1, incoming: Name at least one kind of file that comes or goes."),
        ("coming: {}", "There is no such key."),
        (entry("{format: csv}"), "Line 5, incoming.orders.profile.format: “csv” is none of"),
        (entry("{format: delimited, delimeter: ;}"), "profile.delimeter: There is no such setting. Is delimiter meant?"),
        (entry("{format: xml}"), "incoming.orders.profile.record: A text is needed."),
        (entry("{format: delimited}").replace("object: order", "object: ordr"), "Line 4, incoming.orders.object: “ordr” is not one of"),
        (entry("{format: delimited}").replace("orders*", '"a/b"'), "Line 3, incoming.orders.name: A pattern of file names"),
        ("outgoing: {parcel: {profile: {format: delimited, columns: [{name: a}]}}}", "There is no object type parcel."),
        ("outgoing: {order: {profile: {format: delimited}}}", "outgoing.order.profile.columns: To write, the columns have to be named."),
        ("outgoing: {order: {name: a.csv}}", "It needs {sequence}"),
        ("a: &a [x]\nb: " + "[" * 60, "Lists and groups nest deeper"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_key(text: str, said: str) -> None:
    assert said in agreement.complaint(text)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{sequence}{sequence}", "stands there twice"),
        ("{sequence}{secret}", "There is no {secret}."),
        ("../{sequence}.csv", "It begins with a letter or digit"),
        (".{sequence}.csv", "It begins with a letter or digit"),
        ("a b{sequence}", "It begins with a letter or digit"),
        ("{sequence}.tmp", "not finished"),
        ("{sequence}" + "x" * 60, "60 characters at most"),
    ],
)
def test_a_name_that_leads_elsewhere_or_is_not_safe_is_refused(pattern: str, said: str) -> None:
    assert said in file_naming.complaint(pattern)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("1001", "order_1001_20260303T160500_000000007.csv"),
        ("../../etc/passwd", "order_etc-passwd_20260303T160500_000000007.csv"),
        ("東京", "order_file_20260303T160500_000000007.csv"),
        ("x" * 99, f"order_{'x' * 40}_20260303T160500_000000007.csv"),
    ],
)
def test_a_name_has_the_number_as_far_as_a_name_can(number: str, name: str) -> None:
    pattern = "{type}_{number}_{time}_{sequence}.csv"
    made = file_naming.name(pattern, object_type="order", number=number, now=NOW, sequence=7)
    assert made == name


def test_columns_are_fields_within_groups_and_places_in_lists() -> None:
    row = {
        "number": "1", "ship_to.city": "Reno", "ship_to.lines.2": "Dock 4", "ship_to.lines.1": "1 Pier",
        "po": None, "lines": [{"sku": "A", "lot.code": "L"}, {"sku": "B", "lot.code": None}],
    }  # fmt: skip
    document = nested(row)
    assert document == {
        "number": "1",
        "ship_to": {"city": "Reno", "lines": ["1 Pier", "Dock 4"]},
        "lines": [{"sku": "A", "lot": {"code": "L"}}, {"sku": "B"}],
    }
    assert value_at(document, "ship_to.lines.2") == "Dock 4"
    assert value_at(document, "ship_to.lines.3") is None
    assert value_at(document, "ship_to.lines.0") is None


@pytest.mark.parametrize(
    ("row", "document"),
    [
        ({"a": "1", "a.b": "2"}, {"a": "1", "a.b": "2"}),
        ({"a..b": "1", ".": "2"}, {"a..b": "1", ".": "2"}),
        ({"Nr.": "1"}, {"Nr.": "1"}),
        ({"a.1": "x", "a.name": "y"}, {"a": {"1": "x", "name": "y"}}),
    ],
)
def test_names_that_cannot_be_ways_stay_names(row: Any, document: Any) -> None:
    assert nested(row) == document


FIXED = """
outgoing:
  order:
    name: "{type}_{sequence}.txt"
    profile:
      format: fixed
      tag_start: 1
      tag_length: 1
      records:
        - {name: order, tag: H, columns: [{name: number, start: 2, length: 8}, {name: ship_to.city, start: 10, length: 6}]}
        - {name: lines, tag: L, role: part, many: true, columns: [{name: sku, start: 2, length: 8}, {name: quantity, kind: decimal, start: 10, length: 6}]}
"""
XML = """
outgoing:
  order:
    name: "{type}_{sequence}.xml"
    profile: {format: xml, record: Orders/Order, columns: [{name: number}, {name: ship_to/city}, {name: lines/sku}]}
"""
ORDER = {
    "number": "1001", "currency": "USD", "ship_to": {"name": "Ann", "city": "Reno"},
    "lines": [{"sku": "TENT-2P", "quantity": "2", "uom": "EA"}, {"sku": "LAMP", "quantity": "1", "uom": "EA"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (FIXED, "H1001    Reno\r\nLTENT-2P      2\r\nLLAMP         1\r\n"),
        (XML, "<Order><number>1001</number><ship_to><city>Reno</city></ship_to><lines><sku>TENT-2P</sku></lines><lines><sku>LAMP</sku></lines></Order>"),
    ],
)  # fmt: skip
def test_a_whole_record_is_written_as_far_as_there_are_columns(text: str, written: str) -> None:
    assert agreement.complaint(text) == ""
    profile = agreement.parse(text).outgoing["order"].profile
    made = flat.write([shaped(ORDER, profile)], profile)
    assert made.problems == []
    plain = "\r\n".join(line.rstrip() for line in made.body.decode().splitlines()) + "\r\n"
    assert written.strip() in plain


def split(text: str, body: bytes, **settings: Any) -> Any:
    return mapper.split(body, agreed(agreement=text, **settings), received=NOW, topic="orders:x")


BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Orders><Order>&b;</Order></Orders>'
OUTSIDE = (
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Orders><Order>&x;</Order></Orders>'
)


@pytest.mark.parametrize("body", [BOMB, OUTSIDE])
def test_xml_with_entities_is_refused_and_named(body: bytes) -> None:
    found = split(entry("{format: xml, record: Orders/Order}"), body)
    assert found.parts == []
    assert [p.code for p in found.problems] == ["malformed_document"]
    assert "document type" in found.problems[0].text


def test_a_workbook_that_unpacks_to_more_than_is_read_is_refused_and_named() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "0" * 300_000_000)
    found = split(entry("{format: xlsx}"), packed.getvalue())
    assert found.parts == []
    assert [p.code for p in found.problems] == ["too_large"]


def test_what_the_file_does_not_say_is_added_and_what_it_says_stays() -> None:
    more = "    add: {currency: USD, lines.uom: EA, placed_at: '{received}'}\n"
    profile = "{format: delimited, group_by: {columns: [number], head: [currency]},"
    profile += " columns: [{name: number}, {name: currency}, {name: sku}, {name: uom}]}"
    found = split(entry(profile, more), b"number,currency,sku,uom\n1,EUR,A,CA\n2,,B,\n")
    bodies = [mapper.read(p.object_type, p.topic, p.body, agreed(agreement=entry(profile))).documents
              for p in found.parts]  # fmt: skip
    at = "2026-03-03T16:05:00Z"
    assert bodies == [
        [{"number": "1", "currency": "EUR", "placed_at": at, "lines": [{"sku": "A", "uom": "CA"}]}],
        [{"number": "2", "currency": "USD", "placed_at": at, "lines": [{"sku": "B", "uom": "EA"}]}],
    ]


def test_a_file_of_an_entry_that_is_gone_is_held_and_not_read_as_another() -> None:
    text = entry("{format: delimited}")
    found = mapper.split(b"a\n1\n", agreed(agreement=text), received=NOW, topic="prices:x.csv")
    assert (found.parts, [p.code for p in found.problems]) == ([], ["settings_invalid"])


CSV = "{format: delimited, trailer: {tag: END, count: 2}}"


@pytest.mark.parametrize(
    ("profile", "tail", "whole"),
    [
        (CSV, b"a,1\nEND,1\n", True),
        (CSV, b"a,1\n\"END\",1\r\n", True),
        (CSV, b"a,1\nEND,1", False),
        (CSV, b"a,1\nENDING,1\n", False),
        (CSV, b"END,1\n", False),
        ("{format: delimited}", b"a\nEND,1\n", False),
        ("{format: xml, record: Orders/Order}", b"</Order></Orders>\n", True),
        ("{format: xml, record: Orders/Order}", b"</Order></Ord", False),
    ],
)  # fmt: skip
def test_a_file_is_whole_when_its_agreed_end_is_there(
    profile: str, tail: bytes, whole: bool
) -> None:
    assert wholeness.ends(agreement.parse(entry(profile)).incoming["orders"], tail) is whole


def test_repeats_are_remembered_within_bounds() -> None:
    repeats = file_repeats.Repeats({})
    keys = [repeats.key(Picked(f"{n}.csv", "", b"x")) for n in range(500)]
    assert len(set(keys)) == 500
    assert len(repeats.state["known"]) == file_repeats.MOST
    again = file_repeats.Repeats(repeats.state)
    assert again.key(Picked("499.csv", "", b"x", again=True)) == keys[499]
    assert all(len(key) <= 120 for key in keys)
