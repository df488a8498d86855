"""Answers to our files: 997, 999 and TA1. Pure."""

from typing import Any

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.formats.x12 import Interchange, read_answer
from integrations.formats.x12.answers import TA1_NOTES


def native_acknowledgement(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    """{group_control, functional_id, code, sets: [{type, control, code, errors: [text], marks}]}, a mark
    being [place, value, text]."""
    answer = read_answer(document)
    if not answer.control or not answer.code:
        text = "The acknowledgement does not say which group it answers, or how."
        problems.append(Problem("missing_field", "group.control", answer.control, text))
        return []
    return [
        {
            "group_control": answer.control.lstrip("0"),
            "functional_id": answer.functional_id,
            "code": answer.code,
            "errors": list(answer.texts),
            "sets": [
                {
                    "type": s.type,
                    "control": s.control,
                    "code": s.code,
                    "errors": list(s.texts),
                    "marks": [list(mark) for mark in s.marks],
                }
                for s in answer.sets
            ],
        }
    ]


def ta1_problems(interchange: Interchange) -> list[Problem]:
    """A problem for every interchange of ours that was refused as a whole (TA1-04 R)."""
    return [
        Problem("ack_rejected", "TA1", ta1.get("control", ""), _refusal(ta1))
        for ta1 in interchange.acknowledgements
        if ta1.get("code") == "R"
    ]


def _refusal(ta1: dict[str, Any]) -> str:
    note = ta1.get("note", "")
    why = TA1_NOTES.get(note, f"note {note}")
    return f"The partner refused our interchange {ta1.get('control', '')}: {why}."
