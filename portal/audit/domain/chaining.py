"""Marks become a chain after their transaction: one after the other, whoever wrote them.

It is not done inside: whoever writes would hold up everybody else who writes until they are through.
What a killed process left unchained is taken by the next one, and by whoever checks.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from django.db import connection, transaction

from portal.audit.domain import content
from portal.audit.models import Mark
from portal.core import sealing
from portal.core.sealing import START, Head
from portal.core.secrets import seeds
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit

PURPOSE: Final = "audit-chain/1"
_AT_ONCE: Final = 500
_LOCK: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended('audit chain of ' || current_schema(), 0))"
)
log = structlog.get_logger()


def keys() -> list[bytes]:
    """The keys that may have sealed, the one in use first."""
    return seeds(PURPOSE)


@dataclass(frozen=True)
class _Chaining:
    """Equal for equal schemas, so that a transaction that writes a thousand entries chains them once."""

    schema: str

    def __call__(self) -> None:
        try:
            with beyond_limit():
                chain()
        except Exception:  # the edge: what was written stays, and the next one chains it
            log.exception("audit entries wait for their seal", schema=self.schema)


def chain_afterwards() -> None:
    """Chain what this transaction wrote, once it is through."""
    wanted = _Chaining(current_schema())
    if not any(call == wanted for _, call, *_ in connection.run_on_commit):
        transaction.on_commit(wanted)


def chain() -> int:
    """Put every mark that waits into the chain, in the order in which they were made. Returns how many."""
    done = 0
    while some := _some():
        done += some
    return done


@transaction.atomic
def _some() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    waiting = list(Mark.objects.filter(number=None).order_by("pk")[:_AT_ONCE])
    before, key = head(), keys()[0]
    for mark in waiting:
        one = sealing.link(key, content.of_mark(mark), after=before)
        mark.number, mark.previous, mark.digest = one.number, one.previous, one.digest
        before = Head(one.number, one.digest)
    Mark.objects.bulk_update(waiting, ["number", "previous", "digest"])
    return len(waiting)


def head() -> Head:
    """Where the chain ends now."""
    last = Mark.objects.exclude(number=None).order_by("-number").values_list("number", "digest")
    number, digest = last.first() or (0, START)
    return Head(number or 0, digest)
