"""What is wrong with one row: before it runs, and when it failed."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from integrations.canonical.problem import Problem
from integrations.mapping import engine
from integrations.mapping.engine import EngineError
from integrations.mapping.source import MappingSyntaxError, Row
from integrations.mapping.words import find_position, plain_words

FAILURES: Final = (EngineError, ValueError, RecursionError)
_MOST_SOURCE: Final = 20_000


def check_row(rows: Sequence[Row], index: int, *, searching: bool = True) -> None:
    """MappingSyntaxError if the row's source does not compile alone.

    Each row is checked alone first, so that none can close a bracket another one opened. Its
    position is looked for if `searching`, which takes long.
    """
    source = rows[index].source
    if len(source) > _MOST_SOURCE:
        raise _fault(rows, index, f"The source is longer than {_MOST_SOURCE} characters.")
    message = _complaint(source)
    if message:
        position = _position(source, message) if searching else None
        raise _fault(rows, index, plain_words(message), position)


def check_whole(rows: Sequence[Row], index: int, source: str) -> None:
    """MappingSyntaxError, of the row at `index`, if `source`, made from rows, does not compile."""
    try:
        engine.check(source)
    except ValueError as error:
        raise _fault(rows, index, plain_words(str(error))) from None


def row_failure(rows: Sequence[Row], index: int, path: str, error: Exception) -> Problem:
    """The problem that a row's failure at `path`, or somewhere, is."""
    row = rows[index]
    path = path or row.target.removesuffix("[]")
    text = f"Row {index + 1}, {row.target}: {why(error)}"
    return Problem("mapping_error", path, row.source[:120], text)


def why(error: Exception) -> str:
    """What one of FAILURES means, in plain words."""
    too_deep = isinstance(error, RecursionError)
    return "Lists and objects nest too deep." if too_deep else str(error)


@lru_cache(maxsize=4096)
def _complaint(source: str) -> str:
    try:
        engine.check(source)
    except ValueError as error:
        return str(error)
    return ""


@lru_cache(maxsize=1024)
def _position(source: str, message: str) -> int | None:
    return find_position(source, message)


def _fault(
    rows: Sequence[Row], index: int, message: str, position: int | None = None
) -> MappingSyntaxError:
    return MappingSyntaxError(
        row_index=index, target=rows[index].target, message=message, position=position
    )
