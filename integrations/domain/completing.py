"""What a shipping system tells of a shipment that a warehouse told of: label, carrier and how far it is.

Its word never stands alone. It is laid over what the hub has, so that lines, lots and shortages stay as the
warehouse said; how far the carrier is moves the shipment and is no new version of it, so that systems which
were told of the shipment are not told again with every scan. What the hub has not is somebody else's.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from integrations.canonical.content import content_hash
from integrations.canonical.keys import business_key
from integrations.canonical.states import IllegalTransition, advance
from integrations.domain import hub
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Change, Milestone, Offer
from integrations.domain.translate import Reading
from portal.core.cursors import binary_cursor

_TOLD: Final = ("carrier", "tracking", "labels", "freight")
_STATE: Final = "tracking_state"
Said = Mapping[
    tuple[UUID | None, str], str
]  # message and key of a shipment → how far its carrier is


def complete(config: Configuration, readings: Sequence[Reading]) -> Said:
    """Lay what completing systems say over what the hub has; the rest of their offers is left out."""
    told = [reading for reading in readings if reading.offers and _completes(config, reading)]
    if not told:
        return {}
    offers = [offer for reading in told for offer in reading.offers]
    held = _held(config.customer_id, offers)
    bodies = dict(held.values())
    states: dict[tuple[UUID | None, str], str] = {}
    at = 0
    for reading in told:
        laid = []
        for offer in reading.offers:
            if (known := held.get(at)) is not None:
                over = _over(offer, bodies[known[0]])
                laid.append(over)
                bodies[known[0]] = over.body
                if state := offer.body.get(_STATE):
                    states[over.message_id, over.key] = state
            at += 1
        reading.offers[:] = laid
    return states


def move(customer_id: int, changes: Sequence[Change], said: Said) -> None:
    """Move shipments to where their carriers are with them. What comes late moves nothing."""
    milestones = []
    for change in changes:
        record, offer = change.record, change.offer
        target = said.get((offer.message_id, offer.key))
        if target is None:
            continue
        reached = advance("shipment", record.state, target)
        if isinstance(reached, IllegalTransition) or reached == record.state:
            continue
        cause = f"the carrier says {target.replace('_', ' ')}"
        milestones.append(Milestone(record.id, reached, cause, offer.message_id, record.state))
        record.state = reached
    hub.mark(customer_id, milestones)


def _completes(config: Configuration, reading: Reading) -> bool:
    endpoint = config.endpoints.get(reading.offers[0].endpoint_id)
    return endpoint is not None and reading.object_type in endpoint.connector.manifest.completes


def _over(offer: Offer, held: dict[str, Any]) -> Offer:
    body = held | {name: offer.body[name] for name in _TOLD if name in offer.body}
    return offer._replace(
        key=business_key(offer.object_type, body),
        body=body,
        text=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        content_hash=content_hash(body),
    )


def _held(customer_id: int, offers: Sequence[Offer]) -> dict[int, tuple[UUID, dict[str, Any]]]:
    """By the offer's place: the record that its source calls so, else the one with its key."""
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT k.n, r.id, r.body::text
            FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[]) WITH ORDINALITY
                AS k(endpoint_id, object_type, remote_id, business_key, n)
            LEFT JOIN integrations_binding b ON b.endpoint_id = k.endpoint_id
                AND b.object_type = k.object_type AND b.remote_id = k.remote_id
            JOIN integrations_record r ON r.customer_id = %s AND r.id = coalesce(b.record_id, (
                SELECT o.id FROM integrations_record o WHERE o.customer_id = %s
                AND o.object_type = k.object_type AND o.business_key = k.business_key))
            ORDER BY r.id FOR UPDATE OF r
            """,
            [
                [o.endpoint_id for o in offers],
                [o.object_type for o in offers],
                [(o.remote_id or "")[:120] for o in offers],
                [o.key for o in offers],
                customer_id,
                customer_id,
            ],
        )
        return {row[0] - 1: (row[1], json.loads(row[2])) for row in cursor.fetchall()}
