"""Which file is news, when names and even contents come again. Pure.

A partner who calls every stock list stock.csv sends the list of Monday once more on Wednesday, and means
it. A file whose worker died before it was archived comes again, too, and means nothing. So a dedup key
counts how often something new came, and this remembers the last ones.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Protocol

MOST: Final = 200
_DIGITS: Final = 32


class Picked(Protocol):
    """A file as it was picked up. `again`: it was claimed before."""

    @property
    def name(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def again(self) -> bool: ...


class Repeats:
    """Gives dedup keys. `state` is what it remembers, as JSON, for the next look into the folder."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._count = int(state.get("count", 0))
        self._known: list[tuple[str, int]] = [
            (str(mark), int(number)) for mark, number in state.get("known", [])
        ]

    @property
    def state(self) -> dict[str, Any]:
        return {"count": self._count, "known": [list(entry) for entry in self._known[-MOST:]]}

    def key(self, file: Picked) -> str:
        """The key of a file: an old one if it is the last of its name again, or was claimed before."""
        name = hashlib.sha256(file.name.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
        mark = f"{name}:{hashlib.sha256(file.body).hexdigest()[:_DIGITS]}"
        of_name = [entry for entry in self._known if entry[0].startswith(f"{name}:")]
        candidates = of_name if file.again else of_name[-1:]
        known = next((number for seen, number in reversed(candidates) if seen == mark), None)
        if known is None:
            self._count += 1
            known = self._count
            self._known.append((mark, known))
        return f"file:{mark}:{known}"
