"""CONTRL: our answer to what came, and a partner's answer to what we sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.formats.edifact import (
    OutboundMessage,
    Profile,
    acknowledge,
    build_interchange,
    read,
    read_answer,
)
from tests.formats.edifact_samples import CLEAN, EVERY_MESSAGE, ORDER, UNA, UNB, enveloped, grouped

pytestmark = pytest.mark.pure

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
SECOND = ORDER.replace("UNH+1+", "UNH+2+").replace("UNT+24+1", "UNT+24+2")
HEAD = {
    "interchange": "5101",
    "sender": "4012345000009",
    "sender_qualifier": "14",
    "receiver": "5412345000013",
    "receiver_qualifier": "14",
}


def answer(text: str | bytes, profile: Profile | None = None, **options: bool) -> dict[str, Any]:
    data = text.encode() if isinstance(text, str) else text
    reading = read(data)
    document = acknowledge(reading.interchanges[0], reading.issues, profile or Profile(), **options)
    assert document is not None
    return document


def written(document: dict[str, Any]) -> str:
    profile = Profile(sender_id="5412345000013", receiver_id="4012345000009")
    message = OutboundMessage("CONTRL", "1", document)
    sent = build_interchange(profile, [message], interchange_control="9", now=NOW)
    assert sent.issues == []
    body = sent.data.decode()
    return body[body.index("UCI") : body.index("'UNT+") + 1]


def test_a_clean_interchange_is_acknowledged() -> None:
    assert answer(CLEAN) == HEAD | {"action": "7"}
    assert written(answer(CLEAN)) == "UCI+5101+4012345000009:14+5412345000013:14+7'"


def test_receipt_alone_is_told_before_anything_is_checked() -> None:
    damaged = CLEAN.replace("UNT+24+", "UNT+23+")
    assert answer(damaged, receipt_only=True) == HEAD | {"action": "8"}


def test_a_rejected_message_is_named_with_its_errors() -> None:
    bad = SECOND.replace("DTM+137:", "DTM+:").replace("UNT+24+", "UNT+23+")
    document = answer(f"{UNA}{UNB}{ORDER}{bad}UNZ+2+5101'")
    assert document == HEAD | {
        "action": "7",
        "sets": [
            {
                "control": "2",
                "type": "ORDERS",
                "version": "D",
                "release": "96A",
                "agency": "UN",
                "association": "EAN008",
                "action": "4",
                "error": "29",
                "segment": "UNT",
                "errors": [
                    {
                        "position": "3",
                        "elements": [{"error": "13", "element": "2", "component": "1"}],
                    }
                ],
            }
        ],
    }
    assert written(document).endswith("+7'UCM+2+ORDERS:D:96A:UN:EAN008+4+29+UNT'UCS+3'UCD+13+2:1'")


def test_a_missing_segment_is_told_where_it_was_missed() -> None:
    text = ORDER.replace("UNS+S'CNT+2:2'", "").replace("UNT+24", "UNT+22")
    (rejected,) = answer(enveloped(text))["sets"]
    assert rejected["errors"] == [{"position": "22", "error": "13"}]


def test_a_simple_element_has_no_component_in_the_answer() -> None:
    text = ORDER.replace("NAD+SU+", "NAD++")
    (rejected,) = answer(enveloped(text))["sets"]
    assert rejected["errors"] == [{"position": "12", "elements": [{"error": "13", "element": "2"}]}]


@pytest.mark.parametrize(
    ("text", "error", "segment"),
    [
        (CLEAN.replace("UNZ+1+5101", "UNZ+1+5102"), "28", "UNZ"),
        (CLEAN.replace("UNZ+1+", "UNZ+2+"), "29", "UNZ"),
        (CLEAN.replace("UNZ+1+5101'", ""), "13", "UNZ"),
        (CLEAN.replace("UNZ", "RFF+ON:LOST'UNZ"), "33", None),
    ],
)
def test_an_interchange_that_contradicts_itself_is_rejected_whole(
    text: str, error: str, segment: str | None
) -> None:
    document = answer(text)
    assert (document["action"], document["error"], document.get("segment")) == ("4", error, segment)
    assert "sets" not in document


@pytest.mark.parametrize("code", ["number_invalid", "unknown_code", "unknown_segment"])
def test_what_can_be_understood_is_taken_unless_the_profile_says_otherwise(code: str) -> None:
    text = {
        "number_invalid": ORDER.replace("QTY+21:24:", "QTY+21:2X4:"),
        "unknown_code": ORDER.replace("DTM+2:", "DTM+999:"),
        "unknown_segment": ORDER.replace("CUX+2:EUR:9", "ZZZ+1"),
    }[code]
    assert answer(enveloped(text)) == HEAD | {"action": "7"}
    strict = answer(enveloped(text), Profile(answers={code: "4"}))
    assert strict["sets"][0]["action"] == "4"
    assert len(strict["sets"][0]["errors"]) == 1


def test_a_group_is_answered_as_a_group() -> None:
    bad = ORDER.replace("UNT+24+", "UNT+23+")
    document = answer(f"{UNA}{UNB}{grouped(bad)}UNZ+1+5101'")
    (group,) = document["groups"]
    assert (group["group"], group["action"], group["sets"][0]["error"]) == ("7", "7", "29")
    assert "UCF+7+++7'UCM+1+" in written(document)


def test_a_group_that_contradicts_itself_is_rejected_alone() -> None:
    text = f"{UNA}{UNB}{grouped(ORDER, count=2)}UNZ+1+5101'"
    document = answer(text)
    assert document["action"] == "7"
    assert document["groups"] == [{"group": "7", "action": "4", "error": "29", "segment": "UNE"}]


def test_contrl_is_not_answered() -> None:
    reading = read(enveloped(EVERY_MESSAGE["CONTRL"]))
    assert acknowledge(reading.interchanges[0], reading.issues) is None


def test_an_interchange_without_a_reference_cannot_be_answered() -> None:
    reading = read(CLEAN.replace("+5101'", "'").encode())
    assert acknowledge(reading.interchanges[0], reading.issues) is None


def test_the_issues_of_other_interchanges_are_not_told() -> None:
    reading = read((CLEAN + CLEAN.replace("+5101'", "+5102'").replace("UNT+24", "UNT+23")).encode())
    first, second = (acknowledge(i, reading.issues) for i in reading.interchanges)
    assert first is not None and "sets" not in first
    assert second is not None and len(second["sets"]) == 1


def test_a_partners_answer_is_understood() -> None:
    document = read(enveloped(EVERY_MESSAGE["CONTRL"])).sets()[0][2].document
    found = read_answer(document)
    assert (found.control, found.sender, found.receiver) == (
        "5101", "4012345000009", "5412345000013",
    )  # fmt: skip
    assert (found.code, found.accepted, found.texts) == ("7", True, ())
    rejected, taken = found.sets
    assert (rejected.type, rejected.control, rejected.accepted) == ("ORDERS", "1", False)
    assert rejected.texts == (
        "Something mandatory is missing.",
        "segment 7: the value is not valid.",
        "segment 7, element 2, component 1: the value is not valid.",
    )
    # CONTRL counts the tag as element 1; places count as our own problems do.
    assert [m[:2] for m in rejected.marks] == [("segments[7]", ""), ("segments[7].1.1", "")]
    assert (taken.control, taken.accepted, taken.marks) == ("2", True, ())
    assert [found.of(control) for control in ("1", "2", "3")] == [False, True, True]


@pytest.mark.parametrize(
    ("action", "accepted"),
    [("4", False), ("7", True), ("8", None), ("1", True), ("6", False), ("", None), ("9", None)],
)
def test_the_action_speaks_for_what_is_not_listed(action: str, accepted: bool | None) -> None:
    found = read_answer({"interchange": "5101", "action": action})
    assert found.accepted is accepted
    assert found.of("1") is accepted


def test_an_error_we_do_not_know_is_told_by_its_code() -> None:
    found = read_answer({"interchange": "5101", "action": "4", "error": "99", "segment": "UNZ"})
    assert found.texts == ("UNZ: error 99, which we do not know.",)


def test_our_own_answer_is_understood() -> None:
    document = answer(CLEAN.replace("UNT+24+", "UNT+23+"))
    (told,) = read_answer(document).sets
    assert told.texts == ("UNT: the count is not the number that was received.",)


def test_groups_of_an_answer_are_read() -> None:
    found = read_answer(
        {
            "interchange": "5101",
            "action": "7",
            "groups": [
                {"group": "7", "action": "4", "error": "29"},
                {"group": "8", "action": "7", "sets": [{"control": "1", "action": "4"}]},
            ],
        }
    )
    assert found.texts == ("Group 7: The count is not the number that was received.",)
    assert [(s.control, s.accepted) for s in found.sets] == [("1", False)]
    assert found.of("2") is None  # it may be in the group that was rejected
