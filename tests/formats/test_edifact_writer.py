"""Documents written by the reader's own tables: exact bytes, exact refusals, nothing cut."""

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from integrations.formats.edifact import (
    Delimiters,
    OutboundMessage,
    Profile,
    Written,
    build_interchange,
    read,
)
from tests.formats.edifact_samples import CLEAN, EVERY_MESSAGE, enveloped

pytestmark = pytest.mark.pure

IDS = {"sender_id": "4012345000009", "receiver_id": "5412345000013"}
PROFILE = Profile(**IDS, version="D:96A:UN:EAN008")
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ORDER = read(CLEAN.encode()).sets()[0][2].document


def build(profile: Profile, *documents: dict[str, Any], message: str = "ORDERS") -> Written:
    messages = [
        OutboundMessage(message, str(n), document) for n, document in enumerate(documents, 1)
    ]
    return build_interchange(profile, messages, interchange_control="5101", now=NOW)


def changed(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(ORDER) | fields


def with_line(**fields: Any) -> dict[str, Any]:
    order = copy.deepcopy(ORDER)
    order["lines"][0] |= fields
    return order


def with_buyer(**fields: Any) -> dict[str, Any]:
    order = copy.deepcopy(ORDER)
    order["parties"][0] |= fields
    return order


def found(written: Written) -> list[tuple[str, str, int | None, int | None, int | None]]:
    return [(i.code, i.segment, i.segment_no, i.element, i.component) for i in written.issues]


def test_the_order_is_written_byte_for_byte() -> None:
    written = build(PROFILE, ORDER)
    assert written.issues == []
    assert written.data == CLEAN.encode()


@pytest.mark.parametrize("message", EVERY_MESSAGE)
def test_a_clean_file_is_written_again_as_it_was_read(message: str) -> None:
    data = enveloped(EVERY_MESSAGE[message])
    (_, _, received) = read(data).sets()[0]
    profile = Profile(**IDS, versions={message: received.version})
    written = build(profile, received.document, message=message)
    assert written.issues == []
    assert written.data == data


def test_several_messages_share_one_interchange() -> None:
    written = build(PROFILE, ORDER, changed(number="PO-2"))
    reading = read(written.data)
    assert reading.issues == []
    assert [(m.type, m.control) for _, _, m in reading.sets()] == [("ORDERS", "1"), ("ORDERS", "2")]
    assert written.data.endswith(b"UNZ+2+5101'")


def test_the_envelope_follows_the_profile() -> None:
    profile = Profile(
        sender_id="123456789", sender_qualifier="1", receiver_id="PART+NER", receiver_qualifier="ZZZ",
        syntax="UNOY", syntax_version="4", version="D:01B:UN:EAN010", application_reference="ORDERS",
        agreement="EANCOM", ask_for_contrl=True, test=True, line_break="\n",
        delimiters=Delimiters(":", "+", ",", "?", "*", "'"),
    )  # fmt: skip
    lines = build(profile, ORDER).data.decode().splitlines()
    assert lines[:3] == [
        "UNA:+,?*'",
        "UNB+UNOY:4+123456789:1+PART?+NER:ZZZ+20260302:1405+5101++ORDERS++1+EANCOM+1'",
        "UNH+1+ORDERS:D:01B:UN:EAN010'",
    ]
    assert "PRI+AAA:61,5'" in lines
    assert lines[-1] == "UNZ+1+5101'"


def test_una_is_left_out_only_where_the_delimiters_are_the_usual_ones() -> None:
    quiet = Profile(**IDS, una=False)
    assert build(quiet, ORDER).data.startswith(b"UNB+")
    odd = Profile(**IDS, una=False, delimiters=Delimiters(decimal=","))
    assert build(odd, ORDER).data.startswith(b"UNA:+,? 'UNB+")


def test_the_version_may_differ_by_message() -> None:
    profile = Profile(**IDS, versions={"DESADV": "D:96A:UN:EAN005"})
    despatch = read(enveloped(EVERY_MESSAGE["DESADV"])).sets()[0][2].document
    assert b"UNH+1+DESADV:D:96A:UN:EAN005'" in build(profile, despatch, message="DESADV").data
    assert b"UNH+1+ORDERS:D:96A:UN'" in build(profile, ORDER).data


def test_contrl_is_never_asked_for_an_interchange_of_contrl() -> None:
    answer = read(enveloped(EVERY_MESSAGE["CONTRL"])).sets()[0][2].document
    profile = Profile(**IDS, ask_for_contrl=True)
    assert b"+5101'" in build(profile, answer, message="CONTRL").data
    assert b"+5101++++1'" in build(profile, ORDER).data


def test_lines_are_counted_when_the_document_does_not() -> None:
    order = changed()
    del order["counts"]
    assert b"UNS+S'CNT+2:2'UNT+24+1'" in build(PROFILE, order).data
    despatch = read(enveloped(EVERY_MESSAGE["DESADV"])).sets()[0][2].document
    del despatch["counts"]
    assert b"CNT+2:2'" in build(PROFILE, despatch, message="DESADV").data
    report = read(enveloped(EVERY_MESSAGE["INVRPT"])).sets()[0][2].document
    assert b"CNT" not in build(PROFILE, report, message="INVRPT").data


@pytest.mark.parametrize(
    ("given_number", "sent"),
    [
        ("24.50", b"QTY+21:24.5'"), (Decimal("1E+2"), b"QTY+21:100'"), (7, b"QTY+21:7'"),
        ("0.5", b"QTY+21:0.5'"), ("-0", b"QTY+21:0'"), (Decimal("-3.10"), b"QTY+21:-3.1'"),
    ],
)  # fmt: skip
def test_numbers_are_written_without_exponent_or_needless_zeros(
    given_number: object, sent: bytes
) -> None:
    order = with_line(quantities=[{"qualifier": "21", "quantity": given_number}])
    assert sent in build(PROFILE, order).data


@pytest.mark.parametrize(
    ("value", "kind", "sent"),
    [
        ("2026-03-02", None, b"DTM+137:20260302:102'"),
        ("2026-03-02T14:05", None, b"DTM+137:202603021405:203'"),
        ("2026-03-02T14:05:30", None, b"DTM+137:20260302140530:204'"),
        ("2026-03-02", "102", b"DTM+137:20260302:102'"),
        ("202610", "616", b"DTM+137:202610:616'"),
    ],
)
def test_a_date_names_its_format(value: str, kind: str | None, sent: bytes) -> None:
    date = {"qualifier": "137", "value": value} | ({"format": kind} if kind else {})
    assert sent in build(PROFILE, changed(dates=[date])).data


@pytest.mark.parametrize(
    ("value", "kind"), [("2026-02-30", "102"), ("2026-03-02T14:05", "102"), ("soon", "203")]
)
def test_a_date_that_is_none_is_refused(value: str, kind: str) -> None:
    date = {"qualifier": "137", "value": value, "format": kind}
    written = build(PROFILE, changed(dates=[date]))
    assert written.refused
    assert found(written) == [("date_invalid", "DTM", 3, 1, 2)]


def test_delimiters_in_the_data_are_released() -> None:
    written = build(PROFILE, with_buyer(name="O'NEILL + SONS: WHY?"))
    assert b"O?'NEILL ?+ SONS?: WHY??" in written.data
    assert written.issues == []
    read_back = read(written.data).sets()[0][2].document
    assert read_back["parties"][0]["name"] == "O'NEILL + SONS: WHY?"


def test_delimiters_in_the_data_are_refused_without_a_release_sign() -> None:
    profile = Profile(**IDS, delimiters=Delimiters(release=""))
    written = build(profile, with_buyer(name="O'NEILL"))
    assert written.refused
    assert found(written) == [("delimiter_refused", "NAD", 8, 4, 1)]


def test_a_break_in_the_data_becomes_a_blank() -> None:
    written = build(PROFILE, with_buyer(name="ONE\r\nTWO"))
    assert b"ONE  TWO" in written.data
    assert found(written) == [("delimiter_in_data", "NAD", 8, 4, 1)]


@pytest.mark.parametrize(
    ("syntax", "name", "sent", "codes"),
    [
        ("UNOA", "Böll & Söhne", b"BOLL & SOHNE", ["transliterated"]),
        ("UNOA", "plain", b"PLAIN", []),
        ("UNOB", "Böll", b"Boll", ["transliterated"]),
        ("UNOB", "a@b", b"a??b", ["transliterated", "character_lost"]),
        ("UNOC", "Böll", "Böll".encode("iso-8859-1"), []),
        ("UNOC", "5 €", b"5 EUR", ["transliterated"]),
        ("UNOD", "Łódź", "Łódź".encode("iso-8859-2"), []),
        ("UNOY", "5 € 漢", "5 € 漢".encode(), []),
    ],
)
def test_text_is_written_in_the_partners_characters(
    syntax: str, name: str, sent: bytes, codes: list[str]
) -> None:
    written = build(Profile(**IDS, syntax=syntax), with_buyer(name=name))
    assert sent in written.data
    assert [issue.code for issue in written.issues] == codes


@pytest.mark.parametrize("syntax", ["UNOX", "KECA", ""])
def test_a_syntax_we_do_not_write_is_refused(syntax: str) -> None:
    written = build(Profile(**IDS, syntax=syntax), ORDER)
    assert written.refused
    assert "unknown_syntax" in [issue.code for issue in written.issues]


def test_lengths_are_those_of_the_directory() -> None:
    order = with_buyer(id="B" * 35)
    assert found(build(PROFILE, order)) == [("element_too_long", "NAD", 8, 2, 1)]
    newer = Profile(**IDS, version="D:01B:UN:EAN010")
    assert build(newer, order).issues == []


@pytest.mark.parametrize(
    ("document", "issue"),
    [
        (changed(dates=[{"value": "2026-03-02"}]), ("element_missing", "DTM", 3, 1, 1)),
        (changed(colour="red"), ("field_not_written", "", 2, None, None)),
        (with_line(colour="red"), ("field_not_written", "LIN", 15, None, None)),
        (
            with_line(quantities=[{"qualifier": "21", "quantity": "many"}]),
            ("number_invalid", "QTY", 17, 1, 2),
        ),
        (
            with_line(quantities=[{"qualifier": "21", "quantity": "1" * 16}]),
            ("element_too_long", "QTY", 17, 1, 2),
        ),
        (changed(adjustments=[{"reason": "1"}] * 2), ("loop_max_use", "AJT", 8, None, None)),
        (changed(payments=[{"means": "42"}] * 2), ("segment_max_use", "PAI", 5, None, None)),
    ],
)
def test_what_is_wrong_with_a_document_is_told_with_its_place(
    document: dict[str, Any], issue: tuple[str, str, int, int | None, int | None]
) -> None:
    written = build(PROFILE, document)
    assert found(written) == [issue]
    assert written.refused == (issue[0] != "field_not_written")


def test_an_invoice_without_a_total_is_refused() -> None:
    invoice = read(enveloped(EVERY_MESSAGE["INVOIC"])).sets()[0][2].document
    del invoice["amounts"]
    written = build(PROFILE, invoice, message="INVOIC")
    assert written.refused
    assert [(i.code, i.segment) for i in written.issues] == [("segment_missing", "MOA")]


def test_a_message_without_a_table_is_refused() -> None:
    written = build(PROFILE, {"segments": []}, message="SLSRPT")
    assert written.refused
    assert [(i.code, i.value) for i in written.issues] == [("unknown_set", "SLSRPT")]


def test_the_place_of_an_issue_is_the_message_it_is_in() -> None:
    written = build(PROFILE, ORDER, changed(colour="red"))
    assert [issue.set for issue in written.issues] == [1]


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ({"sender_id": ""}, "element_missing"),
        ({"receiver_id": "X" * 36}, "address_id_too_long"),
        ({"receiver_qualifier": "XXXXX"}, "address_id_too_long"),
    ],
)
def test_an_envelope_without_good_identifiers_is_refused(ids: dict[str, str], code: str) -> None:
    written = build(Profile(**(IDS | ids)), ORDER)
    assert written.refused
    assert [(i.code, i.segment) for i in written.issues] == [(code, "UNB")]


@pytest.mark.parametrize(
    ("controls", "interchange"),
    [([], "1"), (["1", "1"], "1"), ([""], "1"), (["1"], ""), (["1"], "123456789012345")],
)
def test_the_callers_mistakes_are_raised(controls: list[str], interchange: str) -> None:
    messages = [OutboundMessage("ORDERS", control, ORDER) for control in controls]
    with pytest.raises(ValueError):
        build_interchange(PROFILE, messages, interchange_control=interchange, now=NOW)


def test_values_without_a_name_are_written_where_they_stood() -> None:
    data = enveloped(
        EVERY_MESSAGE["ORDERS"].replace("BGM+220+PO-7781+9'", "BGM+220+PO-7781+9++X:Y'")
    )
    written = build(PROFILE, read(data).sets()[0][2].document)
    assert written.data == data
