"""Entries of lists that came or went."""

from typing import Any, Final

from integrations.evidence.changes import FieldChange
from integrations.evidence.numbers import number_of
from integrations.evidence.verdict import Verdict, alarm, note

# An entry with one of these speaks of goods: one more of them is more goods.
_GOODS: Final = frozenset({"quantity", "qty", "shipped", "ordered", "received", "delta"})
# What tells two entries of the same thing apart and means nothing by itself.
_PLACES: Final = frozenset({"line_no", "number", "id"})


def judge_lost_entry(change: FieldChange) -> Verdict:
    """An entry without goods in it, or whose text another one holds now, is no loss."""
    entry = change.before
    if isinstance(entry, dict):
        counted = [number_of(entry[name]) for name in _GOODS & entry.keys()]
        nothing = bool(counted) and not any(counted)
        return note("empty_dropped") if nothing or not entry else alarm("entries_lost")
    if not str(entry).strip():
        return note("empty_dropped")
    held = any(str(entry).strip() in str(other) for other in change.around_after)
    return note("moved") if held else alarm("entries_lost")


def judge_added_entry(change: FieldChange) -> Verdict:
    """An entry that says what another one says already stands twice."""
    entry, others = change.after, change.around_after
    if (
        sum(_content(entry) == _content(other) for other in others)
        > sum(_content(entry) == _content(other) for other in change.around_before)
        and sum(_content(entry) == _content(other) for other in others) > 1
    ):
        return alarm("entries_doubled")
    goods = isinstance(entry, dict) and bool(_GOODS & entry.keys())
    return alarm("entries_added") if goods and change.around_before else note("filled")


def _content(entry: Any) -> str:
    if not isinstance(entry, dict):
        return repr(entry)
    return repr(sorted((n, repr(v)) for n, v in entry.items() if n not in _PLACES))
