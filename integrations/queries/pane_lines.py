"""Lines of a pane, and how bad places in them are marked."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Part = dict[str, str]


class Marks(NamedTuple):
    """What to mark: paths as problems name them, and bad values in lower case."""

    paths: list[str]
    values: list[str]

    @classmethod
    def of(cls, paths: Collection[str], values: Collection[str]) -> "Marks":
        wanted = dict.fromkeys(value.strip().lower() for value in values)
        return cls([p for p in dict.fromkeys(paths) if p], [value for value in wanted if value])


@dataclass
class Line:
    """One line: `path` names the object that begins in it, `places` further names of single parts."""

    path: str
    parts: list[Part]
    places: dict[str, int] = field(default_factory=dict)
    mark: str = ""

    def names(self) -> Iterator[tuple[str, int]]:
        """Every name of a part, with its index."""
        yield from self.places.items()
        yield from ((part["path"], i) for i, part in enumerate(self.parts) if part["path"])

    def mark_value(self, value: str) -> bool:
        """Mark the parts that say `value` and nothing else, or in plain text where it stands."""
        found = [
            i
            for i, part in enumerate(self.parts)
            if _bare(part["text"]) == value and part["kind"] == ""
        ]
        if not found and len(self.parts) == 1 and value in self.parts[0]["text"].lower():
            found = self._cut_out(value)
        for index in found:
            self.mark_part(index)
        return bool(found)

    def mark_part(self, index: int) -> None:
        self.parts[index]["kind"] = "bad"
        self.mark = "bad"

    def _cut_out(self, value: str) -> list[int]:
        text = self.parts[0]["text"]
        start = text.lower().find(value)
        end = start + len(value)
        self.parts = [plain_part(t) for t in (text[:start], text[start:end], text[end:])]
        return [1]

    def shown(self) -> dict[str, Any]:
        """As the template wants it: neighbours that differ in nothing are one part."""
        parts: list[Part] = []
        for part in self.parts:
            if (
                parts
                and not (part["path"] or parts[-1]["path"])
                and part["kind"] == parts[-1]["kind"]
            ):
                parts[-1] = plain_part(parts[-1]["text"] + part["text"], kind=part["kind"])
            elif part["text"]:
                parts.append(part)
        return {"mark": self.mark, "parts": parts}


def _bare(text: str) -> str:
    return text.strip().strip('"').strip().lower()


def plain_part(text: str, *, kind: str = "", path: str = "") -> Part:
    return {"text": text, "kind": kind, "path": path}


def visible(text: str) -> str:
    """Control, direction and half characters written out, so that no text can hide or turn another."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else _written(c) for c in text)


def _written(character: str) -> str:
    """As JSON writes it, in two halves where one does not do."""
    if character <= "\uffff":
        return f"\\u{ord(character):04x}"
    high, low = divmod(ord(character) - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
