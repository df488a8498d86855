"""Whatever comes in, the reader answers; what is damaged it does not accept; what we write comes back."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from integrations.formats.edifact import (
    Delimiters,
    OutboundMessage,
    Profile,
    acknowledge,
    build_interchange,
    read,
    read_answer,
)
from integrations.formats.edifact.grammar import FLAT, LIST, OBJECT, Node, grammar
from integrations.formats.edifact.layouts import LAYOUTS
from integrations.formats.edifact.segments import Component
from tests.formats.edifact_samples import CLEAN, UNA, UNB
from tests.formats.reports import report

pytestmark = pytest.mark.pure

# The first example links the tables, on a machine that may be busy.
unhurried = settings(deadline=None)

SEGMENTS = CLEAN.removeprefix(UNA).split("'")[:-1]
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
PIECES = [
    "UNA:+.? '", "UNB+UNOC:3+", "UNG+", "UNH+1+ORDERS:D:96A", "UNT+", "UNE+", "UNZ+", "CPS+1+1",
    "LIN+1", "NAD+BY", "QTY+21:", "'", "+", ":", "?", "??'", "\n", "\x1a",
]  # fmt: skip
BODY_SEGMENTS = st.integers(2, len(SEGMENTS) - 3)  # BGM to CNT
VERDICTS = ("accept", "warn", "quarantine", "reject")


def joined(segments: list[str]) -> bytes:
    return "".join(f"{segment}'" for segment in segments).encode()


def looked_at_throughout(data: bytes) -> str:
    """Read, every place and every answer asked for; the verdict."""
    reading = read(data)
    for interchange in reading.interchanges:
        for number in range(len(interchange.parts)):
            start, end = interchange.byte_range(number)
            assert 0 <= start <= end <= len(data)
        answer = acknowledge(interchange, reading.issues)
        if answer is not None:
            read_answer(answer)
    for issue in reading.issues:
        if issue.interchange < len(reading.interchanges):
            reading.interchanges[issue.interchange].locate(issue)
    assert report("x", data)["verdict"] in VERDICTS
    return reading.verdict


@unhurried
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(data: bytes) -> None:
    assert looked_at_throughout(data) in VERDICTS


@unhurried
@given(st.binary(max_size=300), st.sampled_from([UNA + UNB, UNB, "UNA:+.? '", "UNB+UNOY:4+"]))
def test_random_bytes_after_a_good_beginning_are_not_accepted(data: bytes, start: str) -> None:
    assert looked_at_throughout(start.encode() + data) != "accept"


@unhurried
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40))
def test_shuffled_pieces_never_crash(pieces: list[str]) -> None:
    looked_at_throughout((UNA + UNB + "".join(pieces)).encode("utf-8", "surrogatepass"))


@unhurried
@given(st.binary(min_size=6, max_size=6))
def test_any_signs_in_the_una_never_crash(signs: bytes) -> None:
    looked_at_throughout(b"UNA" + signs + CLEAN.removeprefix(UNA).encode())


@unhurried
@given(st.integers(0, len(CLEAN) - 1), st.binary(min_size=1, max_size=1))
def test_one_changed_byte_never_crashes(place: int, byte: bytes) -> None:
    data = CLEAN.encode()
    looked_at_throughout(data[:place] + byte + data[place + 1 :])


@unhurried
@given(BODY_SEGMENTS)
def test_a_dropped_or_doubled_segment_is_quarantined(index: int) -> None:
    assert read(joined(SEGMENTS[:index] + SEGMENTS[index + 1 :])).verdict == "quarantine"
    assert read(joined(SEGMENTS[: index + 1] + SEGMENTS[index:])).verdict == "quarantine"


@unhurried
@given(st.integers(len(UNA + UNB), len(CLEAN) - 2))
def test_a_truncated_file_is_quarantined(length: int) -> None:
    assert read(CLEAN[:length].encode()).verdict == "quarantine"


@unhurried
@given(st.sampled_from([("UNT+24+1'", 24), ("UNZ+1+5101'", 1)]), st.integers(0, 99_999))
def test_a_changed_count_is_quarantined(trailer: tuple[str, int], count: int) -> None:
    old, right = trailer
    assume(count != right)
    new = old.replace(f"+{right}+", f"+{count}+", 1)
    assert read(CLEAN.replace(old, new).encode()).verdict == "quarantine"


TEXTS = (
    "A", "O'NEILL", "A+B", "1:2", "WHY?", "??'", "Ä", "ÜBER ÄLLES", "x y", "0", "007", "'", "+:",
    "A*B", "~", "-", "é?'", "UNZ", "UNT+1", "  lead",
)  # fmt: skip
DELIMITERS = (
    Delimiters(), Delimiters(decimal=","), Delimiters("*", "|", ".", "\\", "", "~"),
    Delimiters(repetition="*"), Delimiters("\x1f", "\x1d", ",", "\x1b", "", "\x1c"),
    Delimiters(segment="\n"),
)  # fmt: skip


def _without_what_cannot_be_said(quantities: Sequence[dict[str, Any]]) -> None:
    """A QTY after the packages of an INVRPT's QTY belongs to the package, by the rule that a segment stands
    at the first place that can hold it: only the last quantity can have packages."""
    for quantity in quantities[:-1]:
        for level in quantity.get("levels", ()):
            level.pop("packagings", None)


class Documents:
    """Documents made from a message's own table."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def of(self, root: Node) -> dict[str, Any]:
        made = self._children(root, depth=0) | {"document_type": "220"}
        for line in made.get("lines", ()):
            for holder in (line, *line.get("movements", ())):
                _without_what_cannot_be_said(holder.get("quantities", ()))
        return made

    def _children(self, parent: Node, *, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for node in parent.children:
            if node.tag == "UNS" or self.random.random() > (0.4 if depth else 0.6) / (1 + depth):
                continue
            if node.mode == FLAT:
                made |= self._fields(node)
            elif node.mode == OBJECT:
                made[node.key] = self._fields(node)
            else:
                assert node.mode == LIST
                count = min(node.max, self.random.randrange(1, 4))
                made[node.key] = [
                    self._fields(node) | self._children(node, depth=depth + 1) for _ in range(count)
                ]
        return made

    def _fields(self, node: Node) -> dict[str, Any]:
        fields = {}
        for element in node.spec.elements:
            for component in element:
                if component.required or self.random.random() < 0.3:
                    fields[component.name] = self._value(component)
        if node.tag == "DTM":
            fields |= self.random.choice(
                [
                    {"value": "2026-03-02", "format": "102"},
                    {"value": "2026-03-02T14:05", "format": "203"},
                    {"value": "0001-01-31T00:00:59", "format": "204"},
                    {"value": "202610", "format": "616"},
                ]
            )
        return fields or {node.spec.names[0]: self._value(node.spec.elements[0][0])}

    def _value(self, component: Component) -> str:
        holds = component.holds
        if holds.codes:
            return self.random.choice(sorted(holds.codes))
        if holds.type in ("n", "r"):
            digits = str(self.random.randrange(10 ** min(holds.longest, 12)))
            if holds.longest > 4 and len(digits) > 2 and digits[-1] != "0":
                digits = f"{digits[:-2]}.{digits[-2:]}"
            negative = holds.type == "n" and digits != "0" and self.random.random() < 0.5
            return "-" + digits if negative else digits
        return self.random.choice(TEXTS)[: holds.longest].rstrip() or "Z"


@pytest.mark.parametrize("message", sorted(LAYOUTS))
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), delimiters=st.sampled_from(DELIMITERS))
def test_every_document_comes_back_as_it_was_written(
    message: str, seed: int, delimiters: Delimiters
) -> None:
    root = grammar(message)
    assert root is not None
    document = Documents(seed).of(root)
    if message == "CONTRL":
        document = {"interchange": "1", "action": "7", **document}
        del document["document_type"]
    if message == "INVOIC":
        document.setdefault("amounts", [{"qualifier": "77", "amount": "1"}])
    document.setdefault("counts", [{"qualifier": "16", "value": "1"}])
    if message == "CONTRL":
        del document["counts"]
    profile = Profile(
        sender_id="A", receiver_id="B", delimiters=delimiters, version="D:01B:UN", versions={}
    )
    written = build_interchange(
        profile, [OutboundMessage(message, "1", document)], interchange_control="1", now=NOW
    )
    assert written.issues == []
    reading = read(written.data)
    assert [i for i in reading.issues if i.severity not in ("info", "warn")] == []
    assert reading.sets()[0][2].document == document
