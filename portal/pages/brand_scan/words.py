"""Finding the vendor's name however it is spelled. Pure."""

import base64
import binascii
import html
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote

# In one word anywhere, as in `myCrossdockMenu`. In two only as a name: “across dock 3” and “cross-docking”
# are what warehouses do, and “cross-dock” itself is excused where a customer's data hold it.
_NAME: Final = re.compile(
    r"crossdock(?!ing|ed\b)|(?<![a-z])cross[\s\-_.·•/+~*'’|:&]{1,3}dock(?![a-z])", re.IGNORECASE
)
_AROUND: Final = 40
_TAG: Final = re.compile(r"<[^<>]*>")
_ESCAPE: Final = re.compile(r"\\u\{?([0-9a-fA-F]{2,6})\}?|\\x([0-9a-fA-F]{2})")
_IN_BASE64: Final = re.compile(r"base64,\s*([A-Za-z0-9+/=\s]{16,})")
# What is seen as nothing, and the letters of other scripts that look like those of the name.
_UNSEEN: Final = {
    code: None
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Cf" or 0x300 <= code <= 0x36F
}
_LOOKALIKES: Final = str.maketrans("сСоОѕЅԁсꓒкКοΟϲκΚ", "cCoOsSdcdkKoOckK")
_MOST_PER_TEXT: Final = 20


class Found(NamedTuple):
    """`word` as it stood there, in its surroundings."""

    word: str
    excerpt: str


class Read(NamedTuple):
    """What one text holds. `in_data`: how often the name stood in what a customer's data say."""

    found: tuple[Found, ...] = ()
    in_data: int = 0


def name_in(text: str) -> bool:
    """Whether the vendor's name stands in it, in any spelling."""
    return any(_NAME.search(view) for view in _views(text, ())[0])


def read(text: str, *, data: Sequence[str] = ()) -> Read:
    """Every place where the name stands. `data` are values of the customers' own that hold it: they say
    something about a customer and nothing about the vendor."""
    views, in_data = _views(text, data)
    found: list[Found] = []
    for view in views:
        here = [_found(view, match) for match in _NAME.finditer(view)]
        # A way of reading counts for what it shows beyond the ways before it.
        if len(here) > len(found):
            found = here
    return Read(tuple(found[:_MOST_PER_TEXT]), in_data)


def _found(text: str, match: re.Match[str]) -> Found:
    start, end = max(match.start() - _AROUND, 0), match.end() + _AROUND
    return Found(match[0], " ".join(text[start:end].split()))


def _views(text: str, data: Sequence[str]) -> tuple[list[str], int]:
    """The text as machines, browsers and people read it, and how often it says what data hold."""
    plain = _plain(text)
    decoded = _plain(_unescaped(html.unescape(text)))
    (plain, excused), (decoded, more) = _without(plain, data), _without(decoded, data)
    views = [plain, decoded]
    if "<" in decoded:
        views.append(_TAG.sub("", decoded))
    if inner := " ".join(_unpacked(text)):
        views.append(f"{decoded} {_plain(inner)}")
    return views, max(excused, more)


def _plain(text: str) -> str:
    text = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return text if text.isascii() else text.translate(_UNSEEN).translate(_LOOKALIKES)


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _ESCAPE.sub(_letter, text)
    return unquote(text) if "%" in text else text


def _letter(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= sys.maxunicode else ""


def _unpacked(text: str) -> Iterator[str]:
    """What pictures and fonts within the page hold, as far as it is text."""
    for match in _IN_BASE64.finditer(text):
        try:
            yield base64.b64decode(match[1], validate=False).decode("latin-1")
        except binascii.Error:
            continue


def _without(text: str, data: Iterable[str]) -> tuple[str, int]:
    excused = 0
    for value in data:
        # The longest first: a spelling may hold another one.
        patterns = [re.escape(one) for one in sorted(_spellings(value), key=len, reverse=True)]
        pattern = "|".join(patterns)
        if _NAME.fullmatch(value.strip()):
            # Nothing but the name: it is data only where it stands alone in its place.
            pattern = rf"(?<=[>\"'])(?:{pattern})(?=[<\"'])"
        text, times = re.subn(pattern, "…", text)
        excused += times
    return text, excused


def _spellings(value: str) -> set[str]:
    """A value as it is written in pages, JSON and CSV, and as it is read there."""
    written = (
        value, html.escape(value), value.replace('"', '""'), json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1], _unescaped(html.unescape(value)),
    )  # fmt: skip
    return {_plain(one) for one in written}
