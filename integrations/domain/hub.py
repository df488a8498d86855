"""The hub: one record per business key, its versions, and its milestones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final, NamedTuple
from uuid import UUID

from integrations.canonical import keys
from integrations.canonical.states import INITIAL, leads_to
from portal.core import events
from portal.core.cursors import binary_cursor
from portal.core.ids import uuid7

# What stands where its source says it does. Orders and shipments are moved by what happens to them.
_FOLLOWS_SOURCE: Final = frozenset({"invoice", "return"})


class Verdict(Enum):
    """What a body meant to its record."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"


class Offer(NamedTuple):
    """A valid canonical body with where it came from."""

    message_id: UUID | None
    endpoint_id: int
    object_type: str
    key: str
    body: dict[str, Any]
    text: str  # the body as JSON
    content_hash: bytes
    remote_id: str | None = None  # what its source calls it


@dataclass
class Held:
    """A record as the hub holds it, without its body."""

    id: UUID
    version: int
    state: str
    content_hash: bytes
    source_id: int | None
    source_updated_at: datetime | None
    order_id: UUID | None
    was_taken_back: bool = False  # what it said before this offer does not stand


class Change(NamedTuple):
    """An offer and what became of it. `record` is the record after it."""

    offer: Offer
    record: Held
    verdict: Verdict

    @property
    def is_news(self) -> bool:
        return self.verdict in (Verdict.CREATED, Verdict.CHANGED)


class Milestone(NamedTuple):
    """A step of a record in the business. `to_state` empty: a note that changes no state."""

    record_id: UUID
    to_state: str
    cause: str
    message_id: UUID | None = None
    from_state: str = ""


class RecordsChanged(NamedTuple):
    """These changes were news: records are new, or say something else. Their orders are linked later."""

    customer_id: int
    changes: list[Change]


class RecordsMoved(NamedTuple):
    """These records reached another state in the business."""

    customer_id: int
    milestones: list[Milestone]


def apply(customer_id: int, offers: Sequence[Offer]) -> list[Change]:
    """Offer bodies to the hub, in order. A key offered twice is applied one after the other."""
    changes: list[Change] = []
    rest = list(offers)
    while rest:
        seen: set[tuple[str, str]] = set()
        now: list[Offer] = []
        later: list[Offer] = []
        for offer in rest:
            key = (offer.object_type, offer.key)
            (later if key in seen else now).append(offer)
            seen.add(key)
        changes += _apply_distinct(customer_id, now)
        rest = later
    _tell(customer_id, changes)
    return changes


def _tell(customer_id: int, changes: Sequence[Change]) -> None:
    news = [change for change in changes if change.is_news]
    if news:
        events.publish(RecordsChanged(customer_id, news))


def _apply_distinct(customer_id: int, offers: list[Offer]) -> list[Change]:
    known = _read(customer_id, offers)
    changes = [_judge(offer, known.get((offer.object_type, offer.key))) for offer in offers]
    _insert(customer_id, [c for c in changes if c.verdict is Verdict.CREATED])
    _update([c for c in changes if c.verdict is Verdict.CHANGED])
    return changes


def _read(customer_id: int, offers: list[Offer]) -> dict[tuple[str, str], Held]:
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT r.object_type, r.business_key, r.id, r.version, r.state, r.content_hash, r.source_id,
                   r.source_updated_at, r.order_id
            FROM unnest(%b::text[], %b::text[]) AS k(object_type, business_key)
            JOIN integrations_record r ON r.customer_id = %s AND r.object_type = k.object_type
                AND r.business_key = k.business_key
            ORDER BY r.id FOR UPDATE OF r
            """,
            [[o.object_type for o in offers], [o.key for o in offers], customer_id],
        )
        return {(row[0], row[1]): _held(row[2:]) for row in cursor.fetchall()}


def _held(row: tuple[Any, ...]) -> Held:
    record_id, version, state, content_hash, *rest = row
    held = Held(record_id, version, state, bytes(content_hash), *rest)
    held.was_taken_back = not held.content_hash
    return held


def _judge(offer: Offer, held: Held | None) -> Change:
    updated_at = source_time(offer.object_type, offer.body)
    if held is None:
        state = first_state(offer)
        new = Held(uuid7(), 1, state, offer.content_hash, offer.endpoint_id, updated_at, None)
        return Change(offer, new, Verdict.CREATED)
    if held.content_hash == offer.content_hash:
        return Change(offer, held, Verdict.UNCHANGED)
    if updated_at and held.source_updated_at and updated_at < held.source_updated_at:
        return Change(offer, held, Verdict.STALE)
    return _changed(offer, held)


def _changed(offer: Offer, held: Held) -> Change:
    held.state = _state_after(offer, held)
    held.version += 1
    held.content_hash = offer.content_hash
    updated_at = source_time(offer.object_type, offer.body)
    held.source_updated_at = updated_at or held.source_updated_at
    return Change(offer, held, Verdict.CHANGED)


def _state_after(offer: Offer, held: Held) -> str:
    """Forward to what the source says and never back: a payment or receipt that others told of stands, until
    the source has heard of it too."""
    if offer.object_type not in _FOLLOWS_SOURCE:
        return held.state
    target, current = first_state(offer), held.state or INITIAL[offer.object_type]
    is_ahead = held.was_taken_back or leads_to(offer.object_type, current, target)
    return target if is_ahead else held.state


def put_back(customer_id: int, offer: Offer) -> Change:
    """Make `offer` the newest version of a record there is, although its source has said newer things."""
    known = _read(customer_id, [offer])
    held = known[offer.object_type, offer.key]
    moved_by_source = offer.object_type in _FOLLOWS_SOURCE and held.state == _status_of(held.id)
    change = _changed(offer, held)
    if moved_by_source:
        held.state = first_state(offer)
    _update([change])
    _tell(customer_id, [change])
    return change


def _status_of(record_id: UUID) -> str:
    """What its newest version says of where it stands."""
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(body->>'status', '') FROM integrations_record WHERE id = %s",
            [record_id],
        )
        return str(cursor.fetchone()[0])


def first_state(offer: Offer) -> str:
    """The state a new record starts in. An order that may go on is released at once."""
    status = str(offer.body.get("status", ""))
    if offer.object_type == "order":
        return {"open": "released"}.get(status, status)
    if offer.object_type == "shipment":
        return "cancelled" if status == "cancelled" else "shipped"
    return status


def source_time(object_type: str, body: dict[str, Any]) -> datetime | None:
    """When the source says this content is from."""
    text = body.get("as_of") if object_type == "inventory" else body.get("source_updated_at")
    return moment(text)


def moment(text: Any) -> datetime | None:
    """A body's date or time as an aware datetime; None when it has none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if isinstance(parsed, date) and not isinstance(parsed, datetime):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _columns(changes: list[Change]) -> list[Any]:
    """The shared columns of an insert or an update."""
    rows = []
    for change in changes:
        offer, record = change.offer, change.record
        line = keys.summary(offer.object_type, offer.body)
        handles = keys.handles(offer.object_type, offer.body)
        rows.append(
            (record.id, record.version, record.state, record.content_hash,
             record.source_id, record.source_updated_at, record.order_id, line.number[:80],
             line.party[:120], _amount(line.amount), line.currency, moment(line.at),
             "\n".join(keys.numbers(offer.object_type, offer.body)),
             handles[0][:80] if handles else "", "\n".join(handles),
             offer.object_type, offer.key)
        )  # fmt: skip
    # The bodies go as one JSON document: quoting each for an array costs ten times as much.
    bodies = f"[{','.join(change.offer.text for change in changes)}]"
    return [*(list(column) for column in zip(*rows, strict=True)), bodies]


_ROWS = """ROWS FROM (
        unnest(%b::uuid[], %b::int[], %b::text[], %b::bytea[], %b::bigint[], %b::timestamptz[],
            %b::uuid[], %b::text[], %b::text[], %b::numeric[], %b::text[], %b::timestamptz[],
            %b::text[], %b::text[], %b::text[], %b::text[], %b::text[]),
        jsonb_array_elements(%s::jsonb))
    AS n(id, version, state, content_hash, source_id, source_updated_at, order_id, number, party,
         amount, currency, happened_at, numbers, handle, handles, object_type, business_key, body)"""


def _insert(customer_id: int, changes: list[Change]) -> None:
    if not changes:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO integrations_record (id, version, state, body, content_hash, source_id,
                source_updated_at, order_id, number, party, amount, currency, happened_at, numbers,
                handle, handles, object_type, business_key, customer_id)
            SELECT id, version, state, body, content_hash, source_id, source_updated_at, order_id, number,
                party, amount, currency, happened_at, string_to_array(numbers, E'\\n'), handle,
                string_to_array(handles, E'\\n'), object_type, business_key, %s FROM {_ROWS}
            """,
            [customer_id, *_columns(changes)],
        )


def _update(changes: list[Change]) -> None:
    if not changes:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            WITH n AS MATERIALIZED (SELECT * FROM {_ROWS}),
            kept AS (
                INSERT INTO integrations_recordversion (record_id, version, body)
                SELECT r.id, r.version, r.body FROM integrations_record r JOIN n ON n.id = r.id
            )
            UPDATE integrations_record r SET version = n.version, state = n.state, body = n.body,
                content_hash = n.content_hash, source_updated_at = n.source_updated_at,
                number = n.number, party = n.party, amount = n.amount, currency = n.currency,
                happened_at = n.happened_at, numbers = string_to_array(n.numbers, E'\\n'),
                handle = n.handle, handles = string_to_array(n.handles, E'\\n'),
                updated_at = now()
            FROM n WHERE r.id = n.id
            """,
            _columns(changes),
        )


def find_orders(customer_id: int, references: Iterable[list[str]]) -> dict[str, UUID]:
    """Orders by any of their numbers: reference → order id. A number two orders share names neither."""
    wanted = sorted({number for numbers in references for number in numbers})
    if not wanted:
        return {}
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT w.number, array_agg(DISTINCT r.id), array_agg(DISTINCT r.id)
                FILTER (WHERE upper(r.number) = w.number)
            FROM unnest(%b::text[]) AS w(number)
            JOIN integrations_record r ON r.customer_id = %s AND r.object_type = 'order'
                AND r.numbers @> ARRAY[w.number]
            GROUP BY w.number
            """,
            [wanted, customer_id],
        )
        found = {}
        for number, any_match, exact in cursor.fetchall():
            best = exact or any_match
            if len(best) == 1:
                found[number] = best[0]
        return found


def link_to_orders(links: Sequence[tuple[UUID, UUID]]) -> None:
    """Note which order records belong to: (record, order)."""
    if not links:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_record r SET order_id = l.order_id"
            " FROM unnest(%b::uuid[], %b::uuid[]) AS l(id, order_id) WHERE r.id = l.id",
            [list(column) for column in zip(*links, strict=True)],
        )


def mark(customer_id: int, milestones: Sequence[Milestone]) -> None:
    """Write milestones; those with a state move the record there. The caller checked the move."""
    if not milestones:
        return
    columns = [list(column) for column in zip(*milestones, strict=True)]
    with binary_cursor() as cursor:
        cursor.execute(
            """
            WITH m AS MATERIALIZED (SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::uuid[],
                %b::text[]) WITH ORDINALITY
                AS m(record_id, to_state, cause, message_id, from_state, n)
            ), moved AS (
                UPDATE integrations_record r SET state = last.to_state, updated_at = now()
                FROM (SELECT DISTINCT ON (record_id) record_id, to_state FROM m WHERE to_state <> ''
                      ORDER BY record_id, n DESC) AS last
                WHERE r.id = last.record_id AND r.state IS DISTINCT FROM last.to_state
            )
            INSERT INTO integrations_recordevent (record_id, customer_id, from_state, to_state, cause,
                message_id)
            SELECT record_id, %s, from_state, to_state, left(cause, 200), message_id FROM m ORDER BY n
            """,
            [*columns, customer_id],
        )
    moved = [one for one in milestones if one.to_state and one.to_state != one.from_state]
    if moved:
        events.publish(RecordsMoved(customer_id, moved))
