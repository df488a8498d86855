"""The statements a person configured, read and checked. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

import yaml

from integrations.connectors.sql import defaults
from portal.core.errors import NeedsCredentials

ALREADY_THERE: Final = "already_there"
FIRST_MOMENT: Final = "1900-01-01 00:00:00"
T = TypeVar("T")
_CODE: Final = re.compile(r"[A-Z0-9_]+|(?:ORA|DPY)-\d{4,5}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*){0,2}")


class Query(NamedTuple):
    """How one stream is read. `lines` reads the rows below all rows of a page by `:keys`."""

    select: str
    key: str
    changed_at: str
    start: str
    lines: str


class Statement(NamedTuple):
    """One statement; with `each`, run for every entry of that list of the document."""

    run: str
    each: str


class Write(NamedTuple):
    """How one object type is written. None: the ERP has no statement for that."""

    look_up: str
    create: tuple[Statement, ...]
    cancel: tuple[Statement, ...] | None
    change: tuple[Statement, ...] | None


class Snapshots(NamedTuple):
    """What a snapshot reads. Empty: the ERP is not asked for that. `statuses`: its words → ours."""

    stock: str
    orders: str
    lines: str
    statuses: Mapping[str, str]


class Meanings(NamedTuple):
    """What the ERP's errors mean."""

    codes: Mapping[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def of(self, codes: tuple[str, ...], words: str) -> str | None:
        """The problem's code: by the most special of `codes`, else by the words. None: unknown."""
        for code in codes:
            if code in self.codes:
                return self.codes[code]
        return next((name for pattern, name in self.patterns if pattern.search(words)), None)


def queries(settings: Mapping[str, Any], *, dialect: str) -> dict[str, Query]:
    """Stream → query. NeedsCredentials (`settings_invalid`) says what is wrong and where."""
    entries = _entries(settings.get("queries") or defaults.queries(dialect), "queries")
    limit = defaults.limit(dialect)

    def query(entry: Mapping[str, Any]) -> Query:
        return _query(entry, limit=limit)

    return {name: _each("queries", name, entry, query) for name, entry in entries.items()}


def writes(settings: Mapping[str, Any], *, dialect: str) -> dict[str, Write]:
    """Object type → how it is written; by default as suits the database."""
    entries = _entries(settings.get("writes") or defaults.writes(dialect), "writes")
    return {name: _each("writes", name, entry, _write) for name, entry in entries.items()}


def snapshots(settings: Mapping[str, Any]) -> Snapshots:
    """What the ERP is asked to say at one moment. NeedsCredentials (`settings_invalid`) as above."""
    entries = _entries(settings.get("snapshots") or defaults.SNAPSHOTS, "snapshots")
    for name, parameter in (("orders", ":since"), ("lines", ":ids")):
        if entries.get(name) and parameter not in str(entries[name]):
            raise _invalid(f"snapshots.{name} has no {parameter}.")
    statuses = entries.get("statuses") or {}
    if not isinstance(statuses, Mapping):
        raise _invalid("snapshots.statuses must have one entry per word of the ERP.")
    stock, orders, lines = (str(entries.get(name) or "") for name in ("stock", "orders", "lines"))
    return Snapshots(stock, orders, lines, {str(k): str(v) for k, v in statuses.items()})


def meanings(settings: Mapping[str, Any]) -> Meanings:
    """The usual meanings and those of the settings, which win."""
    own = _entries(settings.get("errors") or {}, "errors")
    usual = _entries(defaults.ERRORS, "errors")
    # Own ones stand first, since the first pattern that fits wins, and last, to win over the usual.
    known = {str(k): str(v) for k, v in {**own, **usual, **own}.items()}
    codes = {key: name for key, name in known.items() if _CODE.fullmatch(key)}
    return Meanings(
        codes, tuple((_pattern(key), name) for key, name in known.items() if key not in codes)
    )


class _Loader(yaml.SafeLoader):
    """Takes no aliases: a few lines of them stand for more than a machine can hold."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "aliases are not taken", mark)
        return super().compose_node(parent, index)


def _entries(given: Any, where: str) -> dict[str, Any]:
    try:
        found = yaml.load(given, Loader=_Loader) if isinstance(given, str) else given  # noqa: S506  a safe one
    except RecursionError:
        raise _invalid(f"{where} is nested too deeply.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" near line {mark.line + 1}" if mark else ""
        raise _invalid(f"{where} is not YAML{line}.") from None
    if not isinstance(found, Mapping):
        raise _invalid(f"{where} must have one entry per name.")
    return {str(name): entry for name, entry in found.items()}


def _each(where: str, name: str, entry: Any, make: Callable[[Mapping[str, Any]], T]) -> T:
    if not isinstance(entry, Mapping):
        raise _invalid(f"{where}.{name} must have fields.")
    try:
        return make(entry)
    except ValueError as error:
        raise _invalid(f"{where}.{name}: {error}") from None


def _query(entry: Mapping[str, Any], *, limit: str) -> Query:
    key, changed_at = _column(entry, "key"), _column(entry, "changed_at")
    select = str(entry.get("select") or "")
    select = select or _select_from(str(entry.get("from")), key, changed_at, limit=limit)
    for name in ("since_at", "limit"):
        if f":{name}" not in select:
            raise ValueError(f"The select has no :{name}, so it could never come to an end.")
    lines = str(entry.get("lines") or "")
    if lines and ":keys" not in lines:
        raise ValueError("lines has no :keys.")
    return Query(select, key, changed_at, str(entry.get("start", FIRST_MOMENT)), lines)


def _column(entry: Mapping[str, Any], name: str) -> str:
    column = str(entry.get(name) or "")
    if not _NAME.fullmatch(column):
        raise ValueError(f"{name} is not the name of a column.")
    return column


def _select_from(table: str, key: str, changed_at: str, *, limit: str) -> str:
    if not _NAME.fullmatch(table):
        raise ValueError("It needs `from` with a table or view, or a `select`.")
    return (
        f"SELECT * FROM {table} WHERE {changed_at} > :since_at"
        f" OR ({changed_at} = :since_at AND {key} > :since_id)"
        f" ORDER BY {changed_at}, {key} {limit}"
    )


def _write(entry: Mapping[str, Any]) -> Write:
    call = str(entry.get("call") or "")
    create = (Statement(call, ""),) if call else _statements(entry, "statements")
    if not create:
        raise ValueError("It needs `call` or `statements`.")
    look_up = str(entry.get("look_up") or "")
    if not look_up:
        raise ValueError("It needs `look_up`: a repeated delivery must find what is there.")
    return Write(look_up, create, _statements(entry, "cancel"), _statements(entry, "change"))


def _statements(entry: Mapping[str, Any], name: str) -> tuple[Statement, ...] | None:
    found = entry.get(name)
    if found is None:
        return None
    if not isinstance(found, list):
        raise ValueError(f"{name} must be a list.")
    return tuple(map(_statement, found))


def _statement(entry: Any) -> Statement:
    if isinstance(entry, str):
        return Statement(entry, "")
    if isinstance(entry, Mapping) and entry.get("run") and entry.get("each"):
        return Statement(str(entry["run"]), str(entry["each"]))
    raise ValueError("A statement is a text, or has `each` and `run`.")


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error:
        raise _invalid(f"errors: {text} is not a pattern.") from None


def _invalid(text: str) -> NeedsCredentials:
    return NeedsCredentials(f"The settings cannot be used: {text}", code="settings_invalid")
