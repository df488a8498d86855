"""Which moment held orders are about to miss. Asked for documents with problems only."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from integrations.cutoffs import FIELDS, Cutoff, Pickup, cutoff, pickup_from
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.translate import Reading
from portal.core import clock


def of_reading(config: Configuration, reading: Reading) -> Cutoff | None:
    """Of an order that is held as it came, whole or not; what is only remarked on goes its way.

    It may go from any site that its source's flows lead to.
    """
    if reading.object_type != "order" or not reading.problems or reading.body is None:
        return None
    return _cutoff(config, reading.body, _reached_from(config, reading.message.endpoint_id))


def of_sent(config: Configuration, message_ids: Sequence[UUID]) -> dict[UUID, Cutoff]:
    """Of those of our messages that are orders, by message."""
    if not message_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.endpoint_id, r.source_id,
                (SELECT jsonb_object_agg(name, r.body -> name) FROM unnest(%s::text[]) AS name)::text,
                (SELECT d.chosen FROM integrations_routedecision d WHERE d.record_id = r.id
                 ORDER BY d.id DESC LIMIT 1)
            FROM integrations_message m JOIN integrations_record r ON r.id = m.record_id
            WHERE m.id = ANY(%s) AND m.object_type = 'order'
            """,
            [list(FIELDS), list(message_ids)],
        )
        rows = cursor.fetchall()
    found = {}
    for message_id, target_id, source_id, body, chosen in rows:
        site = config.endpoints[target_id].site or chosen or ""
        places = _at(config, site) if site else _reached_from(config, source_id)
        found[message_id] = _cutoff(config, json.loads(body), places)
    return {message_id: at for message_id, at in found.items() if at}


def _cutoff(
    config: Configuration, body: Mapping[str, Any], places: Iterable[EndpointConfig]
) -> Cutoff | None:
    return cutoff(
        body,
        pickups=[_pickup(config, place) for place in places if place.pickup],
        zone=ZoneInfo(config.zone),
        now=clock.now(),
    )


def _pickup(config: Configuration, place: EndpointConfig) -> Pickup:
    return pickup_from(place.pickup, site=place.site, zone=config.zone)


def _at(config: Configuration, site: str) -> list[EndpointConfig]:
    return [endpoint for endpoint in config.endpoints.values() if endpoint.site == site]


def _reached_from(config: Configuration, source_id: int | None) -> list[EndpointConfig]:
    """Where the orders of a source may go; what is being onboarded takes none of them yet."""
    flows = config.flows_from(source_id, "order") if source_id else []
    places = [config.endpoints[flow.target_id] for flow in flows]
    return [place for place in places if not place.testing]
