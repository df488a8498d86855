"""The connectors there are: a folder here for each, and those that installed packages bring along.

A package brings one by an entry point of the group `crossdock.connectors`, whose name is the slug and
whose value leads to a `Connector`. A slug of ours stays ours.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from pathlib import Path
from typing import Final

from integrations.connectors.connector import Connector
from integrations.connectors.manifest import CATEGORIES

GROUP: Final = "crossdock.connectors"
_OWN: Final = frozenset(path.parent.name for path in Path(__file__).parent.glob("*/manifest.py"))
_BROUGHT: Final[dict[str, EntryPoint]] = {
    point.name: point for point in entry_points(group=GROUP) if point.name not in _OWN
}
SLUGS: Final = tuple(sorted({*_OWN, *_BROUGHT}))


@cache
def get(slug: str) -> Connector:
    """The connector `slug`. KeyError if there is none."""
    if slug in _OWN:
        found = import_module(f"integrations.connectors.{slug}").CONNECTOR
    elif slug in _BROUGHT:
        found = _BROUGHT[slug].load()
    else:
        raise KeyError(f"There is no connector {slug!r}. There are: {', '.join(SLUGS)}.")
    if not isinstance(found, Connector) or found.slug != slug:
        raise TypeError(f"The entry point {slug!r} does not lead to a connector of that name.")
    return found


def readme(slug: str) -> str:
    """The README of a connector; empty where the package that brings it has none. KeyError as `get`."""
    get(slug)
    package = _BROUGHT[slug].module if slug in _BROUGHT else f"integrations.connectors.{slug}"
    if not hasattr(import_module(package), "__path__"):
        return ""  # a single file has none beside it
    file = files(package) / "README.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def everyone() -> list[Connector]:
    """All connectors, in the order of the catalogue: by category, then by name."""
    return sorted(map(get, SLUGS), key=_place)


def _place(connector: Connector) -> tuple[int, str]:
    manifest = connector.manifest
    return CATEGORIES.index(manifest.category), manifest.label.lower()
