"""What the reader says of clean files, of cosmetic oddities, of disagreement and of rubbish."""

import pytest

from integrations.formats.x12 import Profile, read
from tests.formats.x12_samples import CLEAN, EVERY_SET, GS, ISA, SET_940, SET_945, enveloped

pytestmark = pytest.mark.pure

BODY = CLEAN[len(ISA) :]
SHORT_ISA = "ISA*00**00**ZZ*PORTAL*ZZ*NWIND3PL*260302*1405*U*00401*000005101*0*T*>~"
SECOND = CLEAN.replace("000005101", "000005102")


def lines(text: str, width: int, end: str) -> str:
    return end.join(text[i : i + width] for i in range(0, len(text), width))


def with_terminator(terminator: str) -> str:
    return CLEAN.replace("~", terminator)


ACCEPTED = {
    "as it is": CLEAN,
    "a line feed after each segment": CLEAN.replace("~", "~\n"),
    "CR LF after each segment": CLEAN.replace("~", "~\r\n"),
    "blank lines at the end": CLEAN + "\n\n",
    "another element separator": CLEAN.replace("*", "|"),
    "a version with a repetition separator": CLEAN.replace("*U*00401*", "*^*00501*"),
    "two interchanges": CLEAN + SECOND,
    "two interchanges with different separators": CLEAN + SECOND.replace("*", "|"),
    "a count with leading zeros": CLEAN.replace("SE*18*", "SE*0018*"),
    "a segment we do not know": CLEAN.replace("NTE*", "ZZX*1~NTE*").replace("SE*18", "SE*19"),
    "a code we do not know": CLEAN.replace("N9*CO*", "N9*Q7*").replace("W01*2*CA", "W01*2*QQ"),
    "text in UTF-8": CLEAN.replace("QUAY", "QUÄY"),
    "text in ISO 8859-1": CLEAN.replace("QUAY", "QUÄY").encode("iso-8859-1"),
    "only a TA1": ISA + "TA1*000000042*260302*1400*A*000~IEA*0*000005101~",
}
WARNED = {
    "bom": b"\xef\xbb\xbf" + CLEAN.encode(),
    "wrapped": lines(CLEAN, 80, "\r\n"),
    "isa_length": SHORT_ISA + BODY,
    "isa16_missing": ISA.replace(">~", "~") + BODY,
    "indented": CLEAN.replace("~", "~\n  "),
    "end_of_file_character": CLEAN + "\r\n\x1a",
    "empty_segment": CLEAN.replace("LX*1~", "LX*1~~"),
    "final_terminator_missing": CLEAN[:-1],
    "junk_outside_interchange": CLEAN + "-- end of mailbag --" + SECOND,
    "control_padding": CLEAN.replace("IEA*1*000005101", "IEA*1*5101"),
    "line_count_mismatch": enveloped("IB", EVERY_SET["IB"].replace("CTT*2", "CTT*3")),
    "hash_total_mismatch": enveloped("PO", EVERY_SET["PO"].replace("CTT*2*26", "CTT*2*27")),
    "total_mismatch": CLEAN.replace("W76*26", "W76*27"),
    "hierarchy_broken": enveloped("SH", EVERY_SET["SH"].replace("HL*3*2*", "HL*3*9*")),
    "segment_missing": CLEAN.replace("W05*N*SO-10442*PO-7781~", "").replace("SE*18", "SE*17"),
}
TERMINATORS = {
    "CR": "\r",
    "LF": "\n",
    "CR LF": "\r\n",
    "space and CR LF": " \r\n",
    "0x15": "\x15",
    "!": "!",
    "^": "^",
    "|": "|",
    "'": "'",
    "! and line feeds": "!\n",
}
QUARANTINED = {
    "interchange_control_mismatch": CLEAN.replace("IEA*1*000005101", "IEA*1*000005102"),
    "group_control_mismatch": CLEAN.replace("GE*1*5101", "GE*1*5102"),
    "set_control_mismatch": CLEAN.replace("SE*18*0001", "SE*18*0002"),
    "segment_count_mismatch": CLEAN.replace("SE*18*", "SE*17*"),
    "set_count_mismatch": CLEAN.replace("GE*1*", "GE*2*"),
    "group_count_mismatch": CLEAN.replace("IEA*1*", "IEA*2*"),
    "duplicate_interchange_control": CLEAN + CLEAN,
    "duplicate_group_control": CLEAN.replace("IEA*1*", f"{GS}{SET_940}GE*1*5101~IEA*2*"),
    "duplicate_set_control": enveloped("OW", SET_940, SET_940),
    "missing_se": CLEAN.replace("SE*18*0001~", ""),
    "missing_ge": CLEAN.replace("GE*1*5101~", ""),
    "missing_iea": CLEAN.replace("IEA*1*000005101~", ""),
    "missing_gs": CLEAN.replace(GS, ""),
    "segment_outside_set": CLEAN.replace("GE*1*5101~", "N9*CO*LOST~GE*1*5101~"),
    "segment_outside_interchange": CLEAN + "ISA*00*cut off",
    "unterminated_segment": CLEAN[:397],
    "functional_id_mismatch": enveloped("OW", SET_945),
    "delimiters_not_distinct": CLEAN.replace("*T*>~", "*T**~"),
}
REJECTED = {
    "empty_input": b"",
    "empty_input, blanks": b" \r\n\x1a",
    "not_an_interchange": b"Dear partner, please find attached",
    "not_an_interchange, JSON": b'{"order": "ISA"}',
    "not_an_interchange, cut ISA": ISA[:70],
    "not_an_interchange, ISA without end": ISA[:104],
    "not_an_interchange, EDIFACT": b"UNA:+.? 'UNB+UNOC:3+A+B+260302:1405+1'",
    "not_an_interchange, UTF-16": CLEAN.encode("utf-16"),
    "lowercase_isa": CLEAN.lower(),
}


def codes(data: str | bytes, severity: str) -> set[str]:
    reading = read(data.encode() if isinstance(data, str) else data)
    return {issue.code for issue in reading.issues if issue.severity == severity}


def verdict(data: str | bytes) -> str:
    return read(data.encode() if isinstance(data, str) else data).verdict


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_clean_file_is_accepted(name: str) -> None:
    assert verdict(ACCEPTED[name]) == "accept"


@pytest.mark.parametrize("functional_id", EVERY_SET)
def test_every_set_we_have_a_table_for_is_accepted_without_any_issue(functional_id: str) -> None:
    assert read(enveloped(functional_id, EVERY_SET[functional_id])).issues == []


@pytest.mark.parametrize("name", WARNED)
def test_a_cosmetic_or_total_oddity_is_a_warning_and_nothing_worse(name: str) -> None:
    assert codes(WARNED[name], "warn") == {name}
    assert verdict(WARNED[name]) == "warn"


@pytest.mark.parametrize(
    ("functional_id", "gone", "missing"),
    [
        ("SW", "W12", {"W12"}), ("SW", "LX W12 MAN N9*LT", {"LX"}), ("OW", "W01", {"W01"}),
        ("OW", "LX W01", {"LX"}), ("AR", "W04", {"W04"}), ("RE", "W07 W13", {"W07"}),
        ("AW", "W19", {"W19"}),
    ],
)  # fmt: skip
def test_a_document_without_its_lines_is_no_clean_one(
    functional_id: str, gone: str, missing: set[str]
) -> None:
    kept = [
        segment
        for segment in EVERY_SET[functional_id].split("~")[:-2]
        if not any(segment.startswith(f"{tag}*") for tag in gone.split())
    ]
    text = "~".join([*kept, f"SE*{len(kept) + 1}*0001~"])
    reading = read(enveloped(functional_id, text))
    assert reading.verdict == "warn"
    found = {issue.value for issue in reading.issues if issue.code == "segment_missing"}
    assert found == missing


@pytest.mark.parametrize("name", WARNED.keys() - {"segment_missing"})
def test_an_odd_file_still_gives_its_documents(name: str) -> None:
    data = WARNED[name]
    reading = read(data.encode() if isinstance(data, str) else data)
    documents = [transaction.document for _, _, transaction in reading.sets()]
    assert len(documents) == (2 if "junk" in name else 1)
    assert all(len(document) >= 4 for document in documents)


@pytest.mark.parametrize("name", TERMINATORS)
def test_an_unusual_terminator_is_a_warning(name: str) -> None:
    text = with_terminator(TERMINATORS[name])
    assert codes(text, "warn") == {"unusual_terminator"}
    assert verdict(text) == "warn"


@pytest.mark.parametrize("name", TERMINATORS)
def test_an_unusual_terminator_changes_nothing_in_the_document(name: str) -> None:
    (_, _, expected), (_, _, found) = (
        *read(CLEAN.encode()).sets(),
        *read(with_terminator(TERMINATORS[name]).encode()).sets(),
    )
    assert found.document == expected.document


@pytest.mark.parametrize("terminator", ["*", "?"])
def test_a_tilde_may_be_the_element_separator(terminator: str) -> None:
    text = CLEAN.replace("~", "\x00").replace("*", "~").replace("\x00", terminator)
    assert codes(text, "warn") == {"unusual_terminator"}
    assert read(text.encode()).sets()[0][2].document["depositor_order"] == "SO-10442"


@pytest.mark.parametrize("name", QUARANTINED)
def test_disagreement_is_quarantined(name: str) -> None:
    assert name in codes(QUARANTINED[name], "quarantine")
    assert verdict(QUARANTINED[name]) == "quarantine"


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_no_interchange_is_rejected_with_one_issue(name: str) -> None:
    data = REJECTED[name]
    reading = read(data.encode() if isinstance(data, str) else data)
    assert reading.verdict == "reject"
    assert [issue.code for issue in reading.issues] == [name.partition(",")[0]]
    assert reading.interchanges == []


@pytest.mark.parametrize("width", [20, 72, 79, 80, 100, 128])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wrapping_at_any_width_is_undone(width: int, end: str) -> None:
    reading = read(lines(CLEAN, width, end).encode())
    assert reading.verdict == "warn"
    assert reading.sets()[0][2].document == read(CLEAN.encode()).sets()[0][2].document


@pytest.mark.parametrize(
    ("isa", "code"),
    [
        (SHORT_ISA.replace(">~", "~"), "isa16_missing"),
        (ISA.replace("*>~", "~"), "isa16_missing"),
        (ISA.replace(">~", "~\n"), "isa16_missing"),
        (ISA.replace("~", "~\r\n"), None),
    ],
)
def test_isa16_is_told_from_the_terminator(isa: str, code: str | None) -> None:
    end = "~\n" if "\n" in isa else "~"
    found = codes(isa + BODY.replace("~", end), "warn")
    assert found == ({code} if code else set())


def test_the_same_control_number_from_another_sender_is_no_duplicate() -> None:
    other = CLEAN.replace("PORTAL  ", "PORTAL2 ")
    assert verdict(CLEAN + other) == "accept"


def test_a_duplicate_is_found_whatever_its_padding() -> None:
    twice = enveloped("OW", SET_940, SET_940.replace("*0001~", "*00001~"))
    assert codes(twice, "quarantine") == {"duplicate_set_control"}


def test_an_interchange_without_its_end_does_not_swallow_the_next() -> None:
    reading = read((CLEAN.replace("IEA*1*000005101~", "") + SECOND).encode())
    assert [i.control for i in reading.interchanges] == ["000005101", "000005102"]
    assert [len(i.groups[0].sets) for i in reading.interchanges] == [1, 1]
    assert codes(CLEAN.replace("IEA*1*000005101~", "") + SECOND, "quarantine") == {"missing_iea"}


@pytest.mark.parametrize("cut", [*range(110, len(CLEAN) - 1, 7), len(CLEAN) - 2])
def test_a_file_cut_anywhere_is_never_accepted(cut: int) -> None:
    assert verdict(CLEAN[:cut]) == "quarantine"


def test_a_profile_decides_how_bad_an_issue_is() -> None:
    profile = Profile(severities={"functional_id_mismatch": "warn", "unknown_code": "quarantine"})
    assert read(enveloped("OW", SET_945), profile).verdict == "warn"
    assert read(CLEAN.replace("*92*", "*Q9*").encode(), profile).verdict == "quarantine"


def test_a_profile_adds_codes_to_a_table() -> None:
    data = CLEAN.replace("W01*2*CA", "W01*2*QQ").encode()
    assert [issue.value for issue in read(data).issues] == ["QQ"]
    assert read(data, Profile(codes={"355": frozenset({"QQ"})})).issues == []


def test_another_charset_is_used_when_the_text_is_not_utf_8() -> None:
    data = CLEAN.replace("QUAY", "QU€Y").encode("cp1252")
    (_, _, found) = read(data, Profile(charset="cp1252")).sets()[0]
    assert found.document["parties"][0]["address"]["line1"] == "400 QU€Y STREET"


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
    data = CLEAN.replace("N9*CO", "N9*Q1").replace("*92*", "*Q2*").replace("SE*18", "SE*17")
    reading = read(data.encode(), Profile(max_issues=1))
    assert reading.verdict == "quarantine"
    assert "too_many_issues" in {issue.code for issue in reading.issues}
