"""What a mapping found, without the emptiness it found beside it."""

from math import isfinite
from typing import Any, Final

_FINISHED: Final = frozenset({str, bool, int})


def prune(value: Any) -> None:
    """Take null, empty objects and empty lists out of `value`, at every depth and in place.

    Only so does a body compare equal to the next one, whose source said null where this one said
    nothing. Empty text stays. ValueError for infinity and NaN, which a division by zero gives.
    """
    if type(value) is dict:
        empty = [name for name, child in value.items() if _is_empty(child)]
        for name in empty:
            del value[name]
    elif type(value) is list:
        empty_places = [place for place, child in enumerate(value) if _is_empty(child)]
        for place in reversed(empty_places):
            del value[place]


def _is_empty(child: Any) -> bool:
    kind = type(child)
    if kind in _FINISHED:
        return False
    if kind is float:
        if not isfinite(child):
            raise ValueError("A division gave no finite number.")
        return False
    prune(child)
    return not child
