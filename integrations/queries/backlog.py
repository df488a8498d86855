"""What is open in the schemas of many partners at once, and what moved, for whoever watches the
installation. Each part reads one of the small indexes of what is open, or sums."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from portal.tenants import across

_OPEN: Final = """
    SELECT {partner}, e.slug::text, parts.state, sum(parts.n)::bigint, min(parts.oldest) FROM (
        SELECT endpoint_id, state, count(*) AS n, min(created_at) AS oldest
        FROM {within}.integrations_message
        WHERE direction = 'out' AND state IN ('waiting', 'sending') GROUP BY 1, 2
        UNION ALL
        SELECT endpoint_id, state, count(*), min(created_at) FROM {within}.integrations_message
        WHERE state = 'received' GROUP BY 1, 2
        UNION ALL
        SELECT endpoint_id, state, count(*), min(created_at) FROM {within}.integrations_message
        WHERE state = 'held' GROUP BY 1, 2) AS parts
    JOIN {within}.integrations_endpoint e ON e.id = parts.endpoint_id GROUP BY 1, 2, 3"""
_REFUSED: Final = """
    SELECT {partner}, reason::text, sum(count)::bigint FROM {within}.integrations_doorrefusal
    WHERE hour >= %s GROUP BY 1, 2"""
_DOWN: Final = """
    SELECT {partner}, count(*) FROM {within}.integrations_endpoint
    WHERE breaker->'state'->>'state' = 'open'"""
_MOVED: Final = """
    SELECT {partner}, coalesce(sum(received), 0)::bigint, coalesce(sum(sent), 0)::bigint,
        coalesce(sum(held), 0)::bigint, coalesce(sum(retried), 0)::bigint
    FROM (SELECT received, sent, held, retried FROM {within}.integrations_traffic
            WHERE level = 0 AND at >= %s
        UNION ALL SELECT received, sent, held, retried FROM {within}.integrations_trafficdelta
            WHERE slot >= %s) AS sums"""
_UNFOLDED: Final = "SELECT {partner}, count(*) FROM {within}.integrations_trafficdelta"


class Open(NamedTuple):
    """Messages of one endpoint that are in an open state, and since when the oldest is there."""

    schema: str
    endpoint: str
    state: str
    number: int
    oldest: datetime


class Refused(NamedTuple):
    schema: str
    reason: str
    number: int


class Moved(NamedTuple):
    """What moved in one schema since a slot of five minutes."""

    schema: str
    received: int
    sent: int
    held: int
    retried: int


def open_messages(schemas: Sequence[str]) -> Iterator[Open]:
    """What waits, is being sent, has just been received or is held, by endpoint."""
    return (Open(*row) for row in across.ask(_OPEN, schemas))


def refusals(schemas: Sequence[str], *, since: datetime) -> Iterator[Refused]:
    """What the doors refused since the hour of `since`, by reason."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    return (Refused(*row) for row in across.ask(_REFUSED, schemas, hour))


def endpoints_down(schemas: Sequence[str]) -> dict[str, int]:
    """Endpoints whose breaker is open, by schema."""
    return {row[0]: row[1] for row in across.ask(_DOWN, schemas)}


def moved(schemas: Sequence[str], *, since: datetime) -> Iterator[Moved]:
    """What moved since the slot that begins at `since`."""
    return (Moved(*row) for row in across.ask(_MOVED, schemas, since, since))


def unfolded(schemas: Sequence[str]) -> dict[str, int]:
    """Changes of sums that no lane has folded yet, by schema. They are counted all the same."""
    return {row[0]: row[1] for row in across.ask(_UNFOLDED, schemas)}
