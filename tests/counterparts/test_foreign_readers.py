"""What we write, read by readers that others wrote: every set, every message, and the tricky characters."""

import copy
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.formats import edifact, x12
from integrations.formats.x12.codes import FUNCTIONAL_ID
from tests.counterparts import ansi_x12_install, mock_edi_install
from tests.formats import edifact_samples
from tests.formats.x12_samples import EVERY_SET, SET_999, enveloped

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
SETS = [*EVERY_SET.values(), SET_999]
BY_ANSI_X12 = pytest.mark.counterpart(system="ansi-x12", flow="reads every X12 set that we write")
BY_MOCK_EDI = pytest.mark.counterpart(
    system="mock-edi", flow="reads every X12 set and EDIFACT message that we write"
)
PYTHON = {
    "ansi-x12": ansi_x12_install.COUNTERPART.python,
    "mock-edi": mock_edi_install.COUNTERPART.python,
}
Found = dict[str, Any]


def told(reader: str, files: list[bytes]) -> list[Found]:
    """What a reader found in each file. It refuses loudly: then the test fails with its words."""
    script = Path(__file__).with_name("foreign_reader.py")
    done = subprocess.run(
        [str(PYTHON[reader]), str(script), reader],
        input=json.dumps([file.decode() for file in files]),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Found] = json.loads(done.stdout)
    return found


def x12_files(**profile: Any) -> list[bytes]:
    """Every set, two of it in one file, as we write what we read."""
    agreed = x12.Profile(sender_id="PORTAL", receiver_id="NWIND3PL", **profile)
    written = []
    for text in SETS:
        read = x12.read(enveloped(FUNCTIONAL_ID[text[3:6]], text)).sets()[0][2]
        sets = [x12.OutboundSet(text[3:6], number, read.document) for number in (1, 2)]
        made = x12.build_interchange(
            agreed, sets, interchange_control=5101, group_control=7, now=NOW
        )
        assert made.issues == []
        written.append(made.data)
    return written


def x12_expected(file: bytes) -> Found:
    """What stands in a file of ours by nothing but its delimiters."""
    text = file.decode()
    element, terminator = text[3], text[105]
    segments = [s.strip().split(element) for s in text.split(terminator) if s.strip()]
    sets: list[Found] = []
    for segment in segments:
        if segment[0] == "ST":
            sets.append({"type": segment[1], "control": segment[2], "segments": []})
        if sets and segment[0] not in ("GE", "IEA"):
            sets[-1]["segments"].append(segment)
    return {"sender": "PORTAL", "receiver": "NWIND3PL", "control": "000005101", "sets": sets}


def flat(found: Found, sign: str) -> Found:
    """Composite elements as they are written."""
    found = copy.deepcopy(found)
    for one in found["sets"]:
        one["segments"] = [
            [sign.join(e) if isinstance(e, list) else e for e in segment]
            for segment in one["segments"]
        ]
    return found


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"delimiters": x12.Delimiters(element="|", component="^", segment="\n")},
        {"line_break": "\r\n"},
    ],
    ids=["usual", "other delimiters", "lines"],
)
@pytest.mark.parametrize(
    "reader",
    [pytest.param("ansi-x12", marks=BY_ANSI_X12), pytest.param("mock-edi", marks=BY_MOCK_EDI)],
)
def test_every_set_is_read_as_it_was_written(reader: str, profile: Found) -> None:
    files = x12_files(**profile)
    assert len(files) == 18
    sign = files[0].decode()[104]
    for file, found in zip(files, told(reader, files), strict=True):
        assert flat(found, sign) == x12_expected(file)


@BY_MOCK_EDI
@pytest.mark.parametrize("decimal", [".", ","])
def test_every_message_is_read_as_it_was_written(decimal: str) -> None:
    files, ours = [], []
    for kind, text in edifact_samples.EVERY_MESSAGE.items():
        message = edifact.read(edifact_samples.enveloped(text)).sets()[0][2]
        if kind == "ORDERS":
            message.document["parties"][0]["name"] = "O'NEILL + SONS: WHY?"
        profile = edifact.Profile(
            sender_id="4012345000009", receiver_id="PARTNER", versions={kind: message.version},
            delimiters=edifact.Delimiters(decimal=decimal),
        )  # fmt: skip
        sets = [edifact.OutboundMessage(kind, "1", message.document)]
        made = edifact.build_interchange(profile, sets, interchange_control="5101", now=NOW)
        files.append(made.data)
        interchange, _, written = edifact.read(made.data).sets()[0]
        ours.append((kind, interchange.segments(written)))
    assert len(files) == len(edifact_samples.EVERY_MESSAGE)
    for (kind, segments), found in zip(ours, told("mock-edi", files), strict=True):
        assert (found["sender"], found["receiver"], found["control"]) == (
            "4012345000009", "PARTNER", "5101",
        )  # fmt: skip
        [one] = found["sets"]
        assert (one["type"], one["control"]) == (kind, "1")
        # It gives numbers with a point, whatever mark the sender uses.
        assert _pointed(one["segments"], decimal) == _pointed(segments, decimal)


def _pointed(segments: list[list[Any]], mark: str) -> list[list[list[str]]]:
    """Every element as the list of its components, with points for decimal marks."""
    parts = [[p if isinstance(p, list) else [p] for p in segment] for segment in segments]
    return [[[v.replace(mark, ".") for v in part] for part in segment] for segment in parts]
