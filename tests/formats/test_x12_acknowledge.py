"""Our answers to a group, and what a partner's answer means."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.formats.x12 import (
    OutboundSet,
    Profile,
    acknowledge,
    build_interchange,
    read,
    read_answer,
)  # fmt: skip
from tests.formats.x12_samples import (
    CLEAN,
    SET_940,
    SET_945,
    SET_997,
    SET_997_REJECTS,
    SET_999,
    enveloped,
)  # fmt: skip

pytestmark = pytest.mark.pure

OURS = Profile(sender_id="NWIND3PL", receiver_id="PORTAL")
BAD_UNIT = SET_945.replace("*1*1*CA**VN", "*1*1*CX**VN")
STRICT = Profile(answers={"unknown_code": "R"})


def answer(data: bytes, profile: Profile = OURS, set_type: str = "997") -> dict[str, Any]:
    reading = read(data, profile)
    document = acknowledge(reading.interchanges[0], 0, reading.issues, profile, set_type=set_type)
    assert document is not None
    return document


def as_set(document: dict[str, Any], set_type: str = "997") -> str:
    written = build_interchange(
        OURS, [OutboundSet(set_type, 1, document)], interchange_control=1, group_control=1,
        now=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    assert written.issues == []
    data = written.data.decode()
    return data[data.index("ST*") : data.index("GE*")]


def test_a_clean_order_is_accepted_byte_for_byte() -> None:
    assert as_set(answer(CLEAN.encode())) == SET_997


def test_a_bad_unit_is_rejected_byte_for_byte_where_the_profile_says_so() -> None:
    # The skeleton 945 with CX in line 1: W12 is the 11th segment; padded to be the 15th.
    text = SET_945.replace("*24**EA*", "*24**CX*").replace(
        "G62*11*20260303~", "G62*11*20260303~" + "NTE*DEL*X~" * 4
    )
    data = enveloped("SW", text.replace("SE*17", "SE*21"), control=771)
    assert as_set(answer(data, STRICT)) == SET_997_REJECTS


def test_a_code_outside_our_tables_is_not_held_against_the_sender() -> None:
    assert answer(enveloped("SW", BAD_UNIT))["sets"] == [
        {"type": "945", "control": "0001", "code": "A"}
    ]


def test_a_bad_number_is_accepted_with_errors() -> None:
    document = answer(CLEAN.replace("W01*2*", "W01*TWO*").encode())
    assert document["sets"][0] == {
        "type": "940",
        "control": "0001",
        "errors": [
            {
                "segment": "W01",
                "position": "16",
                "loop": "0310",
                "code": "8",
                "elements": [
                    {"position": "1", "element_number": "330", "code": "6", "value": "TWO"}
                ],
            }
        ],
        "code": "E",
        "reason1": "5",
    }
    assert (document["code"], document["accepted"]) == ("E", "1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SET_940.replace("SE*18", "SE*17"), "4"),
        (SET_940.replace("SE*18*0001", "SE*18*0002"), "3"),
        (SET_940.replace("SE*18*0001~", ""), "2"),
        ("ST*204*0001~B2**UPSN**S1~SE*3*0001~", None),
    ],
)
def test_a_set_that_does_not_agree_with_itself_is_rejected(text: str, reason: str | None) -> None:
    document = answer(enveloped("OW", text))
    assert document["sets"][0]["code"] == "R"
    assert reason is None or document["sets"][0]["reason1"] == reason
    assert (document["code"], document["accepted"]) == ("R", "0")


def test_one_bad_set_of_two_is_a_partial_acceptance() -> None:
    second = SET_940.replace("*0001~", "*0002~").replace("SE*18", "SE*19")
    document = answer(enveloped("OW", SET_940, second))
    assert [entry["code"] for entry in document["sets"]] == ["A", "R"]
    assert (document["code"], document["received"], document["accepted"]) == ("P", "2", "1")


def test_a_group_with_a_wrong_trailer_is_rejected() -> None:
    document = answer(CLEAN.replace("GE*1*5101", "GE*3*5102").encode())
    assert (document["code"], document["included"], document["received"]) == ("R", "3", "1")
    assert {document["reason1"], document["reason2"]} == {"4", "5"}


def test_a_missing_segment_is_named() -> None:
    text = SET_940.replace("W05*N*SO-10442*PO-7781~", "").replace("SE*18", "SE*17")
    errors = answer(enveloped("OW", text))["sets"][0]["errors"]
    assert errors == [{"segment": "W05", "position": "2", "code": "3"}]


@pytest.mark.parametrize("text", [SET_997, SET_999])
def test_an_acknowledgement_is_never_acknowledged(text: str) -> None:
    reading = read(enveloped("FA", text))
    assert acknowledge(reading.interchanges[0], 0, reading.issues) is None


def test_the_newer_acknowledgement_says_the_same() -> None:
    data = CLEAN.replace("W01*2*", "W01*TWO*").replace("004010", "005010").encode()
    text = as_set(answer(data, set_type="999"), "999")
    assert text == (
        "ST*999*0001~AK1*OW*5101*005010~AK2*940*0001~IK3*W01*16*0310*8~IK4*1*330*6*TWO~IK5*E*5~"
        "AK9*E*1*1*1~SE*8*0001~"
    )


def meaning(text: str) -> Any:
    return read_answer(read(enveloped("FA", text)).sets()[0][2].document)


def test_an_accepting_answer_is_understood() -> None:
    group = meaning(SET_997)
    assert (group.functional_id, group.control, group.accepted) == ("OW", "5101", True)
    assert [(s.type, s.control, s.accepted, s.texts) for s in group.sets] == [
        ("940", "0001", True, ())
    ]


@pytest.mark.parametrize("text", [SET_997_REJECTS, SET_999])
def test_a_rejecting_answer_is_explained_in_plain_words(text: str) -> None:
    (only,) = meaning(text).sets
    assert only.accepted is False
    assert only.texts[0] == "One or more segments are in error."
    assert only.texts[1].endswith('the code is not valid ("CX").')
    assert only.texts[1].startswith(("W12, segment 15, element 5", "W01, segment 13, element 2"))


def test_an_answer_leads_to_the_places_it_speaks_of() -> None:
    (by_997,) = meaning(SET_997_REJECTS).sets
    (by_999,) = meaning(SET_999).sets
    assert [(m.place, m.value) for m in by_997.marks] == [("W12[15].5", "CX")]
    assert [(m.place, m.value) for m in by_999.marks] == [("W01[13].2", "CX")]
    assert by_997.marks[0].text == by_997.texts[1]


def test_a_segment_in_error_without_elements_is_a_place_too() -> None:
    text = SET_997.replace("AK5*A", "AK3*W76*17**3~AK5*R*5").replace("SE*6", "SE*7")
    (told,) = meaning(text).sets
    assert [m[:2] for m in told.marks] == [("W76[17]", "")]
    assert told.marks[0].text == "W76, segment 17: a mandatory segment is missing."


def test_an_answer_for_the_group_alone_is_understood() -> None:
    group = meaning("ST*997*0001~AK1*OW*5101~AK9*R*1*1*0*2~SE*4*0001~")
    assert (group.accepted, group.sets) == (False, ())
    assert group.texts == ("This version is not supported.",)


def test_a_partly_accepted_group_speaks_for_no_set() -> None:
    text = SET_997.replace("AK9*A*1*1*1", "AK9*P*2*2*1")
    assert meaning(text).accepted is None


def test_a_code_we_do_not_know_is_still_told() -> None:
    assert meaning(SET_997.replace("AK5*A", "AK5*R*99")).sets[0].texts == (
        "Code 99, which we do not know.",
    )
