"""Recomputing a sealed statement from today's records: the same bytes, or every difference by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitoring.domain.statement_build import again
from monitoring.domain.statement_check import rows_of
from monitoring.models import Statement
from monitoring.seal import Row, difference, plain


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`content`: the bytes as they come out now. `records`: what differs in the evidence, record by record;
    `figures`: what differs in the statement, place by place; both in sentences, none when `same`."""

    content: bytes
    same: bool
    records: tuple[str, ...]
    figures: tuple[str, ...]


def recompute(statement: Statement) -> Recomputed:
    """Make the statement again, as of its seal and by the terms in it. ValueError for a draft,
    UnreadableStatementError for a content that nobody could read."""
    if not statement.is_sealed:
        raise ValueError(f"{statement.name} is a draft: it is made anew all the time.")
    built = again(statement)
    same = built.bytes == statement.content
    if same:
        return Recomputed(built.bytes, same, (), ())
    figures = difference(statement.said, built.content)
    return Recomputed(
        content=built.bytes,
        same=same,
        records=tuple(_records(rows_of(statement), built.rows)),
        figures=tuple(one.sentence for one in figures if not one.path.startswith("evidence.")),
    )


def _records(sealed: list[Row], now: list[Row]) -> Iterator[str]:
    """What became of each record since the seal."""
    before = {(row.kind, row.id): plain(row.fields) for row in sealed}
    after = {(row.kind, row.id): plain(row.fields) for row in now}
    for name in sorted(before.keys() | after.keys()):
        kind, key = name
        if name not in after:
            yield f"Record {kind} {key} is gone."
        elif name not in before:
            yield f"Record {kind} {key} is new."
        else:
            for one in difference(before[name], after[name]):
                yield f"Record {kind} {key}: {one.sentence}"
