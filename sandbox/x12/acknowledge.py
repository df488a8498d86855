"""The 997 that answers a group, and what a 997 we got says about ours."""

from collections.abc import Sequence
from typing import NamedTuple

from sandbox.x12.check import SegmentFault
from sandbox.x12.read import Group, Segment, TransactionSet
from sandbox.x12.write import clean


class Verdict(NamedTuple):
    """`set_codes` are AK502 codes; a set with any fault is rejected."""

    set: TransactionSet
    faults: Sequence[SegmentFault]
    set_codes: Sequence[str]

    @property
    def accepted(self) -> bool:
        return not self.faults and not self.set_codes


def _set_segments(verdict: Verdict) -> list[Segment]:
    segments: list[Segment] = [["AK2", verdict.set.type, verdict.set.control]]
    for fault in verdict.faults:
        segments.append(["AK3", fault.segment, str(fault.position), "", fault.code])
        for element in fault.elements:
            place = str(element.position)
            segments.append(["AK4", place, element.number, element.code, clean(element.value, 99)])
    if verdict.accepted:
        return [*segments, ["AK5", "A"]]
    codes = sorted({*verdict.set_codes, *(["5"] if verdict.faults else [])})
    return [*segments, ["AK5", "R", *codes[:5]]]


def body(group: Group, verdicts: Sequence[Verdict], *, miscount: int = 0) -> list[Segment]:
    """AK1 to AK9 (without ST and SE); a refused group tells nothing of its sets.

    `miscount` is added to AK902.
    """
    accepted = sum(verdict.accepted for verdict in verdicts)
    if group.faults or not accepted:
        code, accepted = "R", 0
    else:
        code = "A" if accepted == len(verdicts) else "P"
    segments: list[Segment] = [["AK1", group.functional_id, group.control]]
    for verdict in verdicts if not group.faults else ():
        segments += _set_segments(verdict)
    received = len(verdicts)
    counts = [str(received + miscount), str(received), str(accepted)]
    return [*segments, ["AK9", code, *counts, *sorted(set(group.faults))[:5]]]


class Received(NamedTuple):
    functional_id: str
    group_control: str
    code: str
    rejected: list[str]


def understand(acknowledgement: TransactionSet) -> Received:
    """Which of our groups the 997 answers, how, and a line per rejected set."""
    by_name = {segment[0]: segment for segment in acknowledgement.segments}
    rejected: list[str] = []
    current = ""
    details: list[str] = []
    for segment in acknowledgement.segments:
        if segment[0] == "AK2":
            current, details = " ".join(segment[1:3]), []
        elif segment[0] in ("AK3", "AK4"):
            details.append("*".join(segment))
        elif segment[0] == "AK5" and segment[1] not in ("A", "E"):
            rejected.append(f"{current}: {'*'.join(segment)} {' '.join(details)}".strip())
    functional_id, control = by_name["AK1"][1:3]
    return Received(functional_id, control, by_name["AK9"][1], rejected)
