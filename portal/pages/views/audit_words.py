"""Entries of the audit trail as pages and files say them."""

from typing import Any, Final

from auditlog.models import LogEntry

from integrations.views import spoken
from portal.audit.queries.entries import Entry
from portal.pages.views import audit_changes, audit_names
from portal.pages.views.audit_names import Names

ACTIONS: Final = {
    LogEntry.Action.CREATE: "made",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "deleted",
    LogEntry.Action.ACCESS: "looked at",
}
_SHOWN: Final = 3


def kind(model: type[Any] | None, name: str) -> str:
    """What a kind of object is called."""
    return (str(model._meta.verbose_name) if model else name).capitalize()


def rows(found: list[Entry], customers: dict[int, str]) -> list[dict[str, Any]]:
    """The lines of the list."""
    names = audit_names.of_entries([one.row for one in found], customers)
    return [_row(one, customers, names) for one in found]


def _row(one: Entry, customers: dict[int, str], names: Names) -> dict[str, Any]:
    changes = audit_changes.told(one.row, names)
    mark = one.mark
    return {
        "at": spoken.moment(one.row.timestamp, seconds=True),
        "who": who(one),
        "as_whom": mark.as_whom if mark else "",
        "why": mark.why if mark else "",
        "address": one.row.remote_addr or "",
        "customer": customers.get(mark.customer or 0, "") if mark else "",
        "what": f"{_kind(one.row)} {ACTIONS.get(one.row.action, '')}",
        "object": audit_changes.cut(names.of_object(one.row.object_repr)),
        "changes": changes[:_SHOWN],
        "more": changes[_SHOWN:],
        "number": one.row.pk,
        "unsealed": mark is None,
    }


def who(one: Entry) -> str:
    return (one.mark.by if one.mark else one.row.actor_email) or "by itself"


def _kind(entry: LogEntry) -> str:
    found = entry.content_type
    return kind(found.model_class(), found.model) if found else "Something"


COLUMNS: Final = (
    "entry", "at", "who", "email", "as_whom", "why", "address", "action", "kind", "object_id", "object",
    "customer", "changes", "row", "seal",
)  # fmt: skip


def cells(one: Entry, names: dict[int, str]) -> list[str]:
    """One line of a file; `changes` has all of them, whole."""
    entry, mark = one.row, one.mark
    changes = "; ".join(
        f"{change.field}: {change.before} → {change.after}"
        for change in audit_changes.changes_of(entry)
    )
    return [
        str(entry.pk), entry.timestamp.isoformat(), who(one), entry.actor_email or "",
        mark.as_whom if mark else "", mark.why if mark else "", entry.remote_addr or "",
        ACTIONS.get(entry.action, ""), _kind(entry), entry.object_pk, entry.object_repr,
        names.get(mark.customer or 0, "") if mark else "", changes,
        str(mark.number or "") if mark else "", mark.digest if mark else "",
    ]  # fmt: skip
