"""The description of a REST system: YAML into a System, strictly. Pure.

Nothing in it is ever run. It has 64 kB at most, nests no deeper than a file of the configuration, and
repeats no more by aliases.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors.described import filling, places, times
from integrations.connectors.described.credentials import read_auth
from integrations.connectors.described.details import read_details
from integrations.connectors.described.entries import Entries
from integrations.connectors.described.known import REST, Known
from integrations.connectors.described.limits import read_limits, read_rate, read_rates
from integrations.connectors.described.paging import read_paging
from integrations.connectors.described.system import Ask, Incremental, Place, Rule, Stream, System
from integrations.connectors.described.writes import read_write
from integrations.yaml_source import Fault, RefusedError, read_source
from portal.core.redact import is_secret_name

MOST_BYTES: Final = 64_000
_MOST_STREAMS: Final = 40
_SPOKEN: Final = 5
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MEANS: Final = ("retryable", "person", "credentials", "permanent", "confirmed", "nothing")
_HEADER: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_NOT_HEADERS: Final = frozenset(
    {"authorization", "host", "cookie", "content-length", "content-type"}
)
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DescriptionError(ValueError):
    """The description cannot be used. `faults` say what is wrong and where, in its own order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__(" ".join(map(_said, self.faults[:_SPOKEN])) + self._more())

    def _more(self) -> str:
        more = len(self.faults) - _SPOKEN
        return f" And {more} more." if more > 0 else ""


def _said(fault: Fault) -> str:
    return f"Line {fault.line}{f', {fault.path}' if fault.path else ''}: {fault.text}"


def parse(text: str, known: Known = REST) -> System:
    """The system that `text` describes, which may name what is `known`. DescriptionError names the line and
    key of all that is wrong."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > MOST_BYTES:
        raise DescriptionError([Fault(1, "", f"It may have at most {MOST_BYTES} bytes.")])
    try:
        source = read_source(raw)
    except RefusedError as error:
        raise DescriptionError(error.faults) from None
    if source.data is None:
        raise DescriptionError([Fault(1, "", "The description is empty.")])
    faults: list[Fault] = []
    system = _system(Entries(source, (), source.data, faults, known))
    if faults:
        raise DescriptionError(faults)
    return system


def complaint(text: str) -> str:
    """What is wrong with a description, in sentences; empty when nothing is."""
    try:
        parse(text)
    except DescriptionError as error:
        return str(error)
    return ""


def _system(whole: Entries) -> System:
    auth = read_auth(whole.group("auth"))
    headers = _headers(whole)
    test = _ask(whole.group("test"))
    streams = {name: _stream(name, group) for name, group in whole.groups("streams")}
    writes = dict(_writes(whole))
    if not streams and not writes:
        whole.refuse("streams", "Describe at least one stream or one write.")
    if len(streams) > _MOST_STREAMS:
        whole.refuse("streams", f"There may be {_MOST_STREAMS} at most.")
    if not streams and test is None:
        whole.refuse("test", "Without streams it says what the connection test asks.")
    rules, messages = _errors(whole.group("errors"))
    rate = read_rate(whole.group("rate"))
    rates = read_rates(whole)
    call_id = _call_id(whole)
    pages, rows = read_limits(whole.group("limits"))
    whole.done()
    return System(
        auth=auth,
        test=test,
        streams=streams,
        writes=writes,
        rules=rules,
        messages=messages,
        rate=rate,
        most_pages=pages,
        most_rows=rows,
        headers=headers,
        call_id=call_id,
        rates=rates,
    )


def _call_id(whole: Entries) -> str:
    name = whole.text("call_id", "")
    if name and not _may_stand(name):
        whole.refuse("call_id", "It must be the name of a header that nothing else is in.")
    return name


def _headers(whole: Entries) -> dict[str, str]:
    """What every call carries besides credentials."""
    headers = whole.texts("headers")
    for name, text in headers.items():
        if not _may_stand(name):
            whole.refuse("headers", f"{name[:40]} is no header that may stand here.")
        if not text.isascii() or not text.isprintable():
            whole.refuse("headers", f"{name[:40]} must be plain text.")
    return headers


def _may_stand(name: str) -> bool:
    """Whether a header of this name may stand in a description."""
    plain = _HEADER.fullmatch(name) and name.lower() not in _NOT_HEADERS
    return bool(plain) and not is_secret_name(name)


def _ask(group: Entries | None) -> Ask | None:
    if group is None:
        return None
    path = group.made("path", filling.fixed_path) or "/"
    params = group.texts("params")
    group.done()
    return Ask(path, params)


def _stream(name: str, group: Entries) -> Stream:
    if not _NAME.fullmatch(name):
        group.refuse("", "A stream has a name of small letters, digits, _ and -, such as orders.")
    object_type = group.choice("object", OBJECT_TYPES)
    path = group.made("path", filling.fixed_path) or "/"
    params = group.texts("params")
    rows = group.place("rows", ".") or ()
    row_id = group.place("id", "id") or ()
    updated = group.place("updated", "")
    paging = read_paging(group.group("paging"))
    changes = _incremental(group.group("incremental"), updated, object_type)
    details = read_details(group)
    if changes and updated is None:
        group.refuse("updated", "Whoever asks for changes says where a row tells when it changed.")
    if changes and changes.ascending and paging.kind not in {"page", "offset"}:
        group.refuse("incremental", "Only pages and offsets need `ascending`; leave it out.")
    group.done()
    ask = Ask(path, params)
    return Stream(name, object_type, ask, rows, row_id, updated, paging, changes, details)


def _incremental(
    group: Entries | None, updated: Place | None, object_type: str
) -> Incremental | None:
    if group is None:
        return None
    param = group.text("param")
    form = group.text("format", "iso")
    if not times.is_form(form):
        group.refuse(
            "format", f"It must be {', '.join(times.FORMS)}, or a pattern such as %d.%m.%Y."
        )
        form = "iso"
    row_form = group.text("row_format", "")
    if row_form and not times.is_form(row_form):
        group.refuse("row_format", f"It must be {', '.join(times.FORMS)}, or a pattern.")
        row_form = ""
    floor, floor_days = _floor(group.group("floor"))
    step = int(times.step(form).total_seconds())
    overlap = group.whole("overlap", max(300, step), least=step, most=31 * 86_400)
    ascending = group.flag("ascending")
    start, a_day = _start(group, object_type)
    group.done()
    return Incremental(
        param, form, updated or (), overlap, ascending, start, a_day, row_form, floor, floor_days
    )


def _floor(group: Entries | None) -> tuple[str, int]:
    if group is None:
        return "", 0
    found = group.text("param"), group.whole("days", 30, least=1, most=3650)
    group.done()
    return found


def _start(group: Entries, object_type: str) -> tuple[datetime | None, bool]:
    """Orders of long ago were shipped long ago: they come only if somebody asks for them."""
    said = group.text("start", "")
    if said == "a_day":
        return None, True
    if not said:
        return None, object_type == "order"
    if said == "everything":
        return None, False
    try:
        return max(times.read(said, "iso"), _FIRST), False
    except ValueError:
        group.refuse(
            "start", "It must be a time such as 2026-03-01T00:00:00Z, everything, or a_day."
        )
        return None, False


def _writes(whole: Entries) -> Any:
    for object_type, group in whole.groups("writes"):
        if object_type not in OBJECT_TYPES:
            known = ", ".join(OBJECT_TYPES)
            group.refuse("", f"There is no object type {object_type}. There are: {known}.")
        yield object_type, read_write(group)


def _errors(group: Entries | None) -> tuple[tuple[Rule, ...], tuple[Place, ...]]:
    if group is None:
        return (), ()
    messages = []
    for text in map(str, group.listed("message")):
        try:
            messages.append(places.place(text))
        except ValueError as error:
            group.refuse("message", str(error))
    rules = tuple(map(_rule, group.entries("rules")))
    group.done()
    return rules, tuple(messages)


def _rule(group: Entries) -> Rule:
    statuses = group.listed("status")
    if not all(isinstance(s, int) and 200 <= s <= 599 for s in statuses):
        group.refuse("status", "It must be a status from 200 to 599, or a list of them.")
        statuses = ()
    where = group.place("field", "")
    values = tuple(map(_plain, group.listed("is")))
    means = group.choice("means", _MEANS)
    if not statuses and where is None:
        group.refuse("", "A rule needs a status, a field, or both.")
    if values and where is None:
        group.refuse("is", "Say in `field` what has this value.")
    if where is None and means != "confirmed" and any(200 <= int(s) < 300 for s in statuses):
        group.refuse("status", "A good answer is an error only by a field in it.")
    group.done()
    return Rule(means, frozenset(map(int, statuses)), where, frozenset(values))


def _plain(value: Any) -> str:
    """A value as it is compared: JSON's words for true, false and null."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
