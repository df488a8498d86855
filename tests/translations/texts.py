"""Reading .po and .mo files, and the texts that sources mark."""

import ast
import gettext
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


class Entry(NamedTuple):
    """One text of a .po file. `said` has a form for one and a form for many where `many` is not blank."""

    context: str
    one: str
    many: str
    said: tuple[str, ...]
    is_fuzzy: bool


def entries() -> list[Entry]:
    blocks = (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")
    found = [_entry(block) for block in blocks if "msgid" in block]
    return [one for one in found if one.one]


def _entry(block: str) -> Entry:
    parts: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            name, line = line.split(" ", 1)
        parts[name] = parts.get(name, "") + "".join(_QUOTED.findall(line))
    said = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
    return Entry(
        _plain(parts.get("msgctxt", "")),
        _plain(parts["msgid"]),
        _plain(parts.get("msgid_plural", "")),
        tuple(_plain(text) for text in said),
        re.search(r"^#, .*fuzzy", block, re.M) is not None,
    )


def _plain(text: str) -> str:
    return ast.literal_eval(f'"{text}"') if text else ""


def compiled() -> gettext.GNUTranslations:
    with (FOLDER / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def places(text: str) -> list[str]:
    """What is filled in: %(name)s, {name}, and a per cent sign that is no place."""
    return sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%%", text))


def sources(*endings: str) -> str:
    """All sources whose texts are marked, as one text."""
    folders = ("portal", "integrations", "monitoring", "billing", "templates")
    files = (path for name in folders for path in sorted((ROOT / name).rglob("*")))
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix in endings)
