"""Documents that come too late: a later one of the same object took effect while they were held.

A held document is released at the moment in which a later one is being worked on: the later one finds it
no longer held, and it would then undo what the later one said. Identifiers are in the order of arrival.
"""

from collections.abc import Sequence

from integrations.domain.translate import Reading
from portal.core.cursors import binary_cursor

CAUSE = "A later document of the same object came"


def drop(customer_id: int, readings: Sequence[Reading]) -> None:
    """Take away what these documents offer where a later one of their sender said it already, unless
    their source says that theirs is newer. Only documents that were worked on before can be late."""
    late = [r for r in readings if r.message.again and r.offers]
    offers = [(o.message_id, o.object_type, o.key, r.source_at) for r in late for o in r.offers]
    if not offers:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT o.message_id, o.key
            FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[])
                AS o(message_id, object_type, key, source_at)
            JOIN integrations_message own ON own.id = o.message_id
            JOIN integrations_record r ON r.customer_id = %s AND r.object_type = o.object_type
                AND r.business_key = o.key
            JOIN integrations_message later ON later.record_id = r.id AND later.direction = 'in'
                AND later.endpoint_id = own.endpoint_id AND later.id > own.id
                AND later.state IN ('applied', 'unchanged')
            WHERE NOT coalesce(o.source_at > later.source_at, false)
            """,
            [*[list(column) for column in zip(*offers, strict=True)], customer_id],
        )
        outdone = set(cursor.fetchall())
    for reading in late:
        kept = [o for o in reading.offers if (o.message_id, o.key) not in outdone]
        reading.outdone = len(kept) < len(reading.offers)
        reading.offers[:] = kept
