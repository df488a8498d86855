"""One segment's text → its named fields, checked in one pass of a compiled pattern.

The pattern accepts what is certainly right. What it refuses is looked at value by value, so the
common case stays cheap and the rare one exact.
"""

import re
from functools import lru_cache
from typing import Any

from integrations.formats.edifact.elements import NUMERIC, Element
from integrations.formats.edifact.interchange import take_apart
from integrations.formats.edifact.profile import Delimiters
from integrations.formats.edifact.segments import Component, SegmentSpec, segment_spec
from integrations.formats.edifact.text import Masking
from integrations.formats.edifact.values import flaw, is_shown, shown_date, shown_number

Fields = dict[str, Any]
Problem = tuple[str, int, int | None, str]  # issue code, element, component, value


class FieldsReader:
    """Reads the segments of one tag in one interchange."""

    __slots__ = (
        "_coded", "_commas", "_dated", "_delimiters", "_masking", "_matches", "_names", "_spec",
    )  # fmt: skip

    def __init__(self, spec: SegmentSpec, delimiters: Delimiters, masking: Masking | None):
        self._spec = spec
        self._delimiters = delimiters
        self._masking = masking
        self._names = spec.names
        masks = "".join(map(chr, masking.table)) if masking else ""
        self._matches = _pattern(spec.tag, delimiters, masks).fullmatch
        components = [c for element in spec.elements for c in element]
        self._coded = [
            (c.name, c.holds.codes, c.element, c.number) for c in components if c.holds.codes
        ]
        self._commas = [
            c.name for c in components if c.holds.type in NUMERIC and delimiters.decimal == ","
        ]
        self._dated = any(c.holds.type == "d" for c in components)

    def read(self, text: str, problems: list[Problem]) -> Fields:
        """The fields by name; what is wrong with them is added to `problems`."""
        match = self._matches(text)
        if match is None:
            fields = self._judge(text, problems)
        else:
            fields = {
                name: value
                for name, value in zip(self._names, match.groups(), strict=True)
                if value
            }
            for name in self._commas:
                if name in fields:
                    fields[name] = fields[name].replace(",", ".")
        for name, known, element, number in self._coded:
            if name in fields and fields[name] not in known:
                problems.append(("unknown_code", element, number, fields[name]))
        if self._dated and "value" in fields:
            self._show_date(fields, problems)
        return fields

    def _show_date(self, fields: Fields, problems: list[Problem]) -> None:
        kind = fields.get("format", "")
        shown = shown_date(fields["value"], kind)
        if shown is not None:
            fields["value"] = shown
        elif is_shown(kind):
            problems.append(("date_invalid", 1, 2, fields["value"]))

    def _judge(self, text: str, problems: list[Problem]) -> Fields:
        """Report each bad value; those without a name in the table are kept as TAG_element_part."""
        fields: Fields = {}
        self._report_repeated(text, problems)
        elements = take_apart(text, self._delimiters, self._masking)
        for position, components in enumerate(elements[1:], 1):
            for number, value in enumerate(components, 1):
                if not value:
                    continue
                component = self._spec.at(position, number)
                if component is None:
                    fields[f"{self._spec.tag}_{position:02d}_{number}"] = value
                    self._report_stranger(position, number, value, problems)
                else:
                    fields[component.name] = self._value(component, value, problems)
        for element in self._spec.elements:
            for component in element:
                if component.required and component.name not in fields:
                    problems.append(("element_missing", component.element, component.number, ""))
        return fields

    def _value(self, component: Component, value: str, problems: list[Problem]) -> str:
        holds = component.holds
        if holds.type in NUMERIC or holds.type == "r":
            number = shown_number(value)
            value = number if number is not None else value
        if code := flaw(holds, value, longest=holds.longest_01b):
            problems.append((code, component.element, component.number, value))
        return value

    def _report_stranger(
        self, position: int, number: int, value: str, problems: list[Problem]
    ) -> None:
        beyond = position > len(self._spec.elements)
        code = "too_many_elements" if beyond else "too_many_components"
        if not problems or problems[-1][:2] != (code, position):
            problems.append((code, position, number, value))

    def _report_repeated(self, text: str, problems: list[Problem]) -> None:
        sign = self._delimiters.repetition
        if not sign or sign not in text:
            return
        for position, element in enumerate(text.split(self._delimiters.element)):
            if sign in element and position:
                problems.append(("repeated_element", position, None, element))


@lru_cache(maxsize=1024)
def _pattern(tag: str, delimiters: Delimiters, masks: str) -> re.Pattern[str]:
    """Matches a segment that is certainly right. Possessive: there is no second way."""
    spec = segment_spec(tag)
    hostile = re.escape(delimiters.element + delimiters.component + delimiters.repetition + masks)
    rest, needed = "", False
    for element in reversed(spec.elements):
        inner, inner_needed = "", False
        for component in reversed(element):
            value = _value_pattern(component.holds, hostile, delimiters.decimal)
            inner = rf"({value})" + inner if component.required else rf"({value})?+" + inner
            inner_needed = inner_needed or component.required
            if component.number > 1:
                joined = re.escape(delimiters.component) + inner
                inner = joined if inner_needed else rf"(?:{joined})?+"
        needed = needed or inner_needed
        joined = re.escape(delimiters.element) + inner + rest
        rest = joined if needed else rf"(?:{joined})?+"
    return re.compile(re.escape(spec.tag) + rest)


def _value_pattern(element: Element, hostile: str, decimal: str) -> str:
    longest = element.longest_01b
    if element.type in NUMERIC:
        if longest <= 4:
            return rf"-?+[0-9]{{1,{longest}}}+"
        mark = re.escape(decimal if decimal in (".", ",") else ".")
        return rf"-?+[0-9]{{1,{longest - 4}}}+(?:{mark}[0-9]{{1,4}}+)?+"
    if element.type == "r":
        return rf"[0-9]{{1,{longest - 4}}}+(?:\.[0-9]{{1,4}}+)?+"
    return rf"[^{hostile}]{{1,{longest}}}+"


class Readers(dict[str, FieldsReader]):
    """The readers of one interchange by tag, made when first asked for."""

    def __init__(self, delimiters: Delimiters, masking: Masking | None):
        super().__init__()
        self._delimiters = delimiters
        self._masking = masking

    def __missing__(self, tag: str) -> FieldsReader:
        reader = FieldsReader(segment_spec(tag), self._delimiters, self._masking)
        self[tag] = reader
        return reader
