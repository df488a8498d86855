"""What every deed can do: change what decides, let documents go, and take its change back."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from integrations.domain import replay

Terms = Mapping[str, Any]
Undo = dict[str, Any]


class NotDoneError(Exception):
    """It cannot be done; the text says why and what to do instead."""


class Doer(NamedTuple):
    """Who does it, to which case, and whether it is meant (`dry`: all of it is rolled back)."""

    case: Any
    person: Any  # None: a rule
    name: str
    words: str
    dry: bool


class Deed:
    """One remedy. A dry run and the real thing run the same code, one of them to be rolled back."""

    slug: str
    ends = False  # the documents end instead of going on
    by_another = False  # what `hinders` hinders whoever began it, and nobody else
    undoes = ""  # how its change is taken back, in words

    def refuse(self, doer: Doer, terms: Terms) -> None:
        """NotDoneError for terms that cannot be right; asked before anything is tried."""

    def hinders(self, fix: Any) -> str:
        """Why the fix that was tried may not be let go, and who may do that; "" when nothing is."""
        return ""

    def change(self, doer: Doer, terms: Terms) -> Undo | None:
        """Change what decides over documents, once. Returns what taking it back needs."""
        return None

    def release(self, doer: Doer, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, str]:
        """Let these documents go. Returns those it could not, with the reason."""
        replay.replay(ids, actor=doer.name, cause=doer.words)
        return {}

    def revert(self, doer: Doer, terms: Terms, undo: Undo) -> str:
        """Take the change back. Returns what it said, or why it stays, in words."""
        return ""
