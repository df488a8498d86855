"""One document held against its profile: what `read` found wrong with its values shows in the document.

So a document can stand alone: cut out of its file, and mended by a person.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, Final

from integrations.canonical.problem import Problem, format_path, shorten
from integrations.formats.flat.issues import CATALOGUE
from integrations.formats.flat.profile import AnyProfile, Column, FixedWidth, Record, Xml

Place = tuple[str, ...]  # names from the document on; lists have none
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def check(document: dict[str, Any], profile: AnyProfile) -> list[Problem]:
    """What of `document`, as `read` makes them, is not of its column's kind, or missing."""
    return list(_group(document, _columns(profile), place=(), path=[]))


def _columns(profile: AnyProfile) -> dict[Place, Column]:
    if isinstance(profile, Xml):
        return {tuple(column.name.split("/")): column for column in profile.columns}
    columns = profile.columns if not isinstance(profile, FixedWidth) else profile.records[0].columns
    if isinstance(profile, FixedWidth) and len(profile.records) > 1:
        return dict(_of_records(profile))
    group = profile.group_by
    above = {*group.by, *group.head} if group else set()
    return {
        (column.name,) if not group or column.name in above else (group.lines, column.name): column
        for column in columns
    }


def _of_records(profile: FixedWidth) -> Iterator[tuple[Place, Column]]:
    by_name = {record.name: record for record in profile.records}
    for record in profile.records:
        if record.role in ("document", "part"):
            for column in record.columns:
                yield (*_place(record, by_name), column.name), column


def _place(record: Record, by_name: dict[str, Record]) -> Place:
    if record.role == "document":
        return ()
    above = by_name.get(record.within)
    return (*(_place(above, by_name) if above else ()), record.name)


def _group(
    group: dict[str, Any], columns: dict[Place, Column], *, place: Place, path: list[str | int]
) -> Iterator[Problem]:
    for below, column in columns.items():
        if column.required and below[:-1] == place and group.get(below[-1]) is None:
            yield _problem("value_missing", [*path, below[-1]], "")
    for name, value in group.items():
        yield from _value(value, columns, place=(*place, name), path=[*path, name])


def _value(
    value: Any, columns: dict[Place, Column], *, place: Place, path: list[str | int]
) -> Iterator[Problem]:
    column = columns.get(place)
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _value(entry, columns, place=place, path=[*path, number])
    elif isinstance(value, dict):
        if column is not None:
            yield from _with_attributes(value, column, path)
        yield from _group(value, columns, place=place, path=path)
    elif column is not None and value is not None:
        yield from _single(value, column, path)


def _with_attributes(
    group: dict[str, Any], column: Column, path: list[str | int]
) -> Iterator[Problem]:
    """XML: a value may stand beside attributes, but not among elements."""
    value = group.get("#text")
    if any(name != "#text" and not name.startswith("@") for name in group):
        yield _problem("not_a_value", path, "")
    elif value is not None:
        yield from _single(value, column, path)
    elif column.required:
        yield _problem("value_missing", path, "")


def _single(value: Any, column: Column, path: list[str | int]) -> Iterator[Problem]:
    wrong = _WRONG[column.kind](value)
    if wrong:
        yield _problem(wrong, path, value)


def _problem(code: str, path: list[str | int], value: Any) -> Problem:
    kind, place, shown = CATALOGUE[code], format_path(path), shorten(value)
    return Problem(kind.code, place, shown, f"{place}: {kind.sentence.replace('{value}', shown)}")


def _number(value: Any) -> str:
    fits = not isinstance(value, bool) and _NUMBER.fullmatch(str(value))
    return "" if fits else "not_a_number"


def _whole(value: Any) -> str:
    return _number(value) or ("not_whole" if "." in str(value) else "")


def _iso(read: Callable[[str], Any], code: str) -> Callable[[Any], str]:
    def wrong(value: Any) -> str:
        try:
            read(str(value))
        except ValueError:
            return code
        return ""

    return wrong


_WRONG: Final[dict[str, Callable[[Any], str]]] = {
    "text": lambda value: "",
    "integer": _whole,
    "decimal": _number,
    "boolean": lambda value: "" if isinstance(value, bool) else "not_yes_or_no",
    "date": _iso(date.fromisoformat, "not_a_date"),
    "time": _iso(time.fromisoformat, "not_a_time"),
    "datetime": _iso(datetime.fromisoformat, "not_a_date"),
}
