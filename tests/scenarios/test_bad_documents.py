"""Bad input: a clear answer for each, nothing lost, and nobody else's documents stopped."""

import json

import pytest

from integrations.models import Message, Payload, Problem, Record
from monitoring.models import ExceptionCase
from tests import pipeline

pytestmark = [pytest.mark.db, pytest.mark.long]


def mangled(**changes: object) -> dict:
    return {**pipeline.order("bad"), **changes}


def line(**changes: object) -> list[dict]:
    return [{**pipeline.order()["lines"][0], **changes}]


def nested(levels: int) -> bytes:
    return b'{"number": ' + b"[" * levels + b"]" * levels + b"}"


MALFORMED = {
    "cut off": b'{"number": "10',
    "empty": b"",
    "only blanks": b" \n ",
    "XML": b"<order><number>1</number></order>",
    "bottomless": b"[" * 200_000,
    "not a number": b'{"number": NaN}',
    "two documents": b"{} {}",
    "a Python literal": b"{'number': '1'}",
}
BROKEN_TEXT = {
    "latin-1": '{"number": "Zürich"}'.encode("latin-1"),
    "UTF-16": json.dumps(pipeline.order("bad")).encode("utf-16"),
    "NUL byte": b'\xff{"number": "1\x00"}',
    "NUL escape": json.dumps(mangled(po_number="a\x00b")).encode(),
    "half a surrogate": json.dumps(mangled(po_number="a\ud800b")).encode(),
    "NUL as a name": json.dumps(mangled(**{"a\x00b": 1})).encode(),
}


def hold_beside_good_ones(kestrel, shop, bodies: list) -> list[ExceptionCase]:
    """`bodies` between two good orders in one batch; the cases that were opened."""
    pipeline.store(shop, pipeline.order("1"), *bodies, pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    expected = ["applied", *["held"] * len(bodies), "applied"]
    assert pipeline.states(direction="in") == expected, pipeline.story()
    assert sorted(Record.objects.values_list("number", flat=True)) == ["1", "2"]
    assert Problem.objects.values("message").distinct().count() == len(bodies)
    return list(ExceptionCase.objects.order_by("number"))


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_malformed_json_is_held_and_the_others_pass(kestrel, shop, erp, sink, body):
    cases = hold_beside_good_ones(kestrel, shop, [body])
    assert [(c.code, c.documents, c.severity) for c in cases] == [("malformed_document", 1, 2)]
    assert sink.names == ["1", "2"]
    held = Message.objects.get(state="held")
    assert bytes(Payload.objects.get(pk=held.payload_id).body) == body


@pytest.mark.parametrize("body", BROKEN_TEXT.values(), ids=BROKEN_TEXT)
def test_broken_characters_are_held_and_the_others_pass(kestrel, shop, erp, sink, body):
    cases = hold_beside_good_ones(kestrel, shop, [body])
    assert [(c.code, c.documents) for c in cases] == [("encoding_error", 1)]
    assert sink.names == ["1", "2"]


@pytest.mark.parametrize(
    "body", [[], [pipeline.order("bad")], "text", 7, None, True], ids=lambda body: repr(body)[:10]
)
def test_json_that_is_no_object_is_held(kestrel, shop, body):
    cases = hold_beside_good_ones(kestrel, shop, [json.dumps(body).encode()])
    assert [(c.code, c.title) for c in cases] == [
        ("wrong_type", "The document must be one JSON object.")
    ]


@pytest.mark.parametrize("quantity", ["0", "0.000", "-1", "0.0000000"])
def test_a_quantity_that_is_not_positive_has_its_own_case(kestrel, shop, quantity):
    [case] = hold_beside_good_ones(kestrel, shop, [mangled(lines=line(quantity=quantity))])
    assert (case.code, case.path, case.value) == (
        "quantity_not_positive", "lines[0].quantity", quantity,
    )  # fmt: skip
    assert case.title == f"Quantity {quantity} at lines[0].quantity"
    assert case.customer_title == "An order has a line without a quantity"
    assert str(case.at_risk) == "128.0000"


BAD_FIELDS = {
    "no lines": {"lines": []},
    "no number": {"number": None},
    "an empty number": {"number": ""},
    "a number of 5 MB": {"number": "9" * 5_000_000},
    "a SKU of 5 MB": {"lines": line(sku="S" * 5_000_000)},
    "a note of 5 MB": {"notes": [{"audience": "warehouse", "text": "n" * 5_000_000}]},
    "a quantity of 4,000 digits": {"lines": line(quantity="9" * 4000)},
    "a quantity in powers": {"lines": line(quantity="1e400")},
    "a quantity in Arabic digits": {"lines": line(quantity="٣")},
    "a total that is no number": {"totals": {**pipeline.order()["totals"], "total": "NaN"}},
    "an endless total": {"totals": {**pipeline.order()["totals"], "total": "Infinity"}},
    "a total of 300 digits": {"totals": {**pipeline.order()["totals"], "total": "9" * 300}},
    "a total of trillions": {
        "totals": {**pipeline.order()["totals"], "total": "99999999999999.00"}
    },
    "a quantity of trillions": {"lines": line(quantity="99999999999999")},
    "a total in powers": {"totals": {**pipeline.order()["totals"], "total": "1e999999"}},
    "a currency of words": {"currency": "US dollars and cents"},
    "a day that never was": {"placed_at": "2026-02-30T10:00:00Z"},
    "a moment before time": {"placed_at": "0000-00-00T00:00:00Z"},
    "an unknown status": {"status": "teleported"},
    "lines that are text": {"lines": "TENT-2P"},
    "a channel with slashes": {"channel": "../../etc/passwd"},
    "a line number twice": {"lines": line() * 2},
}


@pytest.mark.parametrize("changes", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_a_bad_field_is_held_with_the_path_of_the_fault(kestrel, shop, changes):
    cases = hold_beside_good_ones(kestrel, shop, [mangled(**changes)])
    assert cases, pipeline.story()
    [field] = changes
    assert {c.code for c in cases} != {"poison"}
    assert all(c.path.startswith(field) for c in cases), [(c.code, c.path) for c in cases]
    assert all(len(c.value) <= 120 and c.at_risk.is_finite() for c in cases)


HOSTILE = {
    "emoji": "Zoë 🧨👩‍👩‍👧‍👦 O’Neil",
    "right to left": "\u202eevil\u202c שלום مرحبا",
    "SQL": "Robert'); DROP TABLE integrations_record; --",
    "a script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{{ 7*7 }} {% debug %} ${jndi:ldap://x} %s %(x)s {0}",
    "a formula": "=HYPERLINK(\"http://x\")",
    "a path": "../../../../etc/passwd",
    "control characters": "a\x01\x02\x1b[31m\x7f\u2028\ufeffb",
    "zalgo": "t\u0336\u0321\u0322\u0323\u0324e\u0336nt",
    "percents": "%00%0a%c0%ae",
    "line breaks": "one\r\ntwo\nthree",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_string_travels_unchanged(kestrel, shop, erp, sink, text):
    address = {**pipeline.order()["ship_to"], "name": text, "lines": [text, text]}
    body = pipeline.order("7", sku=text, ship_to=address, po_number=text)
    pipeline.store(shop, body, pipeline.order("8"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["applied", "applied"], pipeline.story()
    assert pipeline.states(direction="out") == ["confirmed", "confirmed"], pipeline.story()
    assert sink.taken[0] == body
    assert Record.objects.filter(object_type="order").count() == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_order_number_travels_or_is_held_in_clear_words(kestrel, shop, erp, sink, text):
    pipeline.store(shop, pipeline.order(text), pipeline.order("8"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["applied", "applied"], pipeline.story()
    assert pipeline.states(direction="out") == ["confirmed", "confirmed"], pipeline.story()
    assert sorted(sink.names) == sorted([text, "8"])


def test_hostile_field_names_are_left_out_and_do_no_harm(kestrel, shop, erp, sink):
    names = ["__proto__", "constructor", "$eval", "a.b.c", "lines[0]", "", "'; DROP TABLE x; --"]
    body = {**pipeline.order("7"), **{name: {"polluted": True} for name in names}}
    pipeline.store(shop, body)
    pipeline.run(kestrel.harbor)
    assert sink.taken == [pipeline.order("7")], pipeline.story()


def test_an_order_of_ten_thousand_lines_passes_whole(kestrel, shop, erp, sink):
    lines = [
        {"line_no": str(n), "sku": f"SKU-{n}", "quantity": "1", "uom": "EA", "unit_price": "1.00"}
        for n in range(10_000)
    ]
    pipeline.store(shop, pipeline.order("big", lines=lines), pipeline.order("small"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["applied", "applied"], pipeline.story()
    assert sorted(sink.names) == ["big", "small"]
    big = next(o for o in sink.taken if o["number"] == "big")
    assert [one["sku"] for one in big["lines"]] == [f"SKU-{n}" for n in range(10_000)]


def test_a_five_megabyte_field_nobody_reads_does_no_harm(kestrel, shop, erp, sink):
    pipeline.store(shop, {**pipeline.order("7"), "blob": "x" * 5_000_000}, pipeline.order("8"))
    pipeline.run(kestrel.harbor)
    assert sorted(sink.names) == ["7", "8"], pipeline.story()


def test_json_that_nests_deep_is_applied_or_held_but_never_stops_the_batch(kestrel, shop):
    pipeline.store(shop, nested(100), nested(900), nested(5000), pipeline.order("8"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["held", "held", "held", "applied"], pipeline.story()
    assert "poison" not in set(ExceptionCase.objects.values_list("code", flat=True))


def test_a_document_of_an_unknown_type_is_held_as_one_without_a_mapping(kestrel, shop):
    pipeline.store(shop, {"horns": 1}, object_type="unicorn")
    pipeline.store(shop, pipeline.order("8"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["held", "applied"], pipeline.story()
    case = ExceptionCase.objects.get()
    assert (case.code, case.title) == ("mapping_missing", "Shop has no mapping for unicorn")


def test_fifty_kinds_of_bad_input_in_one_batch_leave_the_good_ones_alone(kestrel, shop, erp, sink):
    bad = [*MALFORMED.values(), *BROKEN_TEXT.values()]
    bad += [mangled(**{"number": f"bad-{n}", **c}) for n, c in enumerate(BAD_FIELDS.values())]
    good = [pipeline.order(f"good-{n}") for n in range(len(bad))]
    pipeline.store(shop, *[body for pair in zip(bad, good, strict=True) for body in pair])
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="in") == ["held", "applied"] * len(bad), pipeline.story()
    assert sorted(sink.names) == sorted(o["number"] for o in good)
    assert "poison" not in set(ExceptionCase.objects.values_list("code", flat=True))
    assert Message.objects.filter(direction="in").count() == 2 * len(bad)
    held = set(Problem.objects.filter(closed_at=None).values_list("message_id", flat=True))
    assert held == set(Message.objects.filter(state="held").values_list("pk", flat=True))


def test_documents_of_one_sender_that_cannot_be_read_are_one_case(kestrel, shop):
    pipeline.store(shop, b'{"number": "10', b"<html>busy</html>", b'{"lines": [}')
    pipeline.run(kestrel.harbor)
    [case] = ExceptionCase.objects.all()
    assert (case.code, case.documents) == ("malformed_document", 3)
