"""Stored documents run again under any configuration: the live one, a draft, or that of another day.

Nothing is written and nothing is sent. Products, bindings and stock are those of now: they are data
and no configuration. Their bytes are read beyond the asker's limit: whoever asks has found the customer
or one of their things under it.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.domain import compose, stock
from integrations.domain.configuration import Configuration
from integrations.domain.inbox import Inbound
from integrations.domain.onward import hazmat, site_of
from integrations.domain.outbox import Claimed
from integrations.domain.rehearsal import open_to
from integrations.domain.translate import Reading, Translator
from integrations.evidence import Result, result_of
from integrations.routing import decide
from portal.core import clock
from portal.tenants.rows import beyond_limit


class Stored(NamedTuple):
    """A message of the store. `body` is None where it is outbound: the hub has what was mapped."""

    id: UUID
    direction: str
    endpoint_id: int
    object_type: str
    topic: str
    body: bytes | None
    created_at: Any
    name: str
    flow_id: int | None
    record_id: UUID | None
    record_version: int | None
    order_id: UUID | None
    configuration: int | None


_COLUMNS = """
    SELECT m.id, m.direction, m.endpoint_id, m.object_type, m.topic,
        CASE m.direction WHEN 'in' THEN p.body END, m.created_at,
        coalesce(nullif(r.number, ''), nullif(m.business_key, ''), m.id::text),
        m.flow_id, m.record_id, m.record_version, m.order_id, m.configuration
    FROM integrations_message m
    LEFT JOIN integrations_payload p ON p.sha256 = m.payload_id
    LEFT JOIN integrations_record r ON r.id = m.record_id
"""
# What was translated once: containers hold the documents that follow them, and acknowledgements are none.
_DOCUMENTS = """
    m.customer_id = %(customer)s AND m.object_type NOT IN ('interchange', 'acknowledgement')
    AND (m.direction = 'in' AND p.body IS NOT NULL AND m.state NOT IN ('received', 'split')
        OR m.direction = 'out' AND m.record_id IS NOT NULL)
"""


class Wanted(NamedTuple):
    """Which documents: of one endpoint, type and direction where these are named."""

    endpoint_id: int | None = None
    object_type: str = ""
    direction: str = ""


def latest(customer_id: int, wanted: Wanted, *, most: int) -> list[Stored]:
    """The newest `most` documents, oldest of them first. Those that said nothing new, such as what a
    poll reads again, only fill up."""
    found = _newest(customer_id, wanted, "m.state <> 'unchanged'", most=most)
    if len(found) < most:
        found += _newest(customer_id, wanted, "m.state = 'unchanged'", most=most - len(found))
    return sorted(found, key=lambda stored: stored.id)


def _newest(customer_id: int, wanted: Wanted, state: str, *, most: int) -> list[Stored]:
    with beyond_limit(), connection.cursor() as cursor:
        cursor.execute(
            _COLUMNS
            + "WHERE"
            + _DOCUMENTS
            + f" AND {state} AND (%(endpoint)s::bigint IS NULL OR m.endpoint_id = %(endpoint)s)"
            " AND (%(type)s = '' OR m.object_type = %(type)s)"
            " AND (%(direction)s = '' OR m.direction = %(direction)s)"
            " ORDER BY m.id DESC LIMIT %(most)s",
            {
                "customer": customer_id,
                "endpoint": wanted.endpoint_id,
                "type": wanted.object_type,
                "direction": wanted.direction,
                "most": most,
            },
        )
        rows = [Stored(*row) for row in cursor.fetchall()]
    return [row._replace(body=None if row.body is None else bytes(row.body)) for row in rows]


def one(customer_id: int, message_id: UUID) -> Stored | None:
    """One document, or None when the customer has no such."""
    with beyond_limit(), connection.cursor() as cursor:
        cursor.execute(
            _COLUMNS + "WHERE" + _DOCUMENTS + " AND m.id = %(id)s",
            {"customer": customer_id, "id": message_id},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    stored = Stored(*row)
    return stored._replace(body=None if stored.body is None else bytes(stored.body))


class Runner:
    """Runs stored documents under one configuration."""

    def __init__(self, config: Configuration) -> None:
        self._config = config
        self._translator = Translator(config)

    def run(self, stored: Stored) -> Result:
        """What comes out of one document. KeyError when its endpoint is not of this configuration."""
        return self._read(stored) if stored.direction == "in" else self._composed(stored)

    def _read(self, stored: Stored) -> Result:
        reading = self.read(stored)
        problems = [*reading.problems, *reading.remarks]
        result = _result(reading)
        route = self._route(stored, reading) if reading.offers else ""
        return result._replace(problems=tuple(problems), target=route)

    def read(self, stored: Stored) -> Reading:
        """The reading of a received document."""
        inbound = Inbound(
            stored.id, stored.endpoint_id, stored.object_type, stored.topic, stored.body or b"",
            stored.created_at,
        )  # fmt: skip
        return self._translator.read(inbound)

    def _route(self, stored: Stored, reading: Reading) -> str:
        """The endpoints it would go to, and for an order the site that would be chosen."""
        flows = open_to(
            self._config, self._config.flows_from(stored.endpoint_id, reading.object_type)
        )
        plain = [self._config.endpoints[f.target_id].label for f in flows if not f.routed]
        if reading.object_type == "order" and any(f.routed for f in flows):
            plain.append(self._site(reading.offers[0].body, flows))
        return ", ".join(sorted(plain))

    def _site(self, body: dict[str, Any], flows: Sequence[Any]) -> str:
        targets = [self._config.endpoints[f.target_id] for f in flows if f.routed]
        stocked = stock.sites_with_stock(self._config.customer_id, {t.site for t in targets})
        skus = {line["sku"] for line in body["lines"]}
        decision = decide(
            body,
            sites=[site_of(t, stocked=t.site in stocked) for t in targets if t.site],
            rules=self._config.rules,
            stock=stock.free_stock(self._config.customer_id, skus),
            hazmat_skus=hazmat(self._config.customer_id, skus),
            now=clock.now().astimezone(ZoneInfo(self._config.zone)),
        )
        return decision.chosen or "no site"

    def _composed(self, stored: Stored) -> Result:
        claimed = as_claimed(stored)
        target = self._config.endpoints[stored.endpoint_id]
        composed = compose.compose(self._config, target, [claimed])
        if composed.late:
            text = "The mapping takes longer than a document may take"
            return Result(None, (Problem("mapping_error", "", "", text),), stored.name)
        problems = tuple(composed.problems.get(stored.id, ()))
        body = composed.ready[0].document if composed.ready else None
        return Result(body, problems, stored.name)


def as_claimed(stored: Stored) -> Claimed:
    """An outbound document as if it were to be sent now for the first time."""
    return Claimed(
        stored.id, stored.flow_id, stored.object_type, stored.record_id, stored.record_version,
        stored.order_id, stored.name, 1, None, None,
    )  # fmt: skip


def _result(reading: Reading) -> Result:
    """What came out: one record, or several as one body with all their keys."""
    found = [
        result_of(reading.object_type, offer.body, problems=reading.problems)
        for offer in reading.offers
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        return Result(None, tuple(reading.problems))
    together = {"records": [offer.body for offer in reading.offers]}
    return Result(together, tuple(reading.problems), ", ".join(one.key for one in found))


def same_bytes(reading: Reading) -> Iterator[str]:
    """The canonical bodies of a reading as they are stored: to compare byte for byte."""
    for offer in reading.offers:
        yield json.dumps(offer.body, ensure_ascii=False, separators=(",", ":"))
