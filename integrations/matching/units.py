"""Which of our units is theirs: by code tables and words, never by likeness."""

from collections.abc import Sequence
from typing import Final

from integrations.matching.items import Item, Rated
from integrations.matching.text import words
from integrations.matching.unit_words import MEANINGS

Meaning = frozenset[str]

_SAME_CODE: Final = 1.0
_SAME_UNIT: Final = 0.9
_SAME_CODE_PERHAPS: Final = 0.7
_PERHAPS: Final = 0.5


def rate_units(remotes: Sequence[Item], ours: Sequence[Item]) -> list[list[Rated]]:
    """Candidates for every remote unit: the ones of ours that mean the same.

    A code alone is sure only where it has one meaning; `PL` is a pallet to one and a pail to
    another. A carton is never taken for a case. Letters that look alike prove nothing here.
    """
    own = [(at, item, meaning(item)) for at, item in enumerate(ours)]
    return [[r for at, i, m in own if (r := _rate(remote, i, at=at, our=m))] for remote in remotes]


def meaning(item: Item) -> Meaning:
    """The canonical codes `item` may stand for: the name decides between those of its code.

    Empty for a unit nobody knows, and where code and name contradict each other.
    """
    by_code, by_name = _look_up(item.code), _look_up(item.name)
    if by_code and by_name:
        return by_code & by_name
    return by_code or by_name


def _look_up(text: str) -> Meaning:
    return frozenset(MEANINGS.get(" ".join(words(text)), ()))


def _rate(remote: Item, item: Item, *, at: int, our: Meaning) -> Rated | None:
    their = meaning(remote)
    same_code = words(remote.code) == words(item.code) != []
    if their and their == our and (len(our) == 1 or (same_code and _names_agree(remote, item))):
        reason = "Same code." if same_code else f"Both are {min(our)}."
        return Rated(at, _SAME_CODE if same_code else _SAME_UNIT, True, reason)
    if their & our:
        score = _SAME_CODE_PERHAPS if same_code else _PERHAPS
        return Rated(at, score, False, "The code has more than one meaning in use.")
    if same_code and not their and not our and _names_agree(remote, item):
        return Rated(at, _SAME_CODE, True, "Same code.")
    if same_code:
        return Rated(at, _PERHAPS, False, "Same code, but the names differ.")
    return None


def _names_agree(remote: Item, item: Item) -> bool:
    """Unknown to us both, a code is the same unit if it says so on both sides, or on neither."""
    return words(remote.name) == words(item.name)
