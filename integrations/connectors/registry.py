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

import structlog

from integrations.connectors.connector import Connector
from integrations.connectors.manifest import CATEGORIES

GROUP: Final = "crossdock.connectors"
_OWN: Final = frozenset(path.parent.name for path in Path(__file__).parent.glob("*/manifest.py"))
_BROUGHT: Final[dict[str, EntryPoint]] = {
    point.name: point for point in entry_points(group=GROUP) if point.name not in _OWN
}
SLUGS: Final = tuple(sorted({*_OWN, *_BROUGHT}))
log = structlog.get_logger()


class BrokenConnectorError(Exception):
    """A package brings a connector that cannot be used; the text names both and says why."""


@cache
def get(slug: str) -> Connector:
    """The connector `slug`. KeyError if there is none, BrokenConnectorError for a package's that does not
    load."""
    if slug in _OWN:
        own: Connector = import_module(f"integrations.connectors.{slug}").CONNECTOR
        return own
    if slug not in _BROUGHT:
        raise KeyError(f"There is no connector {slug!r}. There are: {', '.join(SLUGS)}.")
    return _brought(_BROUGHT[slug])


def _brought(point: EntryPoint) -> Connector:
    by = f" of the package {point.dist.name} {point.dist.version}" if point.dist else ""
    try:
        found = point.load()
    except Exception as error:  # whatever somebody else's code raises
        why = f"{type(error).__name__}: {error}"
        raise BrokenConnectorError(
            f"The connector {point.name}{by} cannot be loaded. {why}"
        ) from error
    if not isinstance(found, Connector) or found.slug != point.name:
        raise BrokenConnectorError(
            f"The entry point {point.name!r}{by} does not lead to a connector of that name."
        )
    if found.manifest.category not in CATEGORIES:
        raise BrokenConnectorError(
            f"The connector {point.name}{by} has the category {found.manifest.category!r}."
            f" There are: {', '.join(CATEGORIES)}."
        )
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
    """All connectors that can be used, in the order of the catalogue: by category, then by name. One that a
    package brings broken is left out and said in the log: the others go on."""
    found = []
    for slug in SLUGS:
        try:
            found.append(get(slug))
        except BrokenConnectorError as error:
            log.error("connector left out", connector=slug, error=str(error))
    return sorted(found, key=_place)


def _place(connector: Connector) -> tuple[int, str]:
    manifest = connector.manifest
    return CATEGORIES.index(manifest.category), manifest.label.lower()
