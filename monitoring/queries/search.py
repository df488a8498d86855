"""Cases by what people know: their number, words of the cause, numbers of the documents they hold."""

from functools import reduce
from operator import and_
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Q

_CASE_NUMBER: Final = "C-"
_MOST_DIGITS: Final = 18
_MOST_WORDS: Final = 6
MOST: Final = 500

# From the number to the case by indexes alone: whatever has the number, its documents, their problems.
_HOLDING: Final = """
WITH records AS MATERIALIZED (
    SELECT id FROM integrations_record WHERE numbers @> ARRAY[%(number)s]::text[] LIMIT %(most)s
), documents AS MATERIALIZED (
    SELECT id FROM integrations_message
    WHERE state = 'held' AND string_to_array(upper(business_key), '/') @> ARRAY[%(number)s]::text[]
    UNION SELECT m.id FROM records r JOIN integrations_message m ON m.order_id = r.id
    UNION SELECT m.id FROM records r JOIN integrations_message m ON m.record_id = r.id
)
SELECT DISTINCT c.number, c.closed_at FROM documents d
JOIN integrations_problem p ON p.message_id = d.id
JOIN monitoring_casecause k ON k.fingerprint = p.fingerprint
JOIN monitoring_exceptioncase c ON c.number = k.case_id
WHERE k.is_open AND p.closed_at IS NULL
OR c.closed_at >= p.opened_at AND c.opened_at <= p.opened_at + interval '1 minute'
ORDER BY c.closed_at DESC NULLS FIRST LIMIT %(most)s
"""


class Found(NamedTuple):
    """`words`: cases whose cause has the words. `holding`: those that hold a document of that number, or
    held it. `number`: what would be the case's own number."""

    words: Q
    holding: list[int]
    number: int | None


def found(text: str) -> Found:
    """What a text may mean. One query; what a very common number is in is cut at `MOST`."""
    words = text.split()[:_MOST_WORDS]
    said = reduce(and_, (Q(title__icontains=w) | Q(value__icontains=w) for w in words), Q())
    return Found(said, holding(text), _own_number(text))


def holding(number: str) -> list[int]:
    """The cases that hold a document of this order, PO, SKU, shipment or tracking number, or held it
    when they were closed."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, {"number": number.strip().upper(), "most": MOST})
        return sorted(row[0] for row in cursor.fetchall())


def _own_number(text: str) -> int | None:
    digits = text.strip().upper().removeprefix(_CASE_NUMBER)
    plain = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(digits) if plain else None
