"""What an entry of the audit trail changed, in words: before and after, field by field."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from auditlog.models import LogEntry
from django.db.models import BooleanField
from django.utils import timezone

from portal.accounts.roles import PERMISSIONS
from portal.core import manner
from portal.pages.views.audit_labels import label_of, spoken
from portal.pages.views.audit_names import Names, field_of

_LONGEST: Final = 80
_BEFORE_IT: Final = 20  # of what is the same, in front of the first difference
_MOST_NAMED: Final = 5
_NOTHING: Final = ("", "None", "null", "{}", "[]")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)?")


class Change(NamedTuple):
    """One field: what it was and what it is, whole; blank for nothing."""

    field: str
    before: str
    after: str


class Told(NamedTuple):
    """One field as the page says it: a short sentence, and the whole where the sentence leaves some out."""

    field: str
    said: str
    whole: Change | None


def changes_of(entry: LogEntry) -> Iterable[Change]:
    """Before and after, field by field, as they were written."""
    for name, said in _fields(entry):
        words = label_of(field_of(entry, name), name)
        if isinstance(said, dict):
            yield Change(words, "", _related(said))
        else:
            yield Change(words, _text(said[0]), _text(said[1]))


def told(entry: LogEntry, names: Names) -> list[Told]:
    """The same in words; of what is entered under several names, each by its own."""
    found = []
    for name, said in _fields(entry):
        parts = _apart(said)
        if parts is None:
            found.append(_told(entry, name, said, names))
            continue
        for key, *values in parts:
            label = names.of_setting(entry, key) if name == "settings" else ""
            label = label or f"{label_of(field_of(entry, name), name)}, {spoken(key).lower()}"
            found.append(_plain(Change(label, *map(_part, values))))
    return found


def shown_of(entry: LogEntry) -> Iterator[str]:
    """Every value as pages and files say it: whole and in its parts, each as it is and cut."""
    pairs = [(change.before, change.after) for change in changes_of(entry)]
    for _, said in _fields(entry):
        pairs += [(_part(before), _part(after)) for _, before, after in _apart(said) or []]
    for before, after in pairs:
        yield from (before, after, *where_they_differ(before, after))


def _fields(entry: LogEntry) -> Iterable[tuple[str, Any]]:
    made = entry.action == LogEntry.Action.CREATE
    for name, said in sorted((entry.changes or {}).items()):
        if made and (name == "id" or _is_nothing(said)):
            continue
        if isinstance(said, dict) or (isinstance(said, list | tuple) and len(said) == 2):
            yield name, said


def _is_nothing(said: Any) -> bool:
    """What a new object does not have; rows that will point at it are told as `app.Model.None`."""
    after = str(said[-1]) if isinstance(said, list | tuple) and said else ""
    return isinstance(said, list | tuple) and (after in _NOTHING or after.endswith(".None"))


def _related(said: dict[str, Any]) -> str:
    objects = ", ".join(str(one) for one in said.get("objects", []))
    return f"{said.get('operation', '')} {objects}".strip()


def _members(said: dict[str, Any]) -> str:
    word = {"add": "gains", "delete": "loses"}.get(str(said.get("operation")), "now has")
    return f"{word} {', '.join(str(one) for one in said.get('objects', []))}"


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return "" if text in _NOTHING else text


def _told(entry: LogEntry, name: str, said: Any, names: Names) -> Told:
    field = field_of(entry, name)
    label = label_of(field, name)
    if isinstance(said, dict):
        return Told(label, _members(said), None)
    before, after = (_items(one) for one in said)
    updated = entry.action == LogEntry.Action.UPDATE
    if updated and (before is not None or after is not None) and _both(said, before, after):
        return _lists(label, before or [], after or [])
    return _plain(Change(label, *(_value(field, one, names) for one in said)))


def _apart(said: Any) -> list[tuple[str, Any, Any]] | None:
    """Name, before and after of each part that differs; None for what has no parts on one of its sides."""
    if isinstance(said, dict):
        return None
    sides = [_object(one) for one in said]
    if not any(sides) or not all(
        side or not _text(one) for one, side in zip(said, sides, strict=True)
    ):
        return None
    before, after = (side or {} for side in sides)
    names = sorted(before.keys() | after.keys())
    pairs = [(name, before.get(name), after.get(name)) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _object(value: Any) -> dict[str, Any] | None:
    try:
        found = json.loads(str(value))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _part(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    if isinstance(value, list | dict):
        return _text(json.dumps(value, ensure_ascii=False))
    return _text(value)


def _value(field: Any, value: Any, names: Names) -> str:
    text = _text(value)
    if not text:
        return ""
    if found := names.of_value(field, value):
        return found
    if isinstance(field, BooleanField):
        return {"True": "yes", "False": "no"}.get(text, text)
    if isinstance(choices := getattr(field, "flatchoices", None), list):
        text = str({str(key): label for key, label in choices}.get(text, text))
    if (items := _items(value)) is not None:
        return ", ".join(items)
    return _time(text) if _TIME.fullmatch(text) else text


def _time(text: str) -> str:
    """A moment in the reader's zone, to the second. Those without a zone were written in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = timezone.localtime(at if at.tzinfo else at.replace(tzinfo=UTC))
    return f"{manner.day(local.date(), with_year=True)} {manner.time(local, seconds=True)}"


def _items(value: Any) -> list[str] | None:
    """The parts of a list of texts or numbers, rights in words; None for what is no such list."""
    found = _read(value)
    if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
        return None
    return [PERMISSIONS.get(str(one), str(one)) for one in found]


def _read(value: Any) -> Any:
    """A list is kept as JSON or as Python writes it, by the kind of its column."""
    text = str(value)
    if not text.startswith("["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _both(said: Any, before: list[str] | None, after: list[str] | None) -> bool:
    """Whether each side is a list or nothing."""
    return all(
        items is not None or not _text(one)
        for one, items in zip(said, (before, after), strict=True)
    )


def _lists(label: str, before: list[str], after: list[str]) -> Told:
    gains = [one for one in after if one not in before]
    loses = [one for one in before if one not in after]
    parts = [
        f"{word} {_named(some)}" for word, some in (("gains", gains), ("loses", loses)) if some
    ]
    said = "; ".join(parts) or "the same in another order"
    return Told(label, said, Change(label, ", ".join(before), ", ".join(after)))


def _named(some: list[str]) -> str:
    more = len(some) - _MOST_NAMED
    named = [cut(one) for one in (some[:_MOST_NAMED] if more > 1 else some)]
    return f"{', '.join(named)} and {more} more" if more > 1 else ", ".join(named)


def _plain(change: Change) -> Told:
    before, after = where_they_differ(change.before, change.after)
    said = f"{before} → {after or 'nothing'}" if before else after or "nothing"
    whole = change if (before, after) != (change.before, change.after) else None
    return Told(change.field, said, whole)


def where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Both cut to what fits, and so that the first difference is in it."""
    if max(len(before), len(after)) <= _LONGEST:
        return before, after
    pairs = enumerate(zip(before, after, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(same - _BEFORE_IT, 0)
    return _from(before, start), _from(after, start)


def _from(text: str, start: int) -> str:
    return cut(f"…{text[start:]}" if start else text)


def cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
