"""What a message carried: the bytes received or sent, and what the hub made of them."""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.models import (
    Message,
    MessageEvent,
    Payload,
    Record,
    RecordVersion,
    RemovedPayload,
)
from portal.tenants.rows import beyond_limit


class Document(NamedTuple):
    body: bytes
    content_type: str
    sha256: str


def payload_of(message: Message, *, sha256: str = "") -> Document | None:
    """The bytes of a message that was found under the asker's limit: those it has now, or earlier ones
    of its history by their digest."""
    digest = _digest(message, sha256) if sha256 else message.payload_id
    if not digest:
        return None
    with beyond_limit():  # bytes name nobody; that the message may be seen is known by now
        found = Payload.objects.filter(sha256=digest).first()
    if found is None:
        return None
    return Document(bytes(found.body), found.content_type, bytes(found.sha256).hex())


def why_gone(message: Message) -> tuple[str, datetime] | None:
    """Why the bytes of a message are gone, and since when; None where that was on no purpose."""
    with beyond_limit():
        gone = RemovedPayload.objects.filter(sha256=message.payload_id).first()
    return (gone.get_why_display(), gone.removed_at) if gone else None


def _digest(message: Message, sha256: str) -> bytes | None:
    """The digest if it is one of this message's own; nothing can be asked for by digest alone."""
    wanted = bytes.fromhex(sha256)
    if message.payload_id is not None and bytes(message.payload_id) == wanted:
        return wanted
    is_own = MessageEvent.objects.filter(message=message, payload_id=wanted).exists()
    return wanted if is_own else None


def record_of(message: Message) -> tuple[Record, int, Document] | None:
    """The canonical object as it stood at the message's version."""
    record = Record.objects.filter(pk=message.record_id).first() if message.record_id else None
    if record is None:
        return None
    version = message.record_version or record.version
    return record, version, Document(body_at(record, version), "application/json", "")


def body_at(record: Record, version: int) -> bytes:
    """What the record said in `version`, as JSON."""
    body = record.body
    if version != record.version:
        kept = RecordVersion.objects.filter(record=record, version=version).first()
        body = kept.body if kept else body
    return json.dumps(in_order(record.object_type, body), ensure_ascii=False).encode()


def in_order(object_type: str, body: Any) -> Any:
    """The body with its fields in the order of its schema: the database keeps them in none."""
    if object_type not in OBJECT_TYPES:
        return body
    return _ordered(schema_of(object_type), body)


def _ordered(schema: dict[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(schema.get("items") or {}, item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = schema.get("properties") or {}
    known = {name: _ordered(fields[name], value[name]) for name in fields if name in value}
    return known | {name: value[name] for name in value if name not in known}


def message(pk: UUID) -> Message | None:
    """One message with what pages say of it."""
    return Message.objects.select_related("endpoint", "customer").filter(pk=pk).first()
