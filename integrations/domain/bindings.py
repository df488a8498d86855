"""What systems call our records."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from portal.core.cursors import binary_cursor


class Bound(NamedTuple):
    """A record and an endpoint's own id for it."""

    endpoint_id: int
    record_id: UUID
    object_type: str
    remote_id: str


def bind(found: Iterable[Bound]) -> None:
    """Remember the ids; one that is known already stays as it is."""
    rows = sorted({b._replace(remote_id=b.remote_id[:120]) for b in found})
    if not rows:
        return
    with binary_cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_binding (endpoint_id, record_id, object_type, remote_id, detail)
            SELECT *, '{}'::jsonb FROM unnest(%b::bigint[], %b::uuid[], %b::text[], %b::text[])
            ON CONFLICT DO NOTHING
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
