"""Entries of the audit trail as pages and files say them."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from auditlog.models import LogEntry

from integrations.views import spoken
from portal.audit.queries.entries import Entry

ACTIONS: Final = {
    LogEntry.Action.CREATE: "made",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "deleted",
    LogEntry.Action.ACCESS: "looked at",
}
_SHOWN: Final = 3
_LONGEST: Final = 80
_NOTHING: Final = ("", "None", "{}", "[]")


class Change(NamedTuple):
    """One field: what it was and what it is; blank for nothing."""

    field: str
    before: str
    after: str


def kind(model: type[Any] | None, name: str) -> str:
    """What a kind of object is called."""
    return (str(model._meta.verbose_name) if model else name).capitalize()


def row(one: Entry, names: dict[int, str]) -> dict[str, Any]:
    """One line of the list."""
    changes = list(changes_of(one.row))
    mark = one.mark
    return {
        "at": spoken.moment(one.row.timestamp, seconds=True),
        "who": who(one),
        "as_whom": mark.as_whom if mark else "",
        "why": mark.why if mark else "",
        "address": one.row.remote_addr or "",
        "customer": names.get(mark.customer or 0, "") if mark else "",
        "what": f"{_kind(one.row)} {ACTIONS.get(one.row.action, '')}",
        "object": cut(one.row.object_repr),
        "changes": [_short(change) for change in changes[:_SHOWN]],
        "more": [_short(change) for change in changes[_SHOWN:]],
        "number": one.row.pk,
        "unsealed": mark is None,
    }


def who(one: Entry) -> str:
    return (one.mark.by if one.mark else one.row.actor_email) or "by itself"


def _kind(entry: LogEntry) -> str:
    found = entry.content_type
    return kind(found.model_class(), found.model) if found else "Something"


def changes_of(entry: LogEntry) -> Iterable[Change]:
    """Before and after, field by field."""
    made = entry.action == LogEntry.Action.CREATE
    for field, said in sorted((entry.changes or {}).items()):
        if made and (field == "id" or _is_nothing(said)):
            continue
        name = field.replace("_", " ")
        if isinstance(said, dict):
            objects = ", ".join(str(one) for one in said.get("objects", []))
            yield Change(name, "", f"{said.get('operation', '')} {objects}".strip())
        elif isinstance(said, list | tuple) and len(said) == 2:
            yield Change(name, _text(said[0]), _text(said[1]))


def _is_nothing(said: Any) -> bool:
    """What a new object does not have; rows that will point at it are told as `app.Model.None`."""
    after = str(said[-1]) if isinstance(said, list | tuple) and said else ""
    return isinstance(said, list | tuple) and (after in _NOTHING or after.endswith(".None"))


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return "" if text in _NOTHING else text


def _short(change: Change) -> Change:
    return Change(change.field, cut(change.before), cut(change.after))


def cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


COLUMNS: Final = (
    "entry", "at", "who", "email", "as_whom", "why", "address", "action", "kind", "object_id", "object",
    "customer", "changes", "row", "seal",
)  # fmt: skip


def cells(one: Entry, names: dict[int, str]) -> list[str]:
    """One line of a file; `changes` has all of them, whole."""
    entry, mark = one.row, one.mark
    changes = "; ".join(
        f"{change.field}: {change.before} → {change.after}" for change in changes_of(entry)
    )
    return [
        str(entry.pk), entry.timestamp.isoformat(), who(one), entry.actor_email or "",
        mark.as_whom if mark else "", mark.why if mark else "", entry.remote_addr or "",
        ACTIONS.get(entry.action, ""), _kind(entry), entry.object_pk, entry.object_repr,
        names.get(mark.customer or 0, "") if mark else "", changes,
        str(mark.number or "") if mark else "", mark.digest if mark else "",
    ]  # fmt: skip
