"""The consent ledger: one row for each thing that happened, chained for each customer."""

from typing import Any, Final

from django.db import connection, transaction

from portal.core import clock, sealing
from portal.core.sealing import Examined, Head, Link
from portal.core.secrets import seeds
from portal.support.models import LedgerEntry, SupportAccess

PURPOSE: Final = "consent-ledger/1"
_LOCK: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended('ledger ' || current_schema() || '/' || %s, 0))"
)


@transaction.atomic
def append(
    kind: LedgerEntry.Kind, customer_id: int, *, access: SupportAccess | None = None, **said: Any
) -> LedgerEntry:
    """Add a row to a customer's ledger. `said`: texts and whole numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(customer_id)])
    last = LedgerEntry.objects.filter(customer_id=customer_id).order_by("-number").first()
    made = LedgerEntry(customer_id=customer_id, access=access, kind=kind, at=clock.now(), said=said)
    after = Head(last.number, last.digest) if last else None
    one = sealing.link(seeds(PURPOSE)[0], _content(made), after=after)
    made.number, made.previous, made.digest = one.number, one.previous, one.digest
    made.save(force_insert=True)
    return made


def of_access(access: SupportAccess, kind: LedgerEntry.Kind, **said: Any) -> LedgerEntry:
    """Add a row about an access. What it is about stands in each that begins something."""
    return append(
        kind,
        access.customer_id,
        access=access,
        who=access.staff_name,
        house=access.house,
        as_whom=access.person_name,
        why=access.reason,
        **said,
    )


def check(customer_id: int) -> Examined:
    """Whether a customer's ledger is as it was written."""
    rows = LedgerEntry.objects.filter(customer_id=customer_id).order_by("number")
    return sealing.examine(
        (
            Link(row.number, _content(row), row.previous, row.digest)
            for row in rows.iterator(chunk_size=1000)
        ),
        seeds(PURPOSE),
    )


def _content(row: LedgerEntry) -> list[Any]:
    return [row.customer_id, row.access_id, str(row.kind), row.at, row.said]
