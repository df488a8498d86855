"""What of an entry is sealed: everything that it says."""

from typing import Any

from auditlog.models import LogEntry

from portal.audit.models import Mark


def of_entry(entry: LogEntry, mark: Mark) -> dict[str, Any]:
    """An entry and what stands beside it, as `portal.core.canonical` takes it. Who did it is the mark's:
    an entry forgets the number of a person who is deleted."""
    return {
        "entry": entry.pk,
        "at": entry.timestamp,
        "kind": entry.content_type_id,
        "object": [str(entry.object_pk), str(entry.object_repr)],  # not yet text when it is written
        "action": entry.action,
        "changes": _said(entry.changes),
        "text": entry.changes_text,
        "more": _said(entry.additional_data),
        "whole": _said(entry.serialized_data),
        "email": entry.actor_email,
        "address": entry.remote_addr,
        "by": [mark.actor_id, mark.by, mark.as_whom, mark.why],
        "customer": mark.customer,
    }


def of_mark(mark: Mark) -> list[Any]:
    """What the chain vouches for of one mark; the entry stands in its `mac`."""
    return [mark.entry_id, mark.mac]


def _said(value: Any) -> Any:
    """JSON as the database gives it back: a number with a point has no other form that is always the same."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(key): _said(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_said(item) for item in value]
    return value
