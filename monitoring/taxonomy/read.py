"""Reading the files of this folder, one per category, and refusing what is wrong with them.

A wrong row must stop the start and not a case at night, so everything is checked at import.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any, Final

import yaml

from monitoring.taxonomy.kinds import (
    CATEGORIES,
    LOOKUPS,
    PLACEHOLDERS,
    RECOVERIES,
    REMEDIES,
    Escalation,
    Kind,
)

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GIVEN: Final = frozenset(Kind._fields) - {"category"}
_REQUIRED: Final = _GIVEN - Kind._field_defaults.keys()
_NUMBERS: Final = ("severity", "typical_minutes")
_LISTS: Final = ("playbook", "remedies")
_OTHERS: Final = ("skip_needs_approval", "escalates")
_LIMITS: Final = {"documents_over", "minutes_over"}
_SEVERITIES: Final = (1, 2, 3, 4)
_LONGEST_CODE: Final = 40  # of ExceptionCase.code


class TaxonomyError(ValueError):
    """Everything that is wrong with the files, a line each."""


def read(folder: Path) -> dict[str, Kind]:
    """Code → kind, of all files in `folder`, by category. Raises TaxonomyError."""
    files = {path.stem: path for path in folder.glob("*.yaml")}
    faults = [f"{name}.yaml: unknown category" for name in sorted(files.keys() - CATEGORIES.keys())]
    faults += [f"{name}.yaml is missing" for name in CATEGORIES if name not in files]
    kinds: list[Kind] = []
    for name, category in CATEGORIES.items():
        for place, entry in _entries(files[name]) if name in files else ():
            found = list(_faults(entry)) if isinstance(entry, dict) else ["must have fields"]
            faults += [f"{place}: {fault}" for fault in found]
            if not found:
                kinds.append(_kind(entry, category))
    faults += [f"duplicate code: {code}" for code in _repeated(kind.code for kind in kinds)]
    faults += [f"duplicate label: {label}" for label in _repeated(kind.label for kind in kinds)]
    if faults:
        raise TaxonomyError("\n".join(faults))
    return {kind.code: kind for kind in kinds}


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """The entries of a file, each with where it stands: `mapping.yaml, uom_mismatch`."""
    try:
        entries = yaml.load(path.read_bytes(), Loader=_LOADER)  # noqa: S506 — one of the safe loaders
    except yaml.YAMLError as error:
        raise TaxonomyError(f"{path.name} is not YAML: {error}") from None
    if not isinstance(entries, list):
        raise TaxonomyError(f"{path.name} must be a list of kinds")
    for number, entry in enumerate(entries, 1):
        code = entry.get("code") if isinstance(entry, dict) else None
        yield f"{path.name}, {code or f'entry {number}'}", entry


def _kind(entry: dict[str, Any], category: str) -> Kind:
    lists = {name: tuple(entry[name]) for name in _LISTS}
    rise = Escalation(**entry["escalates"]) if "escalates" in entry else None
    return Kind(**{**entry, **lists, "category": category, "escalates": rise})


def _faults(entry: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one entry: its fields first, and only if they fit what stands in them."""
    wrong = list(_wrong_fields(entry))
    yield from wrong or _wrong_values(entry)


def _wrong_fields(entry: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name} is no field" for name in sorted(entry.keys() - _GIVEN))
    yield from (f"{name} is missing" for name in sorted(_REQUIRED - entry.keys()))
    for name, value in entry.items():
        if name in _LISTS:
            if not isinstance(value, list) or not all(_is_text(part) for part in value):
                yield f"{name} must be a list of texts"
        elif name in _NUMBERS:
            if type(value) is not int:
                yield f"{name} must be a whole number"
        elif name not in _OTHERS and not isinstance(value, str):
            yield f"{name} must be a text"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _wrong_values(entry: dict[str, Any]) -> Iterator[str]:
    yield from _wrong_texts(entry)
    if entry["severity"] not in _SEVERITIES:
        yield f"severity {entry['severity']} is not 1 to 4"
    if entry["recovery"] not in RECOVERIES:
        yield f"unknown recovery: {entry['recovery']}"
    if entry["typical_minutes"] < 1:
        yield "typical_minutes must be at least 1"
    if entry.get("lookup", "") not in ("", *LOOKUPS):
        yield f"unknown lookup: {entry['lookup']}"
    if not 2 <= len(entry["playbook"]) <= 4:
        yield f"the playbook has {len(entry['playbook'])} steps and not 2 to 4"
    yield from (f"unknown remedy: {slug}" for slug in entry["remedies"] if slug not in REMEDIES)
    yield from (f"remedy twice: {slug}" for slug in _repeated(entry["remedies"]))
    if type(entry.get("skip_needs_approval", False)) is not bool:
        yield "skip_needs_approval must be true or false"
    if "escalates" in entry:
        yield from _wrong_escalation(entry["escalates"], entry["severity"])


def _wrong_texts(entry: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name} is empty" for name in ("code", "label", "evidence") if not entry[name])
    if len(entry["code"]) > _LONGEST_CODE:
        yield f"the code is longer than {_LONGEST_CODE} characters"
    for name in ("title", "customer_title"):
        yield from (f"{name} {fault}" for fault in _wrong_placeholders(entry.get(name, "")))


def _wrong_placeholders(text: str) -> Iterator[str]:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        names = []
        yield f"cannot be filled in: {error}"
    yield from (f"has an unknown placeholder: {n!r}" for n in names if n not in PLACEHOLDERS)


def _wrong_escalation(rise: Any, severity: int) -> Iterator[str]:
    if not isinstance(rise, dict) or not all(type(value) is int for value in rise.values()):
        yield "escalates must have whole numbers"
    elif "to" not in rise or not _LIMITS & rise.keys() or rise.keys() - _LIMITS - {"to"}:
        yield "escalates takes `to` and documents_over, minutes_over or both"
    elif rise["to"] not in _SEVERITIES or rise["to"] >= severity:
        yield f"escalates to {rise['to']}, which is not more severe than {severity}"


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
