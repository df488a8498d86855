"""Reading the files of this folder: which events there are, what their data hold, and an example of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class CatalogueError(ValueError):
    """What is wrong with the files."""


class Field(NamedTuple):
    """One field of the data: its name, what it is, and its JSON Schema."""

    name: str
    says: str
    schema: Mapping[str, Any]


class EventType(NamedTuple):
    """`says`: when it happens. `example`: the data of one that happened."""

    name: str
    group: str
    says: str
    fields: tuple[Field, ...]
    example: Mapping[str, Any]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the whole body. More fields may come: a receiver ignores them."""
        data = {f.name: {**f.schema, "description": f.says} for f in self.fields}
        return {
            "$schema": _DIALECT,
            "title": self.name,
            "description": self.says,
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": {"const": self.name},
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {"type": "object", "required": list(data), "properties": data},
            },
        }


def read(folder: Path) -> dict[str, EventType]:
    """Type → what is known of it, of all files in `folder` by their names. Raises CatalogueError."""
    fields = _load(folder / "fields.yaml")
    found: dict[str, EventType] = {}
    for path in sorted(folder.glob("[0-9]*.yaml")):
        page = _load(path)
        for name, entry in page["events"].items():
            if name in found:
                raise CatalogueError(f"{path.name}: {name} stands twice")
            found[name] = _event(name, page["group"], entry, fields)
    return found


def _event(name: str, group: str, entry: Mapping[str, Any], fields: Mapping[str, Any]) -> EventType:
    unknown = [one for one in entry["data"] if one not in fields]
    if unknown:
        raise CatalogueError(f"{name}: unknown fields {', '.join(unknown)}")
    own = tuple(
        Field(fields[one].get("as", one), fields[one]["says"], fields[one]["schema"])
        for one in entry["data"]
    )
    example = {fields[one].get("as", one): entry["example"].get(one) for one in entry["data"]}
    if entry["example"].keys() != set(entry["data"]):
        raise CatalogueError(f"{name}: the example has other fields than the data")
    return EventType(name, group, entry["says"], own, example)


def _load(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 — one of the safe loaders
