"""A mapper as the package describes it: the file is cut into documents, and each answers for itself."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from integrations.connectors import json_object
from integrations.connectors.inbound import Part, Split
from integrations.formats import flat

pytestmark = pytest.mark.pure

TABLE = {
    "format": "delimited",
    "columns": [
        {"name": "order", "required": True},
        {"name": "due", "kind": "date"},
        {"name": "sku", "required": True},
        {"name": "qty", "kind": "decimal"},
        {"name": "live", "kind": "boolean"},
        {"name": "at", "kind": "datetime"},
        {"name": "slot", "kind": "time"},
        {"name": "packs", "kind": "integer"},
    ],
    "group_by": {"columns": ["order"], "head": ["due"]},
}
HEAD = "order,due,sku,qty,live,at,slot,packs\n"
CONNECTION = SimpleNamespace(settings={"file": TABLE})


def profile(connection):
    return flat.profile_of(connection.settings["file"])


def split(body, connection, *, received):
    reading = flat.read(body, profile(connection))
    parts = [Part("order", "file", json.dumps(document).encode()) for document in reading.documents]
    return Split(parts, flat.as_problems(flat.holding_file(reading)), [])


def read(object_type, topic, body, connection):
    native = json_object.read(object_type, topic, body, connection)
    wrong = [found for one in native.documents for found in flat.check(one, profile(connection))]
    return native._replace(problems=[*native.problems, *wrong])


def apart(text):
    return split((HEAD + text).encode(), CONNECTION, received=datetime(2026, 3, 3, tzinfo=UTC))


def problems(part):
    return [
        (p.code, p.path, p.value)
        for p in read(part.object_type, part.topic, part.body, CONNECTION).problems
    ]


def test_a_bad_value_holds_its_document_and_no_other():
    found = apart(
        "1,2026-03-03,A,1,yes,2026-03-03 14:05:00,14:05,2\n2,soon,,many,perhaps,x,y,1.5\n"
    )
    assert found.problems == []
    good, bad = found.parts
    assert problems(good) == []
    assert problems(bad) == [
        ("wrong_format", "due", "soon"),
        ("missing_field", "lines[0].sku", ""),
        ("wrong_type", "lines[0].qty", "many"),
        ("wrong_type", "lines[0].live", "perhaps"),
        ("wrong_format", "lines[0].at", "x"),
        ("wrong_format", "lines[0].slot", "y"),
        ("wrong_type", "lines[0].packs", "1.5"),
    ]


def test_a_document_that_was_mended_is_read():
    (bad,) = apart("1,soon,A,1,yes,,,\n").parts
    assert problems(bad._replace(body=bad.body.replace(b"soon", b"2026-03-03"))) == []


def test_a_file_that_does_not_count_is_held_whole():
    found = split(b"order,sku\n1,A\n", CONNECTION, received=datetime(2026, 3, 3, tzinfo=UTC))
    assert found.parts == []
    assert {p.code for p in found.problems} == {"schema_drift"}


def test_what_a_document_would_not_show_holds_the_file():
    found = apart("1,2026-03-03,A,1,,,,\n1,2026-03-04,B,1,,,,\n")
    assert [(p.code, p.path, p.value) for p in found.problems] == [
        ("wrong_format", "due", "2026-03-04")
    ]


def test_places_in_records_and_in_xml():
    fixed = flat.profile_of({
        "format": "fixed", "tag_start": 1, "tag_length": 1, "records": [
            {"name": "order", "tag": "H", "columns": [{"name": "no", "start": 2, "length": 4}]},
            {"name": "lines", "tag": "L", "role": "part", "many": True, "columns": [{"name": "sku", "start": 2, "length": 4}]},
            {"name": "lots", "tag": "S", "role": "part", "within": "lines", "many": True, "columns": [
                {"name": "qty", "kind": "integer", "required": True, "start": 2, "length": 4}]},
        ],
    })  # fmt: skip
    document = flat.read(b"H0001\nLTENT\nS   1\nS   x\nS    \n", fixed).documents[0]
    assert [(p.path, p.value) for p in flat.check(document, fixed)] == [
        ("lines[0].lots[1].qty", "x"),
        ("lines[0].lots[2].qty", ""),
    ]
    xml = flat.profile_of({
        "format": "xml", "record": "Order", "columns": [
            {"name": "@id", "required": True}, {"name": "Line/Qty", "kind": "decimal", "required": True}, {"name": "Line/Qty/@unit"}],
    })  # fmt: skip
    data = b'<Order><Line><Qty unit="EA">x</Qty></Line><Line><Qty>1</Qty></Line><Line/><Line><Qty><Sum/></Qty></Line><Line><Qty unit="EA"/></Line></Order>'
    document = flat.read(data, flat.profile_of({"format": "xml", "record": "Order"})).documents[0]
    assert [(p.path, p.value) for p in flat.check(document, xml)] == [
        ("`@id`", ""),
        ("Line[0].Qty", "x"),
        ("Line[3].Qty", ""),
        ("Line[4].Qty", ""),
    ]
