"""Documents written by the reader's own tables: exact bytes, exact refusals, nothing cut."""

import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.formats.x12 import (
    Delimiters,
    OutboundSet,
    Profile,
    Written,
    build_interchange,
    read,
)
from integrations.formats.x12.codes import FUNCTIONAL_ID
from tests.formats.x12_samples import CLEAN, EVERY_SET, SET_940, SET_999, enveloped, order_of

pytestmark = pytest.mark.pure

PROFILE = Profile(sender_id="PORTAL", receiver_id="NWIND3PL", usage="T")
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ORDER = read(CLEAN.encode()).sets()[0][2].document


def build(profile: Profile, *documents: dict[str, Any], set_type: str = "940") -> Written:
    sets = [OutboundSet(set_type, n, document) for n, document in enumerate(documents, 1)]
    return build_interchange(profile, sets, interchange_control=5101, group_control=5101, now=NOW)


def changed(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(ORDER) | fields


def with_line(**fields: Any) -> dict[str, Any]:
    order = copy.deepcopy(ORDER)
    order["lines"][0] |= fields
    return order


def found(written: Written) -> list[tuple[str, str, int | None, int | None]]:
    return [(i.code, i.segment, i.segment_no, i.element) for i in written.issues]


def test_the_warehouse_order_is_written_byte_for_byte() -> None:
    assert build(PROFILE, ORDER).data == CLEAN.encode()
    assert build(PROFILE, ORDER).issues == []


@pytest.mark.parametrize("text", [*EVERY_SET.values(), SET_999], ids=[*EVERY_SET, "FA9"])
def test_a_clean_file_is_written_again_as_it_was_read(text: str) -> None:
    set_type = text[3:6]
    data = enveloped(FUNCTIONAL_ID[set_type], text)
    written = build(PROFILE, read(data).sets()[0][2].document, set_type=set_type)
    assert written.issues == []
    assert written.data == data


def test_several_sets_share_one_group() -> None:
    written = build(PROFILE, ORDER, changed(depositor_order="SO-2"))
    reading = read(written.data)
    assert reading.issues == []
    assert [(s.type, s.control) for _, _, s in reading.sets()] == [("940", "0001"), ("940", "0002")]


def test_the_envelope_follows_the_profile() -> None:
    profile = Profile(
        sender_qualifier="01", sender_id="123456789", receiver_qualifier="12",
        receiver_id="5555555555", group_sender="PORTALGS", group_receiver="WHGS",
        version="005010", usage="P", ask_for_ta1=True, line_break="\n",
        delimiters=Delimiters("|", ":", "'", "^"),
    )  # fmt: skip
    lines = build(profile, ORDER).data.decode().splitlines()
    assert lines[0] == (
        "ISA|00|          |00|          |01|123456789      |12|5555555555     "
        "|260302|1405|^|00501|000005101|1|P|:'"
    )
    assert len(lines[0]) == 106
    assert lines[1] == "GS|OW|PORTALGS|WHGS|20260302|1405|5101|X|005010'"
    assert lines[-1] == "IEA|1|000005101'"


def test_the_units_of_an_order_are_summed_when_they_are_not_given() -> None:
    order = changed()
    del order["totals"]
    assert b"~W76*26~" in build(PROFILE, order).data  # 24 EA + 2 CA


def test_the_units_may_be_totalled_in_eaches() -> None:
    order = changed()
    order["lines"][1]["eaches"] = "24"
    del order["totals"]
    profile = Profile(sender_id="P", receiver_id="W", w76_basis="eaches")
    assert b"~W76*48~" in build(profile, order).data  # 24 EA + 2 cases of 12
    del order["lines"][1]["eaches"]
    refused = build(profile, order)
    assert refused.data == b""
    assert ("eaches_unknown", "2") in [(i.code, i.value) for i in refused.issues]


def test_numbers_are_written_without_exponent_or_trailing_zeros() -> None:
    for given_number, sent in [
        ("24.50", b"W01*24.5*"), ("24.000", b"W01*24*"), (Decimal("1E+2"), b"W01*100*"),
        (7, b"W01*7*"), ("0.5", b"W01*0.5*"), ("-0", b"W01*0*"),
    ]:  # fmt: skip
        order = with_line(quantity=given_number)
        del order["totals"]
        if isinstance(given_number, str):
            assert sent in build(PROFILE, order).data
        else:
            order["totals"] = {"units": "1"}
            assert sent in build(PROFILE, order).data


def test_money_with_two_implied_decimals_is_scaled() -> None:
    invoice = read(enveloped("IN", EVERY_SET["IN"])).sets()[0][2].document
    invoice["totals"]["amount"] = "1542.5"
    assert b"~TDS*154250~" in build(PROFILE, invoice, set_type="810").data
    invoice["totals"]["amount"] = "1542.505"
    refused = build(PROFILE, invoice, set_type="810")
    assert found(refused) == [("number_invalid", "TDS", 7, 1)]
    assert refused.refused


@pytest.mark.parametrize(
    ("order", "issue"),
    [
        (changed(depositor_order="X" * 23), ("element_too_long", "W05", 2, 2)),
        (changed(depositor_order=""), ("element_missing", "W05", 2, 2)),
        (with_line(upc="123"), ("element_too_short", "W01", 13, 3)),
        (with_line(quantity="many"), ("number_invalid", "W01", 13, 1)),
        (with_line(description="D" * 46), ("element_too_long", "G69", 14, 1)),
        (with_line(ids={f"V{n}": "1" for n in range(4)}), ("too_many_ids", "W01", 13, 16)),
        (changed(dates=[{"qualifier": "10", "date": "soon"}]), ("date_invalid", "G62", 8, 2)),
        (changed(parties=[{"role": "ST"}] * 11), ("loop_max_use", "N1", 3, None)),
    ],
)
def test_what_the_standard_forbids_is_refused_and_never_cut(
    order: dict[str, Any], issue: tuple[str, str, int, int | None]
) -> None:
    written = build(PROFILE, order)
    assert written.data == b""
    assert issue in [f for f in found(written) if f[0] != "unknown_code"]


def test_an_issue_names_the_set_it_is_in() -> None:
    written = build(PROFILE, ORDER, changed(depositor_order="X" * 23))
    assert [(i.code, i.set) for i in written.issues] == [("element_too_long", 1)]


def test_a_field_without_a_place_is_reported() -> None:
    written = build(PROFILE, with_line(colour="red"))
    assert [(i.code, i.severity, i.value) for i in written.issues] == [
        ("field_not_written", "warn", "colour")
    ]
    assert written.data == CLEAN.encode()


def test_letters_outside_the_set_are_rewritten_and_reported() -> None:
    order = with_line(description="Café für Straße “Ø” 日")
    written = build(PROFILE, order)
    assert b'~G69*Cafe fur Strasse "O" ?~' in written.data
    assert [i.code for i in written.issues] == ["transliterated", "character_lost"]


@pytest.mark.parametrize(
    ("characters", "sent"),
    [
        ("basic", "~G69*CAFE @~"), ("extended", "~G69*Cafe @~"), ("iso-8859-1", "~G69*Café @~"),
        ("utf-8", "~G69*Café @~"),
    ],
)  # fmt: skip
def test_each_partner_gets_the_characters_they_can_read(characters: str, sent: str) -> None:
    profile = Profile(sender_id="P", receiver_id="W", characters=characters)
    expected = sent.replace("@", "?") if characters == "basic" else sent
    encoding = "utf-8" if characters == "utf-8" else "iso-8859-1"
    data = build(profile, with_line(description="Café @")).data
    assert expected.encode(encoding) in data


def test_a_delimiter_in_the_data_is_replaced_or_refused() -> None:
    order = with_line(description="2*3 ~ TENT > HUT")
    replaced = build(PROFILE, order)
    assert b"~G69*2 3   TENT   HUT~" in replaced.data
    assert [(i.code, i.severity) for i in replaced.issues] == [("delimiter_in_data", "info")]
    strict = Profile(sender_id="P", receiver_id="W", delimiter_in_data="refuse")
    refused = build(strict, order)
    assert refused.data == b""
    assert [i.code for i in refused.issues] == ["delimiter_refused"]


def test_a_line_break_in_the_data_never_breaks_the_file() -> None:
    written = build(PROFILE, with_line(description="ONE\r\nTWO\x1a"))
    assert b"~G69*ONE  TWO ~" in written.data or b"~G69*ONE  TWO~" in written.data
    assert read(written.data).verdict == "accept"


def test_an_id_that_does_not_fit_the_envelope_is_refused() -> None:
    profile = Profile(sender_id="S" * 16, receiver_id="W")
    assert {i.code for i in build(profile, ORDER).issues} == {"address_id_too_long"}
    assert {i.code for i in build(Profile(receiver_id="W"), ORDER).issues} == {"element_missing"}


def test_newer_versions_allow_longer_references() -> None:
    order = changed(refs=[{"qualifier": "CO", "value": "R" * 40}])
    assert build(PROFILE, order).refused
    newer = Profile(sender_id="P", receiver_id="W", version="005010")
    assert f"~N9*CO*{'R' * 40}~".encode() in build(newer, order).data


@pytest.mark.parametrize("control", [0, -1, 1_000_000_000])
def test_a_control_number_out_of_range_is_the_callers_mistake(control: int) -> None:
    with pytest.raises(ValueError, match="control number"):
        build_interchange(
            PROFILE, [OutboundSet("940", 1, ORDER)], interchange_control=control,
            group_control=1, now=NOW,
        )  # fmt: skip


def test_sets_of_two_groups_are_the_callers_mistake() -> None:
    sets = [OutboundSet("940", 1, ORDER), OutboundSet("943", 2, {})]
    with pytest.raises(ValueError, match="one functional group"):
        build_interchange(PROFILE, sets, interchange_control=1, group_control=1, now=NOW)
    with pytest.raises(ValueError, match="one functional group"):
        build_interchange(PROFILE, [], interchange_control=1, group_control=1, now=NOW)


def test_ten_thousand_lines_are_written_and_read_back() -> None:
    document = read(order_of(10_000)).sets()[0][2].document
    assert build(PROFILE, document).data == order_of(10_000)


text = st.text("ABCDEFGHIJ abcdefghij0123456789-./&#'", min_size=1, max_size=22).map(str.strip)
word = text.filter(bool)
quantity = st.integers(1, 99_999).map(str) | st.integers(1, 99_999).map(
    lambda n: f"{Decimal(n) / 100:f}".rstrip("0").rstrip(".")
)
day = st.dates(min_value=date(1990, 1, 1)).map(str)


def record(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


address = record(
    {"line1": word}, line2=word, city=word.filter(lambda w: len(w) > 1), region=st.just("NV"),
    postal_code=st.just("89502"), country=st.just("US"),
)  # fmt: skip
party = record(
    {"role": st.sampled_from(["ST", "BT", "WH", "DE"])}, name=word, name2=word, address=address,
    contacts=st.lists(record({"function": st.just("IC")}, name=word), min_size=1, max_size=2),
)  # fmt: skip
line_fields = {
    "quantity": quantity,
    "uom": st.sampled_from(["EA", "CA", "PL"]),
    "ids": st.dictionaries(st.sampled_from(["VN", "UP", "SK"]), word, min_size=1, max_size=3),
}
order_line = record(line_fields, lot=st.just("L26A"), description=word, upc=st.just("012345678905"))


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    lines = draw(st.lists(order_line, min_size=1, max_size=6))
    for number, line in enumerate(lines, 1):
        line["line_no"] = str(number)
    head = {"purpose": st.sampled_from(["N", "R", "F"]), "depositor_order": word}
    order = draw(
        record(
            head,
            po_number=word,
            parties=st.lists(party, min_size=1, max_size=4),
            refs=st.lists(record({"qualifier": st.just("CO"), "value": word}), min_size=1),
            dates=st.lists(record({"qualifier": st.just("10"), "date": day}), min_size=1),
            notes=st.lists(record({"kind": st.just("DEL"), "text": word}), min_size=1),
            carrier=record({"payment": st.just("PP")}, mode=st.just("M"), scac=st.just("UPSN")),
        )
    )
    units = sum((Decimal(line["quantity"]) for line in lines), Decimal(0))
    total = f"{units:f}"
    total = total.rstrip("0").rstrip(".") if "." in total else total
    limited = {key: value[:5] if isinstance(value, list) else value for key, value in order.items()}
    return limited | {"lines": lines, "totals": {"units": total}}


@given(orders())
def test_what_is_written_is_read_back_the_same(order: dict[str, Any]) -> None:
    written = build(PROFILE, order)
    assert [i for i in written.issues if i.severity != "info"] == []
    reading = read(written.data)
    assert reading.verdict == "accept"
    assert reading.sets()[0][2].document == order


hostile = st.text(max_size=22)


@given(hostile, st.sampled_from(["basic", "extended", "iso-8859-1", "utf-8"]))
def test_hostile_text_never_breaks_the_file(text: str, characters: str) -> None:
    profile = Profile(sender_id="P", receiver_id="W", characters=characters)
    written = build(profile, changed(notes=[{"kind": "DEL", "text": text}]))
    if not written.refused:
        reading = read(written.data)
        assert reading.verdict == "accept"
        assert len(reading.sets()) == 1
    else:
        assert any(issue.severity == "reject" for issue in written.issues)


def test_the_sample_is_what_the_examples_assume() -> None:
    assert read(enveloped("OW", SET_940)).issues == []
