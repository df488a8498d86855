"""Whole crosswalks from files: what a file would change."""

from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from integrations.domain import lookups, subjects
from integrations.domain.subjects import Content
from integrations.formats.table import Table
from integrations.models import LookupTable

Mode = Literal["add", "replace"]
CODE, MEANS = "code", "means"
LONGEST = 200
_NAMES = {CODE: CODE, MEANS: MEANS, "value": MEANS}
_BLANKS = " \u00a0"
_MOST_NEAREST = 10  # each is compared with thousands of products


class Refusal(NamedTuple):
    """A row of the file, counted from 1 with the head, that cannot be taken."""

    row: int
    reason: str


class Plan(NamedTuple):
    """What a file would do to a table.

    `changed` has (old, new) by code. `content` is the whole table afterwards, in the form of
    `subjects.lookup_content`; `base` the digest of what it is now.
    """

    added: dict[str, str]
    changed: dict[str, tuple[str, str]]
    removed: dict[str, str]
    unchanged: int
    refused: list[Refusal]
    notes: list[str]
    content: Content
    base: str

    @property
    def fits(self) -> bool:
        """Whether it may be applied, and would do anything."""
        return not self.refused and bool(self.added or self.changed or self.removed)


def plan(table: LookupTable, now: Content, given: Table, *, mode: Mode) -> Plan:
    """What `given` would do to what the table says `now`.

    "add" keeps the rows it does not name, "replace" removes them.

    The head has to name the columns code and means (or value). A formula, an empty or too long cell, a
    code that stands twice, and where the table asks the item list a new value that is no product, refuse
    their row. Blanks around a cell are left out; an empty row is passed over.
    """
    there: dict[str, str] = now["rows"]
    wanted, refused, places = _wanted(given)
    new = {code: value for code, value in wanted.items() if there.get(code) != value}
    refused += _no_products(table, new, places)
    removed = {c: v for c, v in there.items() if c not in wanted} if mode == "replace" else {}
    rows = {code: value for code, value in there.items() if code not in removed} | wanted
    return Plan(
        added={code: value for code, value in new.items() if code not in there},
        changed={code: (there[code], value) for code, value in new.items() if code in there},
        removed=removed,
        unchanged=len(wanted) - len(new),
        refused=sorted(refused),
        notes=given.notes + _left_out(given),
        content={**now, "rows": rows},
        base=subjects.digest(now),
    )


def table_of(table: LookupTable) -> Table:
    """The rows as a file has them."""
    rows = [[code, value] for code, value in table.rows.values_list("code", "value")]
    return Table([CODE, MEANS], rows, [])


def _columns(given: Table) -> dict[str, int]:
    """The first column of each name we know."""
    found: dict[str, int] = {}
    for index, name in enumerate(given.columns):
        known = _NAMES.get(name.strip().lower())
        if known:
            found.setdefault(known, index)
    return found


def _left_out(given: Table) -> list[str]:
    used = set(_columns(given).values())
    names = [name for i, name in enumerate(given.columns) if i not in used and name]
    return [f"Not used: {', '.join(names)}."] if names and used else []


def _wanted(given: Table) -> tuple[dict[str, str], list[Refusal], dict[str, int]]:
    """Value by code, what is refused, and the row in which each code stands."""
    columns = _columns(given)
    if len(columns) < 2:
        return {}, [Refusal(1, "The first row has to name the columns: code, means.")], {}
    refused: list[Refusal] = []
    wanted: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, code, value, fault in _read(given, columns[CODE], columns[MEANS]):
        if fault:
            refused.append(Refusal(number, fault))
        elif code in wanted:
            refused.append(Refusal(number, f"{code} stands in row {places[code]} already."))
        else:
            wanted[code], places[code] = value, number
    if not wanted and not refused:
        refused.append(Refusal(1, "The file has no row under its head."))
    return wanted, refused, places


def _read(given: Table, code_at: int, value_at: int) -> Iterator[tuple[int, str, str, str]]:
    for index, row in enumerate(given.rows):
        code, value = row[code_at].strip(_BLANKS), row[value_at].strip(_BLANKS)
        computed = [at for at in (code_at, value_at) if (index, at) in given.formulas]
        if computed:
            yield index + 2, code, value, _formula(row[computed[0]])
        elif code or value:
            yield index + 2, code, value, _fault(code, value)


def _formula(cell: str) -> str:
    return f"{cell[:60]} is a formula. Where it is meant as text, put ' before it."


def _fault(code: str, value: str) -> str:
    for name, text in ((CODE, code), (MEANS, value)):
        if not text:
            return f"The cell under {name} is empty."
        if len(text) > LONGEST:
            return f"{text[:20]}… has {len(text)} characters; {LONGEST} fit."
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return f"The cell under {name} holds a character that is no text."
    return ""


def _no_products(table: LookupTable, new: dict[str, str], places: dict[str, int]) -> list[Refusal]:
    """New values that the item list does not have; the first ones with what may have been meant."""
    if table.default != LookupTable.Default.MASTER or not new:
        return []
    unknown = lookups.unknown_products(table, new.values())
    codes = iter([code for code, value in new.items() if value in unknown])
    refused = [
        Refusal(places[code], lookups.no_product(table, code, new[code]))
        for code in islice(codes, _MOST_NEAREST)
    ]
    return refused + [Refusal(places[c], f"{new[c]} is no product we know.") for c in codes]
