"""The ways to resolve a case, in the order in which they are offered."""

from monitoring.remedies.base import Remedy, Situation, Words
from monitoring.remedies.edit import Edit
from monitoring.remedies.lookup import Lookup, table_name
from monitoring.remedies.plain import Retry, Skip, TakeUp, Try, Wait
from monitoring.remedies.reroute import Reroute

LOOKUP = Lookup()
ALL = (LOOKUP, Try(), Reroute(), Edit(), Retry(), Skip(), Wait(), TakeUp())

__all__ = ["ALL", "LOOKUP", "Remedy", "Situation", "Words", "offered", "table_name"]


def offered(situation: Situation) -> list[Remedy]:
    """What this person may do about this case, the likeliest first."""
    return [remedy for remedy in ALL if remedy.offered(situation)]
