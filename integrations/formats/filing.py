"""Where the fields of a segment go in a document, and what is said of too many. Shared by X12 and EDIFACT."""

from typing import Any

from integrations.formats.findings import Finding, Report
from integrations.formats.layout import Position, Step

Fields = dict[str, Any]


class Filing:
    """Puts fields where the layout wants them. `_report` takes what is wrong with the set being read."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int | None, str]] = set()
        self._report: Report = ignore

    def _append(self, node: Position, fields: Fields, target: Fields, position: int) -> None:
        items = target.get(node.key)
        if items is None:
            target[node.key] = [fields]
            return
        items.append(fields)
        if len(items) > node.max:
            code = "loop_max_use" if node.children else "segment_max_use"
            self._report(Finding(code, position, None, "", node.tag, node.loop))

    def _merge(self, node: Position, fields: Fields, target: Fields, position: int) -> None:
        if target.keys().isdisjoint(fields):
            target.update(fields)
            return
        more = target.setdefault(node.more, [])
        more.append(fields)
        if len(more) >= node.max:
            self._report(Finding("segment_max_use", position, None, "", node.tag, node.loop))

    def _report_missing(self, step: Step[Any], position: int) -> None:
        for node in step.missing:
            self._report(Finding("segment_missing", position, None, node.tag, node.tag, node.loop))

    def _report_once(self, finding: Finding) -> None:
        key = (finding.segment, finding.element, finding.value)
        if key not in self._seen:
            self._seen.add(key)
            self._report(finding)


def ignore(finding: Finding) -> None:
    """Outside of a set nothing is reported."""
