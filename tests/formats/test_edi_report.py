"""The object that `manage.py edi read` prints for a file."""

import json

import pytest

from tests.formats import edifact_samples
from tests.formats.reports import report
from tests.formats.x12_samples import CLEAN, ISA

pytestmark = pytest.mark.pure


def test_a_clean_file_is_reported_whole() -> None:
    found = report("in/940.edi", CLEAN.encode())
    document = found["interchanges"][0]["sets"][0].pop("document")
    assert document["depositor_order"] == "SO-10442"
    assert found == {
        "file": "in/940.edi",
        "verdict": "accept",
        "syntax": "x12",
        "interchanges": [
            {
                "sender": "PORTAL",
                "receiver": "NWIND3PL",
                "control": "000005101",
                "groups": [{"functional_id": "OW", "control": "5101", "version": "004010"}],
                "sets": [
                    {"type": "940", "control": "0001", "segments": 18, "declared_segments": 18}
                ],
            }
        ],
        "issues": [],
    }


def test_an_issue_is_reported_with_its_place() -> None:
    found = report("x", CLEAN.replace("SE*18*", "SE*17*").encode())
    assert found["verdict"] == "quarantine"
    assert found["issues"] == [
        {
            "code": "segment_count_mismatch",
            "severity": "quarantine",
            "segment_no": 18,
            "element": 1,
            "value": "17",
        }
    ]
    assert found["interchanges"][0]["sets"][0]["segments"] == 18
    assert found["interchanges"][0]["sets"][0]["declared_segments"] == 17


def test_a_set_without_trailer_declares_nothing() -> None:
    found = report("x", CLEAN.replace("SE*18*0001~", "").encode())
    only = found["interchanges"][0]["sets"][0]
    assert (only["segments"], only["declared_segments"]) == (17, None)


def test_a_rejected_file_has_no_interchange_and_one_issue() -> None:
    found = report("x", b"\x00\xff")
    assert (found["verdict"], found["interchanges"]) == ("reject", [])
    assert [issue["code"] for issue in found["issues"]] == ["not_an_interchange"]


def test_a_ta1_is_reported_as_a_set_of_its_own() -> None:
    text = ISA + "TA1*000000042*260302*1400*A*000~IEA*0*000005101~"
    (only,) = report("x", text.encode())["interchanges"][0]["sets"]
    assert (only["type"], only["control"], only["document"]["code"]) == ("TA1", "000000042", "A")


def test_every_report_is_json() -> None:
    for data in (CLEAN.encode(), b"", b"\xff\xfe", CLEAN.replace("QUAY", "Ä").encode()):
        assert json.loads(json.dumps(report("x", data)))["syntax"] == "x12"


EDIFACT = edifact_samples.CLEAN


def test_edifact_is_reported_with_the_same_keys() -> None:
    found = report("in/orders.edi", EDIFACT.encode())
    document = found["interchanges"][0]["sets"][0].pop("document")
    assert document["number"] == "PO-7781"
    assert found == {
        "file": "in/orders.edi",
        "verdict": "accept",
        "syntax": "edifact",
        "interchanges": [
            {
                "sender": "4012345000009",
                "receiver": "5412345000013",
                "control": "5101",
                "groups": [],
                "sets": [
                    {"type": "ORDERS", "control": "1", "segments": 24, "declared_segments": 24}
                ],
            }
        ],
        "issues": [],
    }
    assert list(found) == list(report("x", CLEAN.encode()))


def test_an_issue_of_edifact_is_reported_with_its_place() -> None:
    found = report("x", EDIFACT.replace("UNT+24+", "UNT+23+").encode())
    assert found["verdict"] == "quarantine"
    assert found["issues"] == [
        {
            "code": "segment_count_mismatch",
            "severity": "quarantine",
            "segment_no": 24,
            "element": 1,
            "value": "23",
        }
    ]
    assert found["interchanges"][0]["sets"][0]["declared_segments"] == 23


def test_a_group_of_edifact_is_reported_as_one_of_x12() -> None:
    text = f"{edifact_samples.UNB}{edifact_samples.grouped(edifact_samples.ORDER)}UNZ+1+5101'"
    assert report("x", text.encode())["interchanges"][0]["groups"] == [
        {"functional_id": "ORDERS", "control": "7", "version": "D:96A:EAN008"}
    ]


@pytest.mark.parametrize(
    ("data", "syntax"),
    [
        (EDIFACT.encode(), "edifact"),
        (b"\xef\xbb\xbf\r\n " + EDIFACT.encode(), "edifact"),
        (EDIFACT.removeprefix(edifact_samples.UNA).encode(), "edifact"),
        (b"mail header\r\n" + EDIFACT.encode(), "edifact"),
        (b"UNA:+.", "edifact"),
        (CLEAN.encode(), "x12"),
        (CLEAN.replace("QUAY", "UNB+UNOC:3").encode(), "x12"),
        (b"", "x12"),
        (b"nothing of the kind", "x12"),
    ],
)
def test_the_syntax_is_told_by_the_bytes(data: bytes, syntax: str) -> None:
    assert report("x", data)["syntax"] == syntax


@pytest.mark.parametrize(
    ("first", "second", "syntax"),
    [(CLEAN, EDIFACT, "x12"), (EDIFACT, CLEAN, "edifact")],
)
def test_an_interchange_of_the_other_syntax_behind_is_no_mere_text(
    first: str, second: str, syntax: str
) -> None:
    found = report("in/mixed.edi", (first + second).encode())
    assert (found["syntax"], found["verdict"]) == (syntax, "quarantine")
    assert [issue["code"] for issue in found["issues"]] == ["segment_outside_interchange"]
