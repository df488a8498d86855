"""What applications send over the hub's API: orders, stored once for each content.

A caller of the API works under its customer's row limit, and documents are stored beyond it: always at
the endpoint whose key was shown, so that nobody stores anything anywhere else.
"""

import hashlib
import json
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from integrations.canonical.content import content_hash
from integrations.connectors.inbound import Received
from integrations.mapping.decode import loads
from integrations.models import Endpoint, Message, MessageEvent, Record
from integrations.queries import intake
from portal.jobs import lanes
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit

CONNECTOR: Final = "application"
GONE: Final = frozenset({"shipped", "invoiced", "closed"})
_CANCELLED: Final = "cancelled"
_TURNS: Final = ("0" * 8, "f" * 8)


class Application(NamedTuple):
    """An endpoint that calls the hub."""

    endpoint_id: int
    customer_id: int
    slug: str


class Put(NamedTuple):
    """The document that now says what an order is; `is_new`: it came just now."""

    message_id: UUID
    is_new: bool


class Latest(NamedTuple):
    """The newest document of an order, as the application sent it."""

    message: Message
    document: dict[str, Any]

    @property
    def is_cancel(self) -> bool:
        return self.document.get("status") == _CANCELLED


class OrderOverError(Exception):
    """Nothing can be changed about the order any more; the text says why."""


class NoOrderError(LookupError):
    """The application never put an order of this number."""


def find(endpoint_id: int | None, customer_id: int | None) -> Application | None:
    """The application of these ids, if that is what they name."""
    with beyond_limit():
        found = Endpoint.objects.filter(
            pk=endpoint_id or 0, customer_id=customer_id or 0, connector=CONNECTOR
        ).first()
    return Application(found.pk, found.customer_id, found.slug) if found else None


def put(application: Application, number: str, body: bytes) -> Put:
    """Store an order as its application wants it from now on; `body` is JSON of a valid order.

    The same content as before has no effect. Two at once come one after the other. OrderOverError for an
    order that its application cancelled.
    """
    with beyond_limit(), transaction.atomic():
        known = _alone(application, number)
        document = loads(body)
        if known and content_hash(known.document) == content_hash(document):
            return _again(known)
        if known and known.is_cancel:
            raise OrderOverError(f"Order {number} was cancelled. Put it under another number.")
        return _store(application, number, body, after=known)


def cancel(application: Application, number: str) -> Put:
    """Ask that an order is cancelled: what its application wants is stored as its newest version, and takes
    effect as any cancel does (`cancel.settle`).

    NoOrderError for a number it never put, OrderOverError for an order that has left.
    """
    with beyond_limit(), transaction.atomic():
        known = _alone(application, number)
        if known is None:
            raise NoOrderError(number)
        if known.is_cancel:
            return _again(known)
        record = record_of(application, number)
        if record and record.state in GONE:
            raise OrderOverError(
                f"Order {number} has left the warehouse already. Ask for a return."
            )
        wanted = {**known.document, "status": _CANCELLED}
        body = json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode()
        return _store(application, number, body, after=known)


def latest(application: Application, number: str) -> Message | None:
    """The newest document of this number that the application put."""
    mark = _mark(number)
    found = Message.objects.filter(
        endpoint_id=application.endpoint_id, customer_id=application.customer_id,
        dedup_key__gte=mark + _TURNS[0], dedup_key__lte=mark + _TURNS[1],
    )  # fmt: skip
    return found.order_by("-dedup_key").first()


def record_of(application: Application, number: str) -> Record | None:
    """The application's order in the hub, once it is there."""
    return Record.objects.filter(
        customer_id=application.customer_id, object_type="order",
        business_key=f"{application.slug}/{number}", source_id=application.endpoint_id,
    ).first()  # fmt: skip


def _alone(application: Application, number: str) -> Latest | None:
    """The newest document of the order. Nobody else puts one until the transaction ends."""
    with connection.cursor() as cursor:
        name = f"{current_schema()}/{application.endpoint_id}/{number}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [name])
    found = latest(application, number)
    if found is None or found.payload is None:
        return None
    return Latest(found, loads(bytes(found.payload.body)))


def _again(known: Latest) -> Put:
    MessageEvent.objects.create(
        message=known.message, to_state="duplicate", cause="The same document came again"
    )
    return Put(known.message.pk, False)


def _store(application: Application, number: str, body: bytes, *, after: Latest | None) -> Put:
    turn = int((after.message.dedup_key or "0")[-8:], 16) + 1 if after else 0
    document = Received("order", "order", body, f"{_mark(number)}{turn:08x}")
    arrival = intake.Arrival(application.endpoint_id, application.customer_id, document)
    [message_id] = intake.store([arrival])
    lanes.wake("translate", str(application.customer_id))
    return Put(message_id, True)


def _mark(number: str) -> str:
    """What the dedup keys of an order begin with: hex digits only, which sort alike in every collation."""
    return hashlib.sha256(number.encode()).hexdigest()[:32]
