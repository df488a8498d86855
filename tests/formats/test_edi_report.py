"""The object that `manage.py edi read` prints for a file."""

import json

import pytest

from integrations.formats.edi_report import report
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
