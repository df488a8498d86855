"""Writes the files a connector begins with, and names it where connectors are named."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from integrations.connectors import registry
from integrations.connectors.manifest import CATEGORIES

_HERE: Final = Path(__file__).parent
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{1,29}")
_FORBIDDEN: Final = '"\\\n{}'


class RefusedError(Exception):
    """It cannot be begun; the text says why, and nothing was written."""


def begin(root: Path, *, slug: str, label: str, category: str) -> list[Path]:
    """The connector's files below `root`, a checkout. Gives what was written, and raises RefusedError for
    a name that is taken or none, a category there is not, and files that are there already."""
    _refuse(slug, label, category)
    words = {"{slug}": slug, "{label}": label, "{category}": category}
    files = dict(_files(root, words))
    there = [path for path in files if path.exists()]
    if there:
        raise RefusedError(f"There is a file already: {there[0].relative_to(root)}.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    contracts = root / "pyproject.toml"
    contracts.write_text(_named(contracts.read_text("utf-8"), slug), "utf-8")
    return [*files, contracts]


def _refuse(slug: str, label: str, category: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise RefusedError("The slug is small letters, digits and _, such as acme_erp.")
    if slug in registry.SLUGS or (_HERE.parent / "connectors" / slug).exists():
        raise RefusedError(f"{slug} is taken.")
    if category not in CATEGORIES:
        raise RefusedError(f"There is no category {category}. There are: {', '.join(CATEGORIES)}.")
    if not label.strip() or any(sign in label for sign in _FORBIDDEN):
        raise RefusedError("The label is what people call the system, in a few plain words.")


def _files(root: Path, words: dict[str, str]) -> Iterator[tuple[Path, str]]:
    slug = words["{slug}"]
    targets = {
        "connector": root / "integrations" / "connectors" / slug,
        "tests": root / "tests" / "connectors" / slug,
    }
    for name, target in targets.items():
        for source in sorted((_HERE / name).rglob("*.txt")):
            path = source.relative_to(_HERE / name).with_suffix("")
            text = _filled(source.read_text("utf-8"), words)
            yield target / _filled(str(path), words), text


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _named(text: str, slug: str) -> str:
    """The import contracts with the connector in each of their lists of connectors."""
    for suffix in ("", ".mapper"):
        line = f'    "integrations.connectors.woocommerce{suffix}",\n'
        text = text.replace(line, f'{line}    "integrations.connectors.{slug}{suffix}",\n')
    return text
