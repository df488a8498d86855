"""A mapped document as a profile writes it: what has a column, and nothing else. Pure.

The agreement says what a file holds, so a whole record may be given: its other fields are left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.connectors.flat_files.nesting import value_at
from integrations.formats import flat


def shaped(document: Mapping[str, Any], profile: flat.AnyProfile) -> dict[str, Any]:
    """The document under the names of the profile's columns."""
    if isinstance(profile, flat.Xml):
        known = [column.name for column in profile.columns]
        return _pruned(document, known, "") if known else dict(document)
    if isinstance(profile, flat.FixedWidth):
        if len(profile.records) > 1:
            return _recorded(document, profile)
        return _grouped(document, profile.records[0].columns, profile.group_by)
    return _grouped(document, profile.columns, profile.group_by)


def _grouped(
    document: Mapping[str, Any], columns: Iterable[flat.Column], group: flat.Grouping | None
) -> dict[str, Any]:
    names = [column.name for column in columns]
    if group is None:
        return {name: value_at(document, name) for name in names}
    above = [name for name in names if name in {*group.by, *group.head}]
    below = [name for name in names if name not in above]
    lines = value_at(document, group.lines)
    return {
        **{name: value_at(document, name) for name in above},
        group.lines: [
            {name: value_at(line, name) for name in below}
            for line in (lines if isinstance(lines, list) else [])
        ],
    }


def _recorded(document: Mapping[str, Any], profile: flat.FixedWidth) -> dict[str, Any]:
    first = next(record for record in profile.records if record.role == "document")
    return _record(document, first, profile, within="")


def _record(
    values: Any, record: flat.Record, profile: flat.FixedWidth, *, within: str
) -> dict[str, Any]:
    found: dict[str, Any] = {c.name: value_at(values, c.name) for c in record.columns}
    for part in profile.records:
        if part.role != "part" or part.within != within:
            continue
        below = value_at(values, part.name)
        if part.many:
            entries = below if isinstance(below, list) else []
            found[part.name] = [_record(e, part, profile, within=part.name) for e in entries]
        elif below is not None:
            found[part.name] = _record(below, part, profile, within=part.name)
    return found


def _pruned(group: Mapping[str, Any], known: list[str], path: str) -> dict[str, Any]:
    found = {}
    for name, value in group.items():
        place = f"{path}/{name}" if path else name
        if place in known or (name == "#text" and path in known):
            found[name] = value
        elif any(column.startswith(f"{place}/") for column in known):
            below = value if isinstance(value, list) else [value]
            kept = [_pruned(e, known, place) if isinstance(e, Mapping) else e for e in below]
            found[name] = kept if isinstance(value, list) else kept[0]
    return found
