"""The levels of an 856 → its lines, each with the order and the packages above it."""

from typing import Any

from integrations.formats.x12.issues import Finding, Report

Document = dict[str, Any]

# What a line takes from the levels above it; the nearest one wins.
INHERITED = ("po_number", "po_date", "sscc", "tracking")
ITEM_KEYS = (
    "line_no",
    "shipped_line_no",
    "shipped",
    "uom",
    "ordered",
    "ordered_uom",
    "ids",
    "status",
    "description",
)
ITEM = "I"


def finish_ship_notice(document: Document, report: Report) -> None:
    """Add "lines" to an 856, one for each item level; broken parents are reported once each.

    The levels stay as they were sent: the lines are a view of them and are not written back.
    """
    levels = document.get("levels", [])
    by_id: dict[str, Document] = {level["id"]: level for level in levels if level.get("id")}
    broken = _broken(levels, by_id)
    for identifier in sorted(broken):
        report(Finding("hierarchy_broken", value=identifier, segment="HL"))
    inherited = _inherited(by_id, broken)
    lines = [_line(level, inherited) for level in levels if level.get("level") == ITEM]
    if lines:
        document["lines"] = lines


def _broken(levels: list[Document], by_id: dict[str, Document]) -> set[str]:
    """The ids whose way up ends at a parent that is not there, or never ends."""
    good: set[str] = set()
    broken: set[str] = set()
    for level in levels:
        way: list[str] = []
        seen: set[str] = set()
        current = level.get("id", "")
        while current not in good and current not in seen and current not in broken:
            way.append(current)
            seen.add(current)
            if current not in by_id:
                break
            parent = by_id[current].get("parent", "")
            if not parent:
                good.update(way)
                break
            current = parent
        (good if current in good else broken).update(way)
    return broken & {level.get("id", "") for level in levels}


def _inherited(by_id: dict[str, Document], broken: set[str]) -> dict[str, Document]:
    """What each level gives to a line at or below it; found once a level, however deep they go."""
    found: dict[str, Document] = {}
    for identifier in by_id:
        way = []
        current = identifier
        while current in by_id and current not in found:
            way.append(current)
            # A broken level has no way up that could be trusted.
            current = "" if current in broken else by_id[current].get("parent", "")
        above = found.get(current, {})
        for step in reversed(way):
            own = {key: by_id[step][key] for key in INHERITED if key in by_id[step]}
            above = found[step] = above | own
    return found


def _line(level: Document, inherited: dict[str, Document]) -> Document:
    line = {key: level[key] for key in ITEM_KEYS if key in level}
    own = {key: level[key] for key in INHERITED if key in level}
    return line | inherited.get(level.get("id", ""), {}) | own
