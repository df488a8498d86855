"""Issues as they are found, and the end of a reading that cannot go on."""

from collections.abc import Mapping
from typing import Final

from integrations.canonical.problem import shorten, storable
from integrations.formats.flat.issues import CATALOGUE, Issue

MOST: Final = 1_000


class Refusal(Exception):
    """The file is not read. It never leaves the package."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.text)
        self.issue = issue


def issue(code: str, *, row: int | None = None, column: str = "", value: object = "") -> Issue:
    """An issue with its usual severity. `value` is shortened."""
    return Issue(code, CATALOGUE[code].severity, row, shorten(storable(column)), _shown(value))


def _shown(value: object) -> str:
    return shorten(storable(value if isinstance(value, str) else str(value)))


class Notes:
    """Issues of one file. `tolerate` are the codes that are only remarked on."""

    def __init__(self, tolerate: frozenset[str] = frozenset()) -> None:
        self.issues: list[Issue] = []
        self._tolerate = tolerate
        self._told: set[str] = set()

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str = "",
        value: object = "",
        document: int | None = None,
    ) -> None:
        """Note it. Refusal if it rejects the file, or is one too many to be told."""
        found = issue(code, row=row, column=column, value=value)._replace(document=document)
        if found.severity == "reject":
            if code not in self._tolerate:
                raise Refusal(found)
            found = found._replace(severity="warn")
        if len(self.issues) >= MOST:
            if found.severity == "warn":
                return
            raise Refusal(issue("too_many_problems", value=MOST))
        self.issues.append(found)

    def once(self, code: str, *, row: int | None = None, value: object = "") -> None:
        """Note it for the first place only: it concerns the file, not the row."""
        if code not in self._told:
            self._told.add(code)
            self.add(code, row=row, value=value)

    def placed(self, documents: Mapping[int, int]) -> list[Issue]:
        """The issues with the documents they are about: `documents` is row → index."""
        return [
            found._replace(document=documents.get(found.row)) if found.row is not None else found
            for found in self.issues
        ]
