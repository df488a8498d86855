"""The checks of a seal, in the words of whoever reads them."""

from collections.abc import Sequence
from typing import Any

from monitoring.domain.statement_check import Check
from monitoring.models import Statement

_WORDS = {
    "content": (
        "The figures are the ones that were sealed",
        "Every letter of the statement went into one number, its SHA-256, and that number was signed.",
    ),
    "chain": (
        "The months stand in an unbroken row",
        "Each statement names the one before it, so none can be taken out, changed or put in between.",
    ),
    "evidence": (
        "The records behind the figures are as they were",
        "Each record was sealed with the statement. One that is changed, removed or added is named here.",
    ),
    "figures": (
        "The figures follow from those records",
        "Everything was counted again from the sealed records, and gave the same statement.",
    ),
    "adjustments": (
        "Corrections stand beside the figures, signed",
        "One person wrote each of them and another approved it. What was sealed stayed as it was.",
    ),
}


def shown(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """[{title, text, what, shape, word, flaws}]"""
    return [
        {
            "title": _WORDS[check.name][0],
            "text": _WORDS[check.name][1],
            "what": check.what,
            "shape": "good" if check.passed else "bad",
            "word": "passed" if check.passed else "failed",
            "flaws": list(check.flaws),
        }
        for check in checks
    ]


def headline(statement: Statement, checks: Sequence[Check]) -> str:
    if all(check.passed for check in checks):
        return f"The seal of {statement.name} is intact"
    return f"The seal of {statement.name} is broken"
