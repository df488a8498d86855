"""The ways to resolve a case, in the order in which they are offered."""

from monitoring.remedies.base import Remedy, Situation, Words
from monitoring.remedies.edit import EDIT
from monitoring.remedies.lookup import LOOKUP, table_name
from monitoring.remedies.plain import RETRY, SKIP, TAKE_UP, TRY, WAIT
from monitoring.remedies.reroute import REROUTE

ALL = (LOOKUP, TRY, REROUTE, EDIT, RETRY, SKIP, WAIT, TAKE_UP)

__all__ = ["ALL", "LOOKUP", "Remedy", "Situation", "Words", "offered", "table_name"]


def offered(situation: Situation) -> list[Remedy]:
    """What this person may do about this case, the likeliest first."""
    return [remedy for remedy in ALL if remedy.offered(situation)]
