"""The data of the catalogue as values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from billing.plans import reading, writing


class MetricSeed(NamedTuple):
    """A metric as `billing.models.Metric` has it."""

    code: str
    name: str
    unit: str
    kinds: tuple[str, ...]
    aggregation: str
    field: str
    filters: Mapping[str, list[str]]


class Example(NamedTuple):
    """An example plan; `content` as docs/plans.md has it."""

    slug: str
    name: str
    tier: str
    description: str
    content: Mapping[str, Any]


class Bundle(NamedTuple):
    """A service, and the examples of what may be asked for it. `place` is where it stands among them."""

    place: int
    name: str
    about: str
    examples: tuple[Example, ...]


def read_metrics(path: Path) -> tuple[MetricSeed, ...]:
    return tuple(_metric(code, said) for code, said in _load(path).items())


def _metric(code: str, said: Mapping[str, Any]) -> MetricSeed:
    return MetricSeed(
        code, said["name"], said["unit"], tuple(said["kinds"]), said["aggregation"],
        said.get("field", ""), said.get("filters", {}),
    )  # fmt: skip


def read_bundle(path: Path) -> Bundle:
    """TermsError for prices that are none."""
    said = _load(path)
    found = tuple(_example(said["name"], slug, one) for slug, one in said["plans"].items())
    return Bundle(said["place"], said["name"], said["about"], found)


def _example(bundle: str, slug: str, said: Mapping[str, Any]) -> Example:
    content = {"currency": "USD", **said["content"]}
    return Example(
        slug, f"{bundle}, {said['tier']}", said["tier"], said["description"],
        writing.write(reading.read(content)),
    )  # fmt: skip


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
