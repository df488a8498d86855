"""One segment's text → its named fields, checked in one pass of a compiled pattern.

The pattern accepts what is certainly right. What it refuses is looked at element by element, so
the common case stays cheap and the rare one exact.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from integrations.formats.numbers import canonical, parse_number
from integrations.formats.x12.elements import NUMERIC, Element
from integrations.formats.x12.segments import Pair, SegmentSpec, segment_spec
from integrations.formats.x12.values import flaw, shown_cents, shown_date, shown_time
from portal.core.decimals import plain_number

Fields = dict[str, Any]
Problem = tuple[str, int, str]  # issue code, element, value
Matcher = Callable[[str], object]

_DATE = (
    r"\d{4}(?:(?:0[13578]|1[02])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)(?:0[1-9]|[12]\d|30)|02(?:0[1-9]|1\d|2[0-8]))"
)
_CONVERTERS: dict[str, Callable[[str], str]] = {
    "DT": shown_date,
    "TM": shown_time,
    "N2": shown_cents,
}


def _element_pattern(element: Element, separator: str) -> str:
    """What a value of this element certainly may look like. Possessive: there is no second way."""
    low, high = element.shortest, element.longest_5010
    if element.type == "DT":
        return _DATE
    if element.type == "TM":
        return r"(?:[01]\d|2[0-3])[0-5]\d"
    if element.type == "R" and low == 1 and high > 1:
        whole = max(1, high - 4)
        return rf"-?+\d{{1,{whole}}}+(?:\.\d{{1,{high - whole}}}+)?+"
    if element.type in NUMERIC:
        return rf"-?+\d{{{low},{high}}}+"
    return rf"[^{re.escape(separator)}]{{{low},{high}}}+"


def _segment_pattern(spec: SegmentSpec, separator: str, count: int) -> Matcher:
    """Matches a segment of exactly so many elements, tag included, that is certainly right."""
    beyond = set(range(count, len(spec.elements) + 1))
    if count > len(spec.elements) + 1 or beyond & spec.required:
        return _no_match
    pattern = re.escape(spec.tag)
    for position, element in enumerate(spec.elements[: count - 1], 1):
        value = _element_pattern(element, separator)
        required = position in spec.required
        pattern += re.escape(separator) + (value if required else f"(?:{value})?+")
    return re.compile(pattern, re.ASCII).fullmatch


def _no_match(text: str) -> None:
    return None


class _Plan(NamedTuple):
    """What to do with a segment of so many elements."""

    matches: Matcher
    named: list[tuple[str, int]]
    codes: list[tuple[int, frozenset[str]]]
    converters: list[tuple[str, int, Callable[[str], str]]]
    pairs: list[Pair]


class ElementsReader:
    """Reads the segments of one tag under one element separator."""

    __slots__ = ("_plans", "_separator", "_spec")

    def __init__(self, spec: SegmentSpec, separator: str):
        self._spec = spec
        self._separator = separator
        self._plans: dict[int, _Plan] = {}

    def read(self, text: str, elements: list[str], problems: list[Problem]) -> Fields:
        """The fields by name; what is wrong with them is added to `problems`."""
        plan = self._plans.get(len(elements)) or self._plan(len(elements))
        matches, named, codes, converters, pairs = plan
        if matches(text) is None:
            elements = self._judge(elements, problems)
        fields: Fields = {name: elements[i] for name, i in named if elements[i]}
        for i, known in codes:
            if elements[i] not in known and elements[i]:
                problems.append(("unknown_code", i, elements[i]))
        for name, i, convert in converters:
            if elements[i]:
                fields[name] = convert(elements[i])
        for pair in pairs:
            self._add_pair(fields, pair, elements)
        return fields

    def _plan(self, count: int) -> _Plan:
        spec = self._spec
        numbered = list(enumerate(spec.elements[: count - 1], 1))
        pairs = [pair for pair in spec.pairs if pair.value < count]
        paired = {place for pair in pairs for place in (pair.qualifier, pair.value)}
        names = {i: name for i, name in enumerate(spec.names, 1) if name}
        named = [(names.get(i) or self._plain_name(i), i) for i in range(1, count)]
        plan = _Plan(
            _segment_pattern(spec, self._separator, count),
            [(name, i) for name, i in named if i not in paired],
            [(i, element.codes) for i, element in numbered if element.codes],
            [
                (names[i], i, _CONVERTERS[element.type])
                for i, element in numbered
                if element.type in _CONVERTERS and i in names
            ],
            pairs,
        )
        if count <= len(spec.elements) + 1:
            self._plans[count] = plan
        return plan

    def _plain_name(self, position: int) -> str:
        """The name of an element that has none in the table."""
        return f"{self._spec.tag}_{position:02d}"

    def _add_pair(self, fields: Fields, pair: Pair, elements: list[str]) -> None:
        qualifier, value = elements[pair.qualifier], elements[pair.value]
        if not value:
            if qualifier:
                fields[self._plain_name(pair.qualifier)] = qualifier
            return
        held = fields.get(pair.key)
        if held is None:
            fields[pair.key] = {qualifier: value}
            return
        name, again = qualifier, 2
        while name in held:
            name, again = f"{qualifier}:{again}", again + 1
        held[name] = value

    def _judge(self, elements: list[str], problems: list[Problem]) -> list[str]:
        """Report each bad element; the result has its numbers in plain decimal notation."""
        judged = elements[:]
        for i, element in enumerate(self._spec.elements, 1):
            value = judged[i] if i < len(judged) else ""
            if not value:
                if i in self._spec.required:
                    problems.append(("element_missing", i, ""))
                continue
            if element.type in NUMERIC and (number := parse_number(value.strip())) is not None:
                judged[i] = value = canonical(value.strip(), plain_number(number))
            if code := flaw(element, value, longest=element.longest_5010):
                problems.append((code, i, value))
        first = len(self._spec.elements) + 1
        if len(judged) > first:
            problems.append(("too_many_elements", first, judged[first]))
        return judged


class Readers(dict[str, ElementsReader]):
    """The readers of one element separator by tag, made when first asked for."""

    def __init__(self, separator: str):
        super().__init__()
        self._separator = separator

    def __missing__(self, tag: str) -> ElementsReader:
        reader = self[tag] = ElementsReader(segment_spec(tag), self._separator)
        return reader


@lru_cache(maxsize=32)
def readers(separator: str) -> Readers:
    return Readers(separator)
