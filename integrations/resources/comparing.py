"""A file beside the one that came before it: which rows came, changed and went. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from integrations.resources import asking, rows
from integrations.resources.definition import Definition
from integrations.resources.relations import FileUnfitError, Reading
from integrations.resources.rows import Table

Row = Mapping[str, Any]


class Change(NamedTuple):
    """One row that came, changed or, `is_deleted`, went or is marked so. `row` as it is or was last."""

    key: str
    row: Row
    is_deleted: bool


def by_key(definition: Definition, table: Table) -> dict[str, Row]:
    """The rows by what they are called in an address. FileUnfitError where two are called alike, or one not
    at all: it could be read by no address."""
    wanted = Reading(
        definition.relation, asking.columns(definition), limit=len(table.rows),
        deleted=asking.marked(definition),
    )  # fmt: skip
    found: dict[str, Row] = {}
    for at, row in enumerate(rows.read(table, wanted), start=1):
        for one in definition.key_fields:
            if row[one.column] in (None, ""):
                raise FileUnfitError(f"The {at}. row has no {one.column}, which is of its key.")
        key = asking.key_of(definition, row)
        if key in found:
            raise FileUnfitError(f"Two rows are called {key[:60]}: the key is not one of each row.")
        found[key] = row
    return found


def changes(before: Mapping[str, Row], now: Mapping[str, Row]) -> list[Change]:
    """What is to be told, in the order of the file; then what went."""
    there = [
        Change(key, row, asking.is_deleted(row))
        for key, row in now.items()
        if before.get(key) != row
    ]
    return there + [Change(key, row, True) for key, row in before.items() if key not in now]
