"""What a message says, before it takes the shape of a mail or a service."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, NamedTuple

Purpose = Literal[
    "raised", "came_back", "repeated", "escalated", "acknowledged", "over", "digest", "test"
]
TITLE_MOST: Final = 300
LABEL_MOST: Final = 60
# What moves the cursor, turns the direction of writing or hides: a name must not draw outside its place.
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)
_BEFORE: Final[dict[Purpose, str]] = {
    "raised": "",
    "came_back": "Came back: ",
    "repeated": "Still open: ",
    "escalated": "Nobody has it yet: ",
    "acknowledged": "In hand: ",
    "over": "Over: ",
    "digest": "",
    "test": "",
}


def plain(text: str, *, most: int) -> str:
    """One line of at most `most` characters: without control characters, cut with an ellipsis."""
    line = " ".join(_UNSEEN.sub(" ", text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


class Item(NamedTuple):
    """One alert of a digest, in lines that `plain` has made."""

    title: str
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class Content:
    """`title` what is wrong, `where` customer and endpoint, `facts` (label, value) in the receiver's
    zone, `url` the page of it, `items` those of a digest. `severity` 1 to 4, None for none. Whatever a
    document has put into the texts becomes one line each."""

    purpose: Purpose
    title: str
    where: str = ""
    severity: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        lines = {
            "title": plain(self.title, most=TITLE_MOST),
            "where": plain(self.where, most=TITLE_MOST),
            "facts": tuple(
                (plain(label, most=LABEL_MOST), plain(value, most=TITLE_MOST))
                for label, value in self.facts
            ),
        }
        for name, line in lines.items():
            object.__setattr__(self, name, line)

    @property
    def headline(self) -> str:
        """The first line, and a mail's subject."""
        mark = f"S{self.severity} " if self.severity and self.purpose != "over" else ""
        return plain(f"{_BEFORE[self.purpose]}{mark}{self.title}", most=TITLE_MOST)

    @property
    def asks(self) -> bool:
        """Whether it wants somebody to say that they have it."""
        return self.purpose in ("raised", "came_back", "repeated", "escalated")


def to_json(content: Content) -> dict[str, Any]:
    return asdict(content)


def from_json(stored: Mapping[str, Any]) -> Content:
    return Content(
        **{
            **stored,
            "facts": tuple((label, value) for label, value in stored["facts"]),
            "items": tuple(Item(*item) for item in stored["items"]),
        }
    )


def as_text(content: Content, *, link: str = "") -> str:
    """The message in lines. `link`: where it is acknowledged, or blank."""
    parts = [content.headline]
    if content.where:
        parts.append(content.where)
    if content.facts:
        parts.append("")
        parts += [f"{label}: {value}" for label, value in content.facts]
    for item in content.items:
        parts += [
            "",
            f"- {item.title}",
            f"  {item.where}",
            *([f"  {item.url}"] if item.url else []),
        ]
    if content.url:
        parts += ["", f"Look at it: {content.url}"]
    if link:
        parts += ["", f"Say that you have it, without signing in: {link}"]
    return "\n".join(parts)
