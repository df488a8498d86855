"""Texts of a partner as parts of a page: paragraphs, headings and lists, by three plain rules. Pure.

A blank line ends a paragraph. A line that begins with # is a heading. Lines that begin with - are a list.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

Kind = Literal["heading", "list", "paragraph"]


class Part(NamedTuple):
    """`lines`: one of a heading, the items of a list, the lines of a paragraph."""

    kind: Kind
    lines: tuple[str, ...]


def parts(text: str) -> list[Part]:
    """The text as parts. Its words stay plain text, whatever stands in them."""
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    lines = (line.strip() for line in text.splitlines())
    for kind, run in groupby(lines, key=_kind):
        if kind is None:
            continue
        found = tuple(_said(line, kind) for line in run)
        if kind == "heading":
            yield from (Part(kind, (line,)) for line in found if line)
        else:
            yield Part(kind, found)


def _kind(line: str) -> Kind | None:
    if not line:
        return None
    if line.startswith("#"):
        return "heading"
    return "list" if line.startswith("- ") else "paragraph"


def _said(line: str, kind: Kind) -> str:
    if kind == "heading":
        return line.lstrip("#").strip()
    return line.removeprefix("- ").strip() if kind == "list" else line
