"""Codes that came and had no row in a lookup table: those that made problems, one query for all tables."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from integrations.models import LookupRow, LookupTable
from integrations.queries.endpoint_health import first_id
from portal.core import clock

WEEK = timedelta(days=7)


class Seen(NamedTuple):
    """One code without a row. `amounts` is what its documents are worth, by currency, as far as they
    say. A document that came again counts once."""

    code: str
    documents: int
    held: int
    last: datetime
    amounts: dict[str, Decimal]


def unmapped(tables: Iterable[LookupTable]) -> dict[int, list[Seen]]:
    """By table id: codes of documents that came in the last seven days and were held for want of a row
    in this table, and still have none. Most held documents first.

    The source is the problems the mapping wrote, open or closed. A partner's table is asked for by every
    customer; a row of the customer's own table answers too. Codes that a default let pass make no
    problem and are not here, and a code of more than 120 characters is not known whole.
    """
    wanted = list(tables)
    missed = _missed({table.name for table in wanted})
    answered = _answered({(name, code) for _, name, code in missed})
    found: dict[int, list[Seen]] = {}
    for table in wanted:
        parts: dict[str, list[_Part]] = defaultdict(list)
        for (customer_id, name, code), more in missed.items():
            ours = name == table.name and table.customer_id in (None, customer_id)
            if ours and not {(customer_id, name, code), (None, name, code)} & answered:
                parts[code] += more
        seen = [_together(code, more) for code, more in parts.items()]
        found[table.pk] = sorted(seen, key=lambda s: (-s.held, -s.documents, s.code))
    return found


class _Part(NamedTuple):
    currency: str
    documents: int
    held: int
    amount: Decimal | None
    last: datetime


def _together(code: str, parts: list[_Part]) -> Seen:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.amount is not None and part.currency:
            amounts[part.currency] += part.amount
    return Seen(
        code,
        sum(part.documents for part in parts),
        sum(part.held for part in parts),
        max(part.last for part in parts),
        dict(amounts),
    )


Key = tuple[int | None, str, str]  # customer, table name, code


def _missed(names: set[str]) -> dict[Key, list[_Part]]:
    """The problems `$lookup` reports; their text is what names the table."""
    found: dict[Key, list[_Part]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH missed AS (
                SELECT DISTINCT ON (p.customer_id, name, p.value, document)
                    p.customer_id, name, p.value, p.currency, p.amount, m.created_at,
                    p.closed_at IS NULL AS held,
                    coalesce(nullif(m.business_key, ''), m.id::text) AS document
                FROM integrations_problem p JOIN integrations_message m ON m.id = p.message_id
                CROSS JOIN LATERAL substring(p.text from ' has no row in lookup table (.+)\\.$') AS name
                WHERE p.message_id >= %(first)s AND m.created_at >= %(since)s AND name = ANY(%(names)s)
                    AND p.value <> '' AND p.value NOT LIKE '%%…'
                ORDER BY p.customer_id, name, p.value, document, held DESC, m.id DESC)
            SELECT customer_id, name, value, currency, count(*), count(*) FILTER (WHERE held),
                sum(amount), max(created_at)
            FROM missed GROUP BY customer_id, name, value, currency
            """,
            {"first": first_id(since()), "since": since(), "names": sorted(names)},
        )
        for customer_id, name, value, *part in cursor.fetchall():
            found[customer_id, name, value].append(_Part(*part))
    return found


def _answered(asked: set[tuple[str, str]]) -> set[Key]:
    """Which of these (table name, code) have a row by now, and whose table has it."""
    rows = LookupRow.objects.filter(
        table__name__in={name for name, _ in asked}, code__in={code for _, code in asked}
    )
    return set(rows.values_list("table__customer_id", "table__name", "code"))


def since() -> datetime:
    """Seven days ago."""
    return clock.now() - WEEK
