"""Where the reading of a list stands that does not tell what changed. Pure.

Each pass reads all of it. A page that says the same as it did in the pass before is no news; the rows of any
other page are documents, each under the number of its pass: stock that goes from 5 to 4 and back to 5 is told
three times, and what stands still is told once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

MOST_PAGES: Final = 5000
_DIGITS: Final = 12


@dataclass(frozen=True)
class Sweep:
    """`number` passes ended; the running one stands at `at` (None: its beginning) behind the pages `seen`.
    `known` are the pages of the pass before."""

    number: int = 0
    at: str | None = None
    seen: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Sweep":
        return cls(
            number=int(cursor.get("number", 0)),
            at=cursor.get("at"),
            seen=tuple(cursor.get("seen", ())),
            known=tuple(cursor.get("known", ())),
        )

    def cursor(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "number": self.number,
            "at": self.at,
            "seen": list(self.seen),
            "known": list(self.known),
        }

    def anew(self) -> "Sweep":
        """The position to begin again from, once the system refuses the link it gave: it may be too old."""
        return Sweep(number=self.number + 1, known=self.known)

    def move(self, rows: list[str], *, at: str | None) -> tuple["Sweep", bool]:
        """The position behind a page of `rows`, and whether it is news. `at` is where the next page is, None
        behind the last. ValueError, with a sentence, for a list without end."""
        digest = hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()[:_DIGITS]
        place = len(self.seen)
        is_news = place >= len(self.known) or self.known[place] != digest
        seen = (*self.seen, digest)
        if at is None:
            return Sweep(number=self.number + 1, known=seen), is_news
        if at == self.at or len(seen) >= MOST_PAGES:
            raise ValueError(f"The list never comes to an end: page {len(seen)} leads to another.")
        return replace(self, at=at, seen=seen), is_news
