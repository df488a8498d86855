"""Two names of one article, word by word."""

from typing import Final

from rapidfuzz import fuzz

from integrations.matching.trait_words import COLOURS, EDITIONS, OPPOSITES, SIZES

_ALIKE: Final = 75


def swapped_words(one: frozenset[str], other: frozenset[str]) -> tuple[str, str] | None:
    """A word of each name that stands for none of the other's: oak in one, ash in the other.

    None where only one side has words more, and where they are abbreviations or misspellings of
    each other. Numbers, sizes, colours and the like are left to `traits`.
    """
    left, right = _telling(one - other), _telling(other - one)
    alone = [word for word in left if not any(_are_alike(word, their) for their in right)]
    facing = [word for word in right if not any(_are_alike(word, our) for our in left)]
    return (alone[0], facing[0]) if alone and facing else None


def _telling(found: frozenset[str]) -> list[str]:
    return sorted(
        word for word in found if len(word) > 2 and word.isalpha() and not _is_trait(word)
    )


def _is_trait(word: str) -> bool:
    return any(word in table for table in (SIZES, COLOURS, EDITIONS, OPPOSITES))


def _are_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one) or fuzz.ratio(one, other) >= _ALIKE
