"""What a customer asks after by a number: first what bears it, then what begins so.

The database looks into arrays only after the row limit, without the index. So the ids of what bears a
number are found beyond the limit, of this customer alone, and whatever is shown of them is read under it.
"""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from integrations.canonical.keys import squeezed
from integrations.models import Record
from integrations.models.record import ASKED_AFTER
from portal.tenants.rows import beyond_limit

MOST = 30
SHORTEST_BEGINNING = 2
_LAST = chr(0x10FFFF)  # sorts behind every text that goes on
_NAMED = """
    WITH named AS MATERIALIZED (
        SELECT id FROM integrations_record
        WHERE object_type IN ('order', 'shipment', 'return', 'invoice', 'product', 'inventory')
            AND handles @> ARRAY[%s] AND customer_id = %s LIMIT 500)
    SELECT id FROM named ORDER BY id DESC LIMIT %s
"""


def find(customer_id: int, text: str) -> list[Record]:
    """What bears this number, whatever its case, blanks and dashes, the newest first; when nothing does,
    what begins so. At most MOST. Bodies are left out of it."""
    wanted = squeezed(text)
    if not wanted:
        return []
    named = _bearing(customer_id, wanted)
    if named or len(wanted) < SHORTEST_BEGINNING:
        return named
    return _beginning(customer_id, wanted)


def _bearing(customer_id: int, wanted: str) -> list[Record]:
    ids = _ids(customer_id, wanted)
    return list(_light().filter(pk__in=ids, customer_id=customer_id).order_by("-pk")) if ids else []


def _ids(customer_id: int, wanted: str) -> list[UUID]:
    with beyond_limit(), connection.cursor() as cursor:
        cursor.execute(_NAMED, [wanted, customer_id, MOST])
        return [row[0] for row in cursor.fetchall()]


def _beginning(customer_id: int, wanted: str) -> list[Record]:
    begun = _light().filter(
        ASKED_AFTER, customer_id=customer_id, handle__gte=wanted, handle__lt=wanted + _LAST
    )
    return list(begun.order_by("handle", "pk")[:MOST])


def _light() -> QuerySet[Record]:
    return Record.objects.only(
        "object_type", "number", "state", "party", "amount", "currency", "happened_at", "created_at",
        "handle", "order_id", "business_key",
    )  # fmt: skip
