"""Text as lines, each counted and none endless."""

import io
from collections.abc import Iterator
from typing import Final

from integrations.formats.flat.notes import Notes, Refusal, issue

_SPOKEN: Final = {"\r\n": "CR LF", "\n": "LF", "\r": "CR"}


class Lines:
    """Lines with their ends. `number` is the last one's; a record may take several lines."""

    def __init__(self, text: str, *, longest: int, notes: Notes) -> None:
        self.number = 0
        self._source = io.StringIO(text, newline="")
        self._longest = longest
        self._notes = notes
        self._length = 0  # of the record so far
        self._line = ""
        self._usual = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.number += 1
        self._length += len(line)
        if self._length > self._longest + 2:
            raise Refusal(issue("line_too_long", row=self.number, value=self._longest))
        self._line = line
        return line

    def skip(self, count: int) -> None:
        for _ in range(count):
            if next(self, None) is None:
                return
            self.end_record()

    def end_record(self) -> None:
        """The last line ends a record. Line ends inside of quotes are content and are not asked."""
        self._length = 0
        end = _end_of(self._line)
        if not end:
            return
        self._usual = self._usual or end
        if end != self._usual:
            self._notes.once("mixed_line_ends", row=self.number, value=_SPOKEN[end])


def _end_of(line: str) -> str:
    if line.endswith("\r\n"):
        return "\r\n"
    return line[-1:] if line[-1:] in ("\n", "\r") else ""


def without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
