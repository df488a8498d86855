"""The life of a partner: which state may follow which, and what each means for whoever comes."""

from collections.abc import Mapping
from typing import Final, NamedTuple

OPEN, SUSPENDED, ARCHIVED, DELETED = "open", "suspended", "archived", "deleted"
STATES: Final[Mapping[str, str]] = {
    OPEN: "open",
    SUSPENDED: "suspended",
    ARCHIVED: "archived",
    DELETED: "deleted",
}


class Step(NamedTuple):
    """A verb that leads from one of `leads_from` to `to`."""

    leads_from: frozenset[str]
    to: str


STEPS: Final[Mapping[str, Step]] = {
    "suspend": Step(frozenset({OPEN}), SUSPENDED),
    "resume": Step(frozenset({SUSPENDED}), OPEN),
    "archive": Step(frozenset({OPEN, SUSPENDED}), ARCHIVED),
    "bring_back": Step(frozenset({ARCHIVED}), OPEN),
    "delete": Step(frozenset({ARCHIVED}), DELETED),
}


class ShutDoor(NamedTuple):
    """What a sender is answered: HTTP status, a sentence, and after how many seconds to come again."""

    status: int
    text: str
    retry_after: int | None = None


# A sender that is told to come again keeps its document; nothing that was not stored is answered 2xx.
DOORS: Final[Mapping[str, ShutDoor]] = {
    SUSPENDED: ShutDoor(503, "Nothing is taken here for now. Keep it and send it again.", 300),
    ARCHIVED: ShutDoor(410, "Nothing is taken here any more."),
}


def next_steps(state: str) -> list[str]:
    """The verbs that a partner in this state allows."""
    return [verb for verb, step in STEPS.items() if state in step.leads_from]
