"""What came of reading a file, and of writing one."""

from typing import Any, NamedTuple

from integrations.formats.flat.issues import Issue, worst


class Reading(NamedTuple):
    """`documents` are dicts of JSON values; numbers are text in their shortest form, dates and times
    ISO 8601, and an empty cell is None. A rejected file has none.

    `columns` are those the file has, by their own names and in its order. `outer` is what stands around
    the documents, by record: a file's header and trailer.
    """

    documents: list[dict[str, Any]]
    problems: list[Issue]
    columns: list[str]
    outer: dict[str, Any] = {}

    @property
    def verdict(self) -> str:
        """accept, warn, quarantine or reject, the worst of the problems."""
        return worst(found.severity for found in self.problems)


class Written(NamedTuple):
    """A file of the documents without problems. A problem's `document` is the index of one that is
    not in it; its `row` is the entry of the document's lines, counted from 1."""

    body: bytes
    problems: list[Issue]

    @property
    def left_out(self) -> list[int]:
        return sorted({p.document for p in self.problems if p.document is not None})
