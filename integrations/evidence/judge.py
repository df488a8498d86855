"""One difference, one verdict."""

from collections.abc import Callable
from typing import Any, Final

from integrations.canonical.identifiers import gtin14
from integrations.evidence.changes import FieldChange
from integrations.evidence.dates import judge_date, moment_of
from integrations.evidence.entries import judge_added_entry, judge_lost_entry
from integrations.evidence.numbers import judge_number, judge_unit, number_of
from integrations.evidence.roles import NUMERIC, Role, role_of
from integrations.evidence.texts import is_cut, judge_damage, plain
from integrations.evidence.verdict import Verdict, alarm, note

_EMPTY: Final = frozenset({"", "0", "-", "n/a", "none", "null", "unknown", "false"})
_SAYS_LITTLE: Final = frozenset({"description", "descr", "desc", "title"})
_BAR_CODES: Final = (8, 12, 13, 14)


def judge(change: FieldChange) -> Verdict:
    """What one difference means by itself; what many mean together is for `population`."""
    return _BY_KIND[change.kind](change)


def is_empty(value: Any) -> bool:
    """Nothing, or one of the ways in which systems write nothing."""
    if isinstance(value, list | dict):
        return not value
    if number_of(value) == 0:
        return True
    return value is None or str(value).strip().lower() in _EMPTY


def _judge_removed(change: FieldChange) -> Verdict:
    if is_empty(change.before):
        return note("empty_dropped")
    role, around = role_of(change.path), change.around_after
    if role is Role.PROSE and _name(change) in _SAYS_LITTLE:
        return note("text_changed")
    siblings = list(around.values()) if isinstance(around, dict) else []
    if role in (Role.NAME, Role.WORD, Role.PROSE) and change.before in siblings:
        return note("moved")
    return alarm("field_lost")


def _judge_changed(change: FieldChange) -> Verdict:
    if type(change.before) is str and is_empty(change.before):
        if role_of(change.path) not in NUMERIC:
            return note("filled")
    elif type(change.after) is str and is_empty(change.after) and number_of(change.after) is None:
        return _judge_removed(change)
    if isinstance(change.before, bool) or isinstance(change.after, bool):
        same = str(change.before).lower() == str(change.after).lower()
        return note("format") if same else alarm("flag_flipped")
    if isinstance(change.before, dict | list) or isinstance(change.after, dict | list):
        return alarm("shape_changed")
    return _judge_scalar(change, role_of(change.path))


def _judge_scalar(change: FieldChange, role: Role) -> Verdict:
    before, after = _group(change.around_before), _group(change.around_after)
    old, new = number_of(change.before), number_of(change.after)
    counted = role is Role.WORD and "." in f"{change.before}{change.after}"
    typed = not isinstance(change.before, str) and role is not Role.ID
    if old is not None and new is not None and (role in NUMERIC or counted or typed):
        return judge_number(role, old, new, before=before, after=after)
    if role in NUMERIC and old is not None:
        return alarm("shape_changed")
    one, other = str(change.before), str(change.after)
    then, now = moment_of(one), moment_of(other)
    if then and now and role is not Role.ID:
        return judge_date(then, now, before=one, after=other)
    if role is Role.UNIT:
        return judge_unit(before, after, one, other)
    return judge_damage(one, other) or _TEXTS.get(role, _judge_word)(one, other)


def _judge_id(old: str, new: str) -> Verdict:
    if (
        len(old) in _BAR_CODES
        and len(new) in _BAR_CODES
        and gtin14(old)
        and gtin14(old) == gtin14(new)
    ):
        return note("format")
    if old.casefold() == new.casefold():
        return alarm("case_changed")
    one, other = plain(old), plain(new)
    if one and other and (one in other or other in one):
        return alarm("id_reformatted")
    return alarm("id_changed")


def _judge_place(old: str, new: str) -> Verdict:
    one, other = plain(old), plain(new)
    if one == other:
        return note("format")
    if is_cut(old, new):
        return alarm("truncated")
    words, more = old.casefold().split(), new.casefold().replace(",", " ").split()
    if words and set(words) <= set(more):
        return note("text_changed")
    return alarm("place_changed")


def _judge_enum(old: str, new: str) -> Verdict:
    return note("format") if plain(old) == plain(new) else alarm("meaning_changed")


def _judge_currency(old: str, new: str) -> Verdict:
    return note("format") if plain(old) == plain(new) else alarm("currency_changed")


def _judge_code(old: str, new: str) -> Verdict:
    return note("recoded")


def _judge_word(old: str, new: str) -> Verdict:
    return note("format" if plain(old) == plain(new) else "recoded")


def _judge_text(old: str, new: str) -> Verdict:
    return note("format" if plain(old) == plain(new) else "text_changed")


_TEXTS: Final[dict[Role, Callable[[str, str], Verdict]]] = {
    Role.ID: _judge_id,
    Role.PLACE: _judge_place,
    Role.ENUM: _judge_enum,
    Role.CURRENCY: _judge_currency,
    Role.CODE: _judge_code,
    Role.NAME: _judge_text,
    Role.PROSE: _judge_text,
}


def _judge_filled(change: FieldChange) -> Verdict:
    return note("filled")


def _judge_order(change: FieldChange) -> Verdict:
    return note("reordered")


_BY_KIND: Final[dict[str, Callable[[FieldChange], Verdict]]] = {
    "added": _judge_filled,
    "removed": _judge_removed,
    "changed": _judge_changed,
    "entry_lost": judge_lost_entry,
    "entry_added": judge_added_entry,
    "reordered": _judge_order,
}


def _group(around: Any) -> dict[str, Any]:
    return around if isinstance(around, dict) else {}


def _name(change: FieldChange) -> str:
    return change.path.rpartition(".")[2].removesuffix("[]")
