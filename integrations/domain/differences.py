"""What a draft changes, place by place, in the words of its kind."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from integrations.domain.subjects import Content
from integrations.models import Endpoint, Flow, Kind, LookupTable
from integrations.routing.lines import write_actions, write_conditions


class Difference(NamedTuple):
    """One place before and after; "" where there is nothing."""

    place: str
    before: str
    after: str


def between(kind: str, before: Content | None, after: Content | None) -> list[Difference]:
    """The differences of two contents of one kind, in the order in which they stand there."""
    old, new = before or {}, after or {}
    return [Difference(*found) for found in _READERS[kind](old, new) if found[1] != found[2]]


def sentence(found: list[Difference], noun: str) -> str:
    """“2 rows changed, 1 added” for the head of a page."""
    added = sum(not one.before for one in found)
    removed = sum(not one.after for one in found)
    counts = ((len(found) - added - removed, "changed"), (added, "added"), (removed, "removed"))
    words = [f"{count} {verb}" for count, verb in counts if count]
    if not words:
        return f"No {noun} differs from what is live."
    head, _, rest = words[0].partition(" ")
    plural = "" if head == "1" else "s"
    return ", ".join([f"{head} {noun}{plural} {rest}", *words[1:]])


NOUNS: dict[str, str] = {
    Kind.MAPPING: "row",
    Kind.LOOKUP: "code",
    Kind.RULES: "rule",
    Kind.FLOW: "setting",
    Kind.CONTRACT: "part",
    Kind.EXTENSION: "part",
}
DEFAULT = "a code without a row"
Places = Iterator[tuple[str, str, str]]


def _pairs(old: Mapping[str, str], new: Mapping[str, str]) -> Places:
    for place in {**old, **new}:
        yield place, old.get(place, ""), new.get(place, "")


def _mapping(old: Content, new: Content) -> Places:
    before, after = (dict(content.get("rows", [])) for content in (old, new))
    yield from _pairs(before, after)
    order = [[row[0] for row in content.get("rows", [])] for content in (old, new)]
    kept = [[target for target in side if target in before.keys() & after] for side in order]
    if kept[0] != kept[1]:
        yield "order of the rows", "as live", "changed"


def _lookup(old: Content, new: Content) -> Places:
    yield DEFAULT, _default(old), _default(new)
    yield from _pairs(old.get("rows", {}), new.get("rows", {}))


def _default(content: Content) -> str:
    if not content:
        return ""
    if content["default"] == LookupTable.Default.VALUE:
        return f"use {content['default_value']}"
    return str(LookupTable.Default(content["default"]).label)


def _rules(old: Content, new: Content) -> Places:
    before, after = (
        {f"rule {rule.get('n', '?')}": _rule(rule) for rule in content.get("rules", [])}
        for content in (old, new)
    )
    yield from _pairs(before, after)


def _rule(rule: Mapping[str, Any]) -> str:
    when = write_conditions(rule.get("if", {})).replace("\n", " and ") or "every order"
    return f"{when}: {write_actions(rule.get('then', {})).replace(chr(10), ', ')}"


def _flow(old: Content, new: Content) -> Places:
    yield "from", _endpoint(old.get("from")), _endpoint(new.get("from"))
    yield "to", _endpoint(old.get("to")), _endpoint(new.get("to"))
    yield "goes", _when(old), _when(new)
    for name, words in (("routed", "only when routed there"), ("enabled", "switched on")):
        yield words, _yes(old.get(name)), _yes(new.get(name))
    yield "a document unlike its contract", _drift(old), _drift(new)


def _endpoint(pk: int | None) -> str:
    found = Endpoint.objects.filter(pk=pk).values_list("label", flat=True).first() if pk else ""
    return found or ""


def _when(content: Content) -> str:
    if not content:
        return ""
    if content["latency"] == Flow.Latency.NEAR_REAL_TIME:
        return f"every {content['every_minutes']} min"
    if content["latency"] == Flow.Latency.BATCH:
        return f"daily {str(content['at_time'])[:5]}"
    return "at once"


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _drift(content: Content) -> str:
    return str(Flow.Drift(content["drift"]).label) if content else ""


def _schema(old: Content, new: Content) -> Places:
    before, after = (dict(_leaves(content.get("schema", {}), "")) for content in (old, new))
    yield from _pairs(before, after)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            hidden = name in ("properties", "items")
            below = path if hidden else f"{path}.{name}" if path else name
            yield from _leaves(inner, f"{path}[]" if name == "items" else below)
    else:
        yield path or "everything", _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_READERS: dict[str, Callable[[Content, Content], Places]] = {
    Kind.MAPPING: _mapping,
    Kind.LOOKUP: _lookup,
    Kind.RULES: _rules,
    Kind.FLOW: _flow,
    Kind.CONTRACT: _schema,
    Kind.EXTENSION: _schema,
}
