"""The ways to resolve a case, in the order in which they are offered."""

from monitoring import taxonomy
from monitoring.remedies.ask import Ask
from monitoring.remedies.base import DocumentRemedy, Remedy, Situation, Words
from monitoring.remedies.credentials import Credentials
from monitoring.remedies.edit import Edit
from monitoring.remedies.knowledge import Mapping, Product
from monitoring.remedies.lookup import Lookup, table_name
from monitoring.remedies.plain import Retry, Skip, Try
from monitoring.remedies.reroute import Reroute
from monitoring.remedies.waiting import Settle, Snooze, TakeUp, Wait

LOOKUP = Lookup()
ALL: tuple[Remedy, ...] = (
    LOOKUP, Product(), Credentials(), Try(), Reroute(), Mapping(), Edit(), Retry(), Skip(), Ask(), Wait(),
    Snooze(), TakeUp(), Settle(),
)  # fmt: skip

__all__ = [
    "ALL", "LOOKUP", "DocumentRemedy", "Remedy", "Situation", "Words", "named", "offered", "table_name",
]  # fmt: skip


def offered(situation: Situation) -> list[Remedy]:
    """What this person may do about this case: what suffices, then in the order of its kind the rest."""
    order = taxonomy.kind(situation.case.code).remedies

    def place(remedy: Remedy) -> tuple[bool, int]:
        known = order.index(remedy.slug) if remedy.slug in order else len(order)
        return not remedy.suffices(situation), known

    return sorted((remedy for remedy in ALL if remedy.offered(situation)), key=place)


def named(slug: str) -> Remedy | None:
    """The remedy of this name."""
    return next((remedy for remedy in ALL if remedy.slug == slug), None)
