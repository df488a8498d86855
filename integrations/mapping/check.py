"""What is wrong with the rows of a draft, before any document is run through them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.mapping.rowcheck import check_row
from integrations.mapping.schema_fields import TargetField, target_fields
from integrations.mapping.source import MappingSyntaxError, Row, grow_tree

_MOST_SEARCHES: Final = 3


class Fault(NamedTuple):
    """The row at place `row`, from 0, cannot run. `position` is the place in its source, or None
    where it is not known."""

    row: int
    target: str
    message: str
    position: int | None


def missing(schema: Mapping[str, Any], rows: Sequence[Row]) -> list[TargetField]:
    """The required fields of a canonical schema that no row writes, in the schema's order.

    A row for an object or a list writes everything below it, and a row below an object writes
    that object. What an optional object needs is missing only if a row writes into the object.
    """
    targets = [row.target for row in rows]
    names = {_name(target) for target in targets}
    whole = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
    return [
        field
        for field in target_fields(schema, given=targets)
        if field.required and not _is_written(_name(field.path), names, whole)
    ]


def _is_written(path: str, names: set[str], whole: set[str]) -> bool:
    if path in names or any(name.startswith(f"{path}.") for name in names):
        return True
    steps = path.split(".")
    return any(".".join(steps[:depth]) in whole for depth in range(1, len(steps)))


def _name(target: str) -> str:
    return target.replace("[]", "").replace("`", "")


def faults(rows: Sequence[Row]) -> list[Fault]:
    """Every row that does not compile, or whose target contradicts another one's, in their order.

    Of targets that contradict each other the later one is at fault. The position is told for the
    first few rows only.
    """
    found: dict[int, Fault] = {}
    for index in range(len(rows)):
        try:
            check_row(rows, index, searching=len(found) < _MOST_SEARCHES)
        except MappingSyntaxError as error:
            found[index] = _as_fault(error)
    for unplaced in grow_tree(rows, [i for i in range(len(rows)) if i not in found])[1]:
        found.setdefault(unplaced.row_index, _as_fault(unplaced))
    return [found[index] for index in sorted(found)]


def _as_fault(error: MappingSyntaxError) -> Fault:
    return Fault(error.row_index, error.target, error.message, error.position)
