"""An onboarded endpoint as a file, for the next customer: what to choose, and nothing that is secret."""

from difflib import get_close_matches
from typing import Any, Final

from integrations.configfile.dump import dump
from integrations.contracts import problems_with
from integrations.mapping import MappingSyntaxError, Row, compile_mapping
from integrations.yaml_source import Path, RefusedError, Source, read_source
from portal.core.redact import is_secret_name

VERSION: Final = 1
MOST_BYTES: Final = 1_000_000
_KEYS: Final[dict[str, type]] = {
    "template": int,
    "name": str,
    "connector": str,
    "settings": dict,
    "flows": list,
    "mappings": list,
    "lookups": list,
    "contracts": list,
}
_ENTRIES: Final[dict[str, dict[str, type]]] = {
    "flows": {"object": str, "direction": str, "peer": str, "latency": str, "drift": str},
    "mappings": {"object": str, "direction": str, "rows": list},
    "lookups": {"name": str, "default": str, "default_value": str, "rows": dict},
    "contracts": {"object": str, "schema": dict},
}


class TemplateError(ValueError):
    """The file is no template we can use; the text says why, and `line` where."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(f"Line {line}: {text}")
        self.line = line


def export_template(data: dict[str, Any]) -> str:
    """A template's data as YAML; `read_template` gives the same data again."""
    ordered = {name: data[name] for name in _KEYS if name in data}
    return dump({**ordered, "template": VERSION})


def read_template(text: str) -> dict[str, Any]:
    """The data of a template's file. TemplateError for another version of the format, unknown or
    missing parts, secrets, mappings that do not compile and contracts that accept nothing."""
    raw = text.encode()
    if len(raw) > MOST_BYTES:
        raise TemplateError("The file is larger than 1 MB.")
    try:
        source = read_source(raw)
    except RefusedError as error:
        raise TemplateError(error.faults[0].text, error.faults[0].line) from None
    if not isinstance(source.data, dict):
        raise TemplateError("This is no template: it has no `template: 1`.")
    _check_version(source)
    _check_keys(source, (), source.data, _KEYS)
    for section, keys in _ENTRIES.items():
        for n, entry in enumerate(source.data[section]):
            if not isinstance(entry, dict):
                raise _error(source, (section, n), f"An entry of {section} is a group of values.")
            _check_keys(source, (section, n), entry, keys)
    _check_secrets(source)
    _check_mappings(source)
    _check_contracts(source)
    return source.data


def _error(source: Source, path: Path, text: str) -> TemplateError:
    return TemplateError(text, source.fault(path, text).line)


def _check_version(source: Source) -> None:
    said = source.data.get("template")
    if said != VERSION:
        text = f"This is a template of version {said}; this installation reads version {VERSION}."
        raise _error(source, ("template",), text)


def _check_keys(source: Source, path: Path, given: dict[str, Any], keys: dict[str, type]) -> None:
    for name, value in given.items():
        if name not in keys:
            near = get_close_matches(str(name), keys, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise _error(source, (*path, name), f"Nothing is called {name} here.{meant}")
        if type(value) is not keys[name]:
            words = {int: "a number", str: "a text", dict: "a group", list: "a list"}
            raise _error(source, (*path, name), f"{name} has to be {words[keys[name]]}.")
    missing = [name for name in keys if name not in given]
    if missing:
        raise _error(source, path, f"{missing[0]} is missing.")


def _check_secrets(source: Source) -> None:
    for name in source.data["settings"]:
        if is_secret_name(str(name)):
            text = f"{name} is a secret. Templates hold none: every customer has their own."
            raise _error(source, ("settings", name), text)


def _check_mappings(source: Source) -> None:
    for n, entry in enumerate(source.data["mappings"]):
        place: Path = ("mappings", n, "rows")
        pairs = all(
            isinstance(row, list) and len(row) == 2 and all(isinstance(part, str) for part in row)
            for row in entry["rows"]
        )
        if not pairs:
            raise _error(source, place, "A row is a target and a source.")
        try:
            compile_mapping([Row(*row) for row in entry["rows"]], name="template")
        except MappingSyntaxError as fault:
            raise _error(source, (*place, fault.row_index), str(fault)) from None


def _check_contracts(source: Source) -> None:
    for n, entry in enumerate(source.data["contracts"]):
        found = problems_with(entry["schema"])
        if found:
            raise _error(source, ("contracts", n, "schema"), found[0])
