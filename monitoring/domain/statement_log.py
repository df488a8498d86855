"""The log of a statement: what happened to it, and who did it."""

from monitoring.models import Statement, StatementEvent
from portal.core import clock


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
