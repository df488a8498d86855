"""Data set as a PDF: the same bytes for the same data."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

_COMMON: Final = Path(__file__).with_name("common.typ")
_LONGEST: Final = 300
_EMBEDDED_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
# These make one text read as another: "Co" that looks like "oC".
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f")
_FOOTER_LENGTH: Final = 60


def pdf(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """`data` as `template` sets it, dated `at` (aware).

    The texts reach the template as data, so that nothing in them is markup. Fonts are the compiler's own;
    only scripts these lack are set in fonts of the machine, and there the bytes depend on it.
    """
    made = _compiler(template, data).compile(format="pdf", timestamp=int(utc(at).timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("one document was asked for")
    return made


def first_page(template: Path, data: Mapping[str, Any], *, per_inch: int) -> bytes:
    """As `pdf`, its first page as a PNG of so many pixels per inch: to be looked at before it is printed."""
    made = _compiler(template, data).compile(format="png", ppi=per_inch)
    return made[0] if isinstance(made, list) else bytes(made or b"")


def _compiler(template: Path, data: Mapping[str, Any]) -> typst.Compiler:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return typst.Compiler(
        _COMMON.read_bytes() + template.read_bytes(),
        font_paths=_fonts(with_system=_needs_system_fonts(text)),
        sys_inputs={"data": text},
    )


def utc(at: datetime) -> datetime:
    """The same instant in UTC. ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time on a document has a zone")
    return at.astimezone(UTC)


def shown(text: str, *, most: int = _LONGEST) -> str:
    """`text` without what cannot be printed: control characters, pictures no font here has."""
    kept = "".join(c for c in " ".join(text.split()) if not _is_unprintable(c))
    return kept[:most].strip()


def printable(value: Any, *, most: int = _LONGEST) -> Any:
    """`value` with every text in its groups and lists as `shown` has it."""
    if isinstance(value, str):
        return shown(value, most=most)
    if isinstance(value, dict):
        return {key: printable(item, most=most) for key, item in value.items()}
    return [printable(item, most=most) for item in value] if isinstance(value, list) else value


def short(text: str) -> str:
    """As much of `text` as a footer has room for."""
    return text if len(text) <= _FOOTER_LENGTH else text[: _FOOTER_LENGTH - 1] + "…"


def _is_unprintable(character: str) -> bool:
    category = unicodedata.category(character)
    is_picture = character >= "\U0001f000" and category in {"So", "Sk"}
    return is_picture or category in _UNPRINTABLE or character in _REORDERING


def _needs_system_fonts(text: str) -> bool:
    return any(not _is_embedded(c) for c in _letters(text))


def _letters(text: str) -> Iterable[str]:
    return (c for c in set(text) if c.isalpha() and not c.isascii())


def _is_embedded(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_EMBEDDED_SCRIPTS)


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system)
