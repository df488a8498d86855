"""Suppliers' invoices that come again under a number that is known, with other content.

Each is held and the one before stands, until a person takes the later one by sending it through again, or
skips it. One that says itself that it replaces the earlier one, and one that bills the same, is no question.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.canonical import bill_again, keys
from integrations.canonical.problem import Problem, shorten, storable
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Offer
from integrations.domain.problems import LONGEST_TEXT
from integrations.domain.translate import Reading
from portal.core.cursors import binary_cursor

CODE: Final = "invoice_changed"


class _Known(NamedTuple):
    """What stands under a number."""

    content_hash: bytes
    body: dict[str, Any]


def hold(config: Configuration, readings: Sequence[Reading]) -> None:
    """Make a problem of every such invoice among `readings`, and take it out of what they offer."""
    bills = [(r, o) for r in readings for o in r.offers if _is_bill(o)]
    if not bills:
        return
    known = _known(config.customer_id, [offer.key for _, offer in bills])
    taken = _taken([reading.message.id for reading, _ in bills])
    for reading, offer in bills:
        problem = _problem(config, offer, known.get(offer.key))
        if problem and (reading.message.id, problem.text) not in taken:
            reading.problems.append(problem)
            reading.offers.remove(offer)
        else:
            known[offer.key] = _Known(offer.content_hash, offer.body)


def _is_bill(offer: Offer) -> bool:
    return keys.is_of_supplier(offer.object_type, offer.key)


def _problem(config: Configuration, offer: Offer, known: _Known | None) -> Problem | None:
    """None for one that is new, the same, or stands for the earlier one; and where what was said before was
    taken back."""
    if known is None or known.content_hash in (b"", offer.content_hash):
        return None
    found = bill_again.differences(known.body, offer.body)
    if not found or bill_again.stands_for_it(offer.body, known.body):
        return None
    label, number = config.endpoints[offer.endpoint_id].label, str(offer.body["number"])
    text = f"{label} sent invoice {shorten(number)} again with other content: {'; '.join(found)}"
    return Problem(CODE, "number", number, storable(text)[:LONGEST_TEXT])


def _known(customer_id: int, wanted: Sequence[str]) -> dict[str, _Known]:
    """By key; their rows are locked, as what is decided here has to hold until they are written."""
    with binary_cursor() as cursor:
        cursor.execute(
            """
            SELECT business_key, content_hash, body::text FROM integrations_record
            WHERE customer_id = %s AND object_type = 'invoice' AND business_key = ANY(%b::text[])
            ORDER BY id FOR UPDATE
            """,
            [customer_id, sorted(set(wanted))],
        )
        return {
            key: _Known(bytes(content), json.loads(body))
            for key, content, body in cursor.fetchall()
        }


def _taken(message_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """What a person has read of these documents and sent through all the same. Where something else
    differs by now, they have not read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, text FROM integrations_problem WHERE message_id = ANY(%s)"
            " AND code = %s AND closed_at IS NOT NULL AND closed_by <> ''",
            [list(message_ids), CODE],
        )
        return set(cursor.fetchall())
