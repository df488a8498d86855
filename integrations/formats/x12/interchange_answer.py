"""Our answer to an interchange as a whole: a TA1. It says nothing of the groups, which a 997 answers."""

from collections.abc import Sequence
from typing import Any

from integrations.formats.x12.interchange import Interchange
from integrations.formats.x12.issues import Issue

Document = dict[str, Any]

ACCEPTED, WITH_ERRORS, REJECTED = "A", "E", "R"
ASKS = "1"
_NO_ERROR = "000"
_ANSWERS = "FA"
# I18 by issue code, the gravest first.
_NOTES = {
    "unterminated_segment": "023", "missing_iea": "023", "interchange_control_mismatch": "001",
    "duplicate_interchange_control": "025", "group_count_mismatch": "021",
    "delimiters_not_distinct": "022", "missing_gs": "024", "segment_outside_set": "024",
    "oversized_segment": "024",
}  # fmt: skip
_HELD = frozenset({"quarantine", "reject"})


def wants_ta1(interchange: Interchange) -> bool:
    """Whether its sender asks for one (ISA14). One of answers alone is never answered."""
    return interchange.header[14].strip() == ASKS and not is_answer(interchange)


def is_answer(interchange: Interchange) -> bool:
    """Whether nothing is in it but acknowledgements."""
    groups = {group.functional_id for group in interchange.groups}
    return groups <= {_ANSWERS} and bool(groups or interchange.acknowledgements)


def acknowledge_interchange(interchange: Interchange, issues: Sequence[Issue]) -> Document:
    """{control, date, time, code, note} of the TA1: refused for what keeps us from applying the envelope,
    accepted with errors for what we bear."""
    mine = [
        issue
        for issue in issues
        if issue.interchange == interchange.index and issue.group is None and issue.set is None
    ]
    named = {issue.code: issue for issue in reversed(mine) if issue.code in _NOTES}
    held = [code for code in _NOTES if code in named and named[code].severity in _HELD]
    borne = [code for code in _NOTES if code in named]
    code = REJECTED if held else WITH_ERRORS if borne else ACCEPTED
    note = next((_NOTES[name] for name in (*held, *borne)), _NO_ERROR)
    return {
        "control": interchange.control.zfill(9),
        "date": interchange.header[9].strip(),
        "time": interchange.header[10].strip(),
        "code": code,
        "note": note,
    }
