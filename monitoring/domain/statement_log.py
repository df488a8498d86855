"""The log of a statement: what happened to it, and who did it."""

from typing import Final, NamedTuple

from monitoring.models import Statement, StatementEvent
from portal.core import clock, events

SEALED: Final = "sealed"
_TOLD: Final = frozenset({SEALED, StatementEvent.APPROVED, StatementEvent.SENT})


class StatementMoved(NamedTuple):
    """A monthly statement was sealed, approved or sent."""

    statement_id: int
    verb: str


def note(statement: Statement, verb: str, text: str, *, actor: str = "") -> None:
    """Write down what happened now; without an actor it happened by itself."""
    StatementEvent.objects.create(
        statement=statement,
        customer_id=statement.customer_id,
        at=clock.now(),
        actor=actor[:80],
        verb=verb,
        text=text[:500],
    )
    if verb in _TOLD:
        events.publish(StatementMoved(statement.pk, verb))
