"""A monthly statement as one flat table, for spreadsheets and other programs."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from integrations.formats.table_cells import Table
from integrations.formats.table_csv import write_csv
from monitoring.seal import plain
from monitoring.statements.content import Content
from portal.core import tongue

COLUMNS: Final = ("section", "item", "name", "figure", "value")
_SECTIONS: Final = (
    "promises", "misses", "shares", "causes", "exclusions", "reconciliation", "without", "changes", "planned",
)  # fmt: skip
_SINGLE: Final = ("period", "calendar", "delivered", "evidence")
_PLAIN: Final = ("form", "number", "previous", "sealed_at", "currency")


@tongue.as_documents()
def statement_csv(content: Content, *, digest: str) -> bytes:
    """One row for each figure, values as they were sealed; `digest` is the statement's hash, empty for a
    draft."""
    rows = [[str(cell) for cell in row] for row in _rows(content, digest)]
    return write_csv(Table(list(COLUMNS), rows, [], frozenset()))


def _rows(content: Content, digest: str) -> Iterator[tuple[str, ...]]:
    for name in _PLAIN:
        yield ("statement", "", "", name, _text(getattr(content, name)))
    yield ("statement", "", "", "sha256", digest)
    yield (
        "statement",
        content.customer.slug,
        content.customer.name,
        "customer",
        content.customer.name,
    )
    for section in _SINGLE:
        yield from _figures(section, "", "", getattr(content, section))
    for section in _SECTIONS:
        for at, one in enumerate(getattr(content, section), start=1):
            yield from _figures(section, *_named(one, at), one)
    yield from _credits(content)
    for rule in content.rules:
        yield ("rules", rule.key, rule.name, "version", rule.version)


def _credits(content: Content) -> Iterator[tuple[str, ...]]:
    for figure in ("fee", "cap", "percent", "amount"):
        yield ("credits", "", "", figure, _text(getattr(content.credits, figure)))
    yield from _members("credits", "", "", "step over", content.credits.steps)
    for line in content.credits.lines:
        yield from _figures("credits", line.key, line.name, line)


def _named(one: Any, at: int) -> tuple[str, str]:
    key = getattr(one, "key", "") or getattr(one, "promise", "") or str(at)
    return key, getattr(one, "name", "") or getattr(one, "subject", "") or getattr(one, "text", "")


def _figures(section: str, key: str, name: str, one: Any) -> Iterator[tuple[str, ...]]:
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name in ("key", "name"):
            continue
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            yield from _members(section, key, name, field.name, value)
        elif isinstance(value, tuple):
            yield (section, key, name, field.name, " ".join(map(str, value)))
        elif not isinstance(value, dict):
            yield (section, key, name, field.name, _text(value))


def _members(
    section: str, key: str, name: str, figure: str, values: tuple[Any, ...]
) -> Iterator[tuple[str, ...]]:
    """`trend 2026-03`, `worth USD`: what has two parts, the first of which says which."""
    for one in values:
        which, value = (getattr(one, field.name) for field in fields(one))
        yield (section, key, name, f"{figure} {which}", _text(value))


def _text(value: Any) -> str:
    """As it stands in the sealed content; empty for none."""
    sealed = plain(value)
    return "" if sealed is None else str(sealed)
