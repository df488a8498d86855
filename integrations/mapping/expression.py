"""A source that is ready to run, and where it may."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from integrations.mapping import box, engine
from integrations.mapping.plain import is_plain, is_wide
from integrations.mapping.prune import prune
from integrations.mapping.source import Node, Row, row_source, rows_around, whole_source

_SMALL: Final = 500


class Expression(NamedTuple):
    """`boxed`: a step of it can run away, so it runs in a process of its own. `wide`: for each
    entry of a list it reaches outside, so it does that too on a document that is not small: a
    document copied into each of its lines grows with the square of them."""

    source: str
    boxed: bool
    wide: bool

    def evaluate(self, document: Any, bindings: dict[str, Any] | None, timeout_ms: int) -> Any:
        """The value, pruned. EngineError for whatever goes wrong in the engine, ValueError and
        RecursionError as `prune` raises them."""
        if self.boxed or (self.wide and not _is_small(document)):
            return box.evaluate(self.source, document, bindings=bindings, timeout_ms=timeout_ms)
        value = engine.evaluate(self.source, document, bindings=bindings, timeout_ms=timeout_ms)
        prune([value])
        return value


def whole_expression(tree: Node, rows: Sequence[Row], used: Sequence[int]) -> Expression:
    """The whole body, of the rows at the indices that `tree` was made from."""
    return Expression(whole_source(tree, rows), *_nature([rows[index] for index in used]))


def row_expression(tree: Node, rows: Sequence[Row], index: int) -> Expression:
    """One row on the whole document, through the loops around it."""
    way = [rows[at] for at in (*rows_around(tree, rows, index), index)]
    return Expression(row_source(tree, rows, index), *_nature(way))


def _nature(rows: Sequence[Row]) -> tuple[bool, bool]:
    inner = [row for row in rows if "[]." in row.target and is_wide(row.source)]
    # A loop in a loop that starts outside of both multiplies them.
    boxed = any(row.target.endswith("[]") for row in inner)
    return boxed or not all(is_plain(row.source) for row in rows), bool(inner)


def _is_small(document: Any) -> bool:
    """Has it at most 500 values?"""
    waiting, seen = [document], 0
    while waiting and seen <= _SMALL:
        value = waiting.pop()
        seen += 1
        if type(value) is dict:
            waiting.extend(value.values())
        elif type(value) is list:
            waiting.extend(value)
        if len(waiting) > _SMALL:
            return False
    return seen <= _SMALL
