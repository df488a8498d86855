"""What the reader says of clean files, of oddities, of disagreement and of rubbish, and where."""

import pytest

from integrations.formats.edifact import Profile, describe, read
from integrations.formats.edifact.issues import CATALOGUE, WRITING
from integrations.formats.findings import SEVERITIES
from tests.formats.edifact_samples import CLEAN, ORDER, UNA, UNB, enveloped, grouped

pytestmark = pytest.mark.pure

SECOND = CLEAN.replace("+5101'", "+5102'")
TWO = ORDER + ORDER.replace("UNH+1+", "UNH+2+").replace("UNT+24+1", "UNT+24+2")
GROUPED = f"{UNA}{UNB}{grouped(ORDER)}UNZ+1+5101'"

ACCEPTED = {
    "as it is": CLEAN,
    "without UNA": CLEAN.removeprefix(UNA),
    "a line feed after each segment": CLEAN.replace("'", "'\n"),
    "CR LF after each segment": CLEAN.replace("'", "'\r\n"),
    "blank lines at the end": CLEAN + "\r\n\r\n",
    "two interchanges": CLEAN + SECOND,
    "two interchanges on lines": f"{CLEAN}\r\n{SECOND}\r\n",
    "two interchanges of different delimiters": CLEAN + SECOND.translate({43: 124, 58: 42}),
    "two messages": f"{UNA}{UNB}{TWO}UNZ+2+5101'",
    "a group": GROUPED,
    "a count with leading zeros": CLEAN.replace("UNT+24+", "UNT+0024+"),
    "a segment we do not know": CLEAN.replace("CUX+", "ZZZ+1'CUX+").replace("UNT+24", "UNT+25"),
    "a code we do not know": CLEAN.replace("DTM+2:", "DTM+999:"),
    "text in UTF-8 under UNOY": CLEAN.replace("UNOC", "UNOY").replace("QUAY", "QUÄY"),
    "text in ISO 8859-1": CLEAN.replace("QUAY", "QUÄY").encode("iso-8859-1"),
    "text in ISO 8859-2": CLEAN.replace("UNOC", "UNOD").replace("QUAY", "QUŁY").encode("iso-8859-2"),
    "an empty interchange": f"{UNB}UNZ+0+5101'",
}  # fmt: skip
WARNED = {
    "bom": b"\xef\xbb\xbf" + CLEAN.encode(),
    "wrapped": "\r\n".join(CLEAN[i : i + 80] for i in range(0, len(CLEAN), 80)),
    "indented": CLEAN.replace("'", "'\n  "),
    "una_length": CLEAN.replace("UNA:+.? '", "UNA:+.?'"),
    "una_missing": CLEAN.removeprefix(UNA).translate({43: 124, 58: 94, 39: 126}),
    "empty_segment": CLEAN.replace("UNS+S'", "UNS+S''"),
    "final_terminator_missing": CLEAN[:-1],
    "end_of_file_character": CLEAN + "\r\n\x1a",
    "junk_outside_interchange": f"{CLEAN}-- end of mailbag --{SECOND}",
    "control_padding": CLEAN.replace("UNZ+1+5101", "UNZ+1+0005101"),
    "line_count_mismatch": CLEAN.replace("CNT+2:2", "CNT+2:3"),
    "hash_total_mismatch": CLEAN.replace("CNT+2:2", "CNT+1:27"),
    "segment_missing": CLEAN.replace("UNS+S'CNT+2:2'", "").replace("UNT+24", "UNT+22"),
}
# code → text, and the bytes the issue points at
QUARANTINED = {
    "interchange_control_mismatch": (CLEAN.replace("UNZ+1+5101", "UNZ+1+5102"), "UNZ+1+5102"),
    "group_control_mismatch": (GROUPED.replace("UNE+1+7", "UNE+1+8"), "UNE+1+8"),
    "set_control_mismatch": (CLEAN.replace("UNT+24+1", "UNT+24+2"), "2"),
    "segment_count_mismatch": (CLEAN.replace("UNT+24+", "UNT+23+"), "23"),
    "set_count_mismatch": (CLEAN.replace("UNZ+1+", "UNZ+2+"), "UNZ+2+5101"),
    "set_count_mismatch, group": (GROUPED.replace("UNE+1+", "UNE+2+"), "UNE+2+7"),
    "group_count_mismatch": (GROUPED.replace("UNZ+1+", "UNZ+2+"), "UNZ+2+5101"),
    "duplicate_interchange_control": (CLEAN + CLEAN, UNB[:-1]),
    "duplicate_set_control": (f"{UNB}{ORDER}{ORDER}UNZ+2+5101'", "1"),
    "missing_unt": (CLEAN.replace("UNT+24+1'", ""), None),
    "missing_une": (GROUPED.replace("UNE+1+7'", ""), "UNG+ORDERS+4012345000009:14+5412345000013:14"
                    "+260302:1405+7+UN+D:96A:EAN008"),
    "missing_unz": (CLEAN.replace("UNZ+1+5101'", ""), "UNT+24+1"),
    "set_outside_group": (GROUPED.replace("UNZ+1", TWO.replace("UNH+1+", "UNH+3+") + "UNZ+1"),
                          "UNH+3+ORDERS:D:96A:UN:EAN008"),
    "segment_outside_set": (CLEAN.replace("UNZ", "RFF+ON:LOST'UNZ"), "RFF+ON:LOST"),
    "segment_outside_interchange": (CLEAN + "UNH+9+ORDERS", None),
    "unterminated_segment": (CLEAN[:397], CLEAN[:397].rpartition("'")[2]),
    "functional_id_mismatch": (GROUPED.replace("UNG+ORDERS", "UNG+INVOIC"), "ORDERS"),
    "delimiters_not_distinct": (CLEAN.replace("UNA:+.? '", "UNA:+.: '"), UNB[:-1]),
}  # fmt: skip
REJECTED = {
    "empty_input": b"",
    "empty_input, blanks": b" \r\n\x1a",
    "not_an_interchange": b"Dear partner, please find attached",
    "not_an_interchange, cut UNA": b"UNA:+.",
    "not_an_interchange, UNA without UNB": UNA.encode() + b"UNH+1+ORDERS'",
    "not_an_interchange, cut UNB": b"UNB+UNO",
    "not_an_interchange, X12": b"ISA*00*          *00*",
    "not_an_interchange, UTF-16": CLEAN.encode("utf-16"),
    "not_an_interchange, lower case": CLEAN.lower().encode(),
}
INFORMED = {
    "unknown_segment": ("CUX+2:EUR:9'", "ZZZ+1'", "ZZZ+1"),
    "segment_out_of_order": ("NAD+SU", "PAI+::42'NAD+SU", "PAI+::42"),
    "element_missing": ("RFF+CT:", "RFF+:", ""),
    "element_too_long": ("PO-7781", "P" * 36, "P" * 36),
    "too_many_elements": ("BGM+220+PO-7781+9", "BGM+220+PO-7781+9++X", "X"),
    "too_many_components": ("RFF+CT:C-11", "RFF+CT:C-11::::X", "X"),
    "unknown_code": ("QTY+21:2:CT", "QTY+999:2:CT", "999"),
    "number_invalid": ("QTY+21:2:CT", "QTY+21:2.000,5:CT", "2.000,5"),
    "date_invalid": ("DTM+137:20260302:102", "DTM+137:20260230:102", "20260230"),
    "unknown_syntax": ("UNOC:3", "UNOX:3", "UNB+UNOX:3"),
}


def reading_of(data: str | bytes):
    return read(data.encode() if isinstance(data, str) else data)


def codes(data: str | bytes, severity: str) -> set[str]:
    return {issue.code for issue in reading_of(data).issues if issue.severity == severity}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_clean_file_is_accepted(name: str) -> None:
    reading = reading_of(ACCEPTED[name])
    assert reading.verdict == "accept"
    assert {issue.severity for issue in reading.issues} <= {"info"}


@pytest.mark.parametrize("name", WARNED)
def test_an_oddity_is_a_warning_and_nothing_worse(name: str) -> None:
    assert codes(WARNED[name], "warn") == {name}
    assert reading_of(WARNED[name]).verdict == "warn"


@pytest.mark.parametrize("name", WARNED.keys() - {"segment_missing", "line_count_mismatch"})
def test_an_odd_file_still_gives_its_documents(name: str) -> None:
    documents = [message.document for _, _, message in reading_of(WARNED[name]).sets()]
    expected = reading_of(CLEAN).sets()[0][2].document
    if name == "hash_total_mismatch":
        expected["counts"] = [{"qualifier": "1", "value": "27"}]
    assert documents == [expected] * (2 if "junk" in name else 1)


@pytest.mark.parametrize("name", QUARANTINED)
def test_disagreement_is_quarantined_where_it_stands(name: str) -> None:
    text, place = QUARANTINED[name]
    reading = reading_of(text)
    assert reading.verdict == "quarantine"
    code = name.partition(",")[0]
    issue = next(issue for issue in reading.issues if issue.code == code)
    assert issue.severity == "quarantine"
    found = reading.interchanges[issue.interchange].locate(issue)
    assert (None if found is None else text.encode()[slice(*found)].decode()) == place


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_no_interchange_is_rejected_with_one_issue(name: str) -> None:
    reading = read(REJECTED[name])
    assert reading.verdict == "reject"
    assert [issue.code for issue in reading.issues] == [name.partition(",")[0]]
    assert reading.interchanges == []


@pytest.mark.parametrize("name", INFORMED)
def test_what_the_tables_do_not_hold_is_told_and_accepted(name: str) -> None:
    old, new, place = INFORMED[name]
    text = CLEAN.replace(old, new)
    text = text.replace("UNT+24", f"UNT+{24 + new.count(chr(39)) - old.count(chr(39))}")
    reading = reading_of(text)
    assert reading.verdict == "accept"
    (issue,) = [issue for issue in reading.issues if issue.code == name]
    found = reading.interchanges[0].locate(issue)
    assert found is not None
    located = text.encode()[slice(*found)].decode()
    assert located.startswith(place) if name == "unknown_syntax" else located == place


def test_an_interchange_without_its_end_does_not_swallow_the_next() -> None:
    text = CLEAN.replace("UNZ+1+5101'", "") + SECOND
    reading = reading_of(text)
    assert [i.control for i in reading.interchanges] == ["5101", "5102"]
    assert [len(i.groups[0].sets) for i in reading.interchanges] == [1, 1]
    assert codes(text, "quarantine") == {"missing_unz"}


@pytest.mark.parametrize("cut", [*range(len(UNA + UNB) - 20, len(CLEAN) - 1, 7), len(CLEAN) - 2])
def test_a_file_cut_anywhere_is_never_accepted(cut: int) -> None:
    assert reading_of(CLEAN[:cut]).verdict in ("quarantine", "reject")


def test_a_group_says_who_and_what_it_is() -> None:
    (interchange,) = reading_of(GROUPED).interchanges
    (group,) = interchange.groups
    assert (group.functional_id, group.control, group.version) == ("ORDERS", "7", "D:96A:EAN008")
    assert [message.control for message in group.sets] == ["1"]


def test_the_envelope_is_read() -> None:
    (interchange,) = reading_of(CLEAN.replace("+5101'UNH", "+5101++ORDERS++1++1'UNH")).interchanges
    assert (interchange.sender, interchange.sender_qualifier) == ("4012345000009", "14")
    assert (interchange.receiver, interchange.control) == ("5412345000013", "5101")
    assert (interchange.syntax, interchange.syntax_version) == ("UNOC", "3")
    assert interchange.wants_contrl and interchange.test
    assert interchange.groups[0].sets[0].version == "D:96A:UN:EAN008"


def test_a_profile_decides_how_bad_an_issue_is() -> None:
    data = CLEAN.replace("UNT+24+", "UNT+23+").encode()
    assert read(data, Profile(severities={"segment_count_mismatch": "warn"})).verdict == "warn"


def test_a_profile_adds_codes_to_a_table() -> None:
    data = CLEAN.replace("DTM+2:", "DTM+999:").encode()
    assert [issue.value for issue in read(data).issues] == ["999"]
    assert read(data, Profile(codes={"2005": frozenset({"999"})})).issues == []


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (Profile(max_bytes=100), "too_large"),
        (Profile(max_segments=10), "too_many_segments"),
        (Profile(max_sets=0), "too_many_sets"),
    ],
)
def test_a_file_over_the_partners_limit_is_rejected(profile: Profile, code: str) -> None:
    reading = read((CLEAN + SECOND).encode(), profile)
    assert [issue.code for issue in reading.issues] == [code]
    assert reading.interchanges == []


def test_a_cut_list_of_issues_still_shows_what_is_worst() -> None:
    data = CLEAN.replace("DTM+2:", "DTM+999:").replace("21:2:CT", "998:2:CT")
    reading = read(data.replace("UNT+24", "UNT+23").encode(), Profile(max_issues=1))
    assert reading.verdict == "quarantine"
    assert "too_many_issues" in {issue.code for issue in reading.issues}


def test_the_same_reference_from_another_sender_is_no_duplicate() -> None:
    assert reading_of(
        CLEAN + CLEAN.replace("4012345000009:14+541", "4012345000016:14+541")
    ).verdict == ("accept")


def test_messages_of_one_reference_in_two_groups_are_duplicates() -> None:
    text = f"{UNA}{UNB}{grouped(ORDER)}{grouped(ORDER).replace('1405+7+', '1405+8+')}UNZ+2+5101'"
    text = text[::-1].replace("'7+1+ENU", "'8+1+ENU", 1)[::-1]
    assert codes(text, "quarantine") == {"duplicate_set_control"}


def test_levels_that_hang_in_the_air_are_told() -> None:
    text = "UNH+1+DESADV:D:96A:UN'BGM+351+S+9'CPS+1'CPS+2+9'LIN+1'QTY+12:1'UNT+7+1'"
    assert codes(enveloped(text), "warn") == {"hierarchy_broken"}


def test_line_amounts_that_do_not_add_up_are_told() -> None:
    text = (
        "UNH+1+INVOIC:D:96A:UN'BGM+380+I+9'LIN+1'MOA+203:10'LIN+2'MOA+203:5.5'UNS+S'"
        "MOA+79:{}'UNT+9+1'"
    )
    assert codes(enveloped(text.format("15.5")), "warn") == set()
    assert codes(enveloped(text.format("16")), "warn") == {"total_mismatch"}


def test_an_issue_is_told_in_a_sentence_with_its_value() -> None:
    (issue,) = reading_of(CLEAN.replace("UNT+24+", "UNT+23+")).issues
    assert describe(issue) == "UNT has not the number of segments in the message: 23."
    (issue,) = reading_of(CLEAN.replace("'", "'\n ")).issues
    assert describe(issue) == "Segments are indented."


def test_every_code_has_a_severity_and_a_sentence() -> None:
    for severity, sentence in CATALOGUE.values():
        assert severity in SEVERITIES
        assert sentence[0].isupper() and sentence.endswith(".")
    assert set(WRITING) <= set(CATALOGUE)
