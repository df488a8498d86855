"""Holding a set against the rules: faults as the 997 names them (AK3, AK4, AK5)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from sandbox.x12.read import Segment, TransactionSet
from sandbox.x12.rules import MANDATORY, ORDER, PAIRS, SEGMENTS, Element

NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
CHARACTERS = re.compile(r"[A-Za-z0-9 !\"&'()*+,\-./:;?=%@\[\]_{}\\|<>#$^`~]*")
CANCELLING = ("F", "D")


class ElementFault(NamedTuple):
    position: int
    number: str
    code: str
    value: str


class SegmentFault(NamedTuple):
    """`position` counts from ST = 1; `code` is AK304."""

    segment: str
    position: int
    code: str
    elements: tuple[ElementFault, ...] = ()


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:]}")
    except ValueError:
        return False
    return value.isdigit()


def _is_time(value: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3])[0-5]\d([0-5]\d(\d\d?)?)?", value))


BY_TYPE: dict[str, tuple[str, Callable[[str], bool]]] = {
    "R": ("6", lambda value: bool(NUMBER.fullmatch(value))),
    "N0": ("6", lambda value: bool(re.fullmatch(r"-?\d+", value))),
    "DT": ("8", _is_date),
    "TM": ("9", _is_time),
}


def _element_code(value: str, element: Element) -> str | None:
    size = len(value.lstrip("-").replace(".", "")) if element.type in ("R", "N0") else len(value)
    if not CHARACTERS.fullmatch(value):
        return "6"
    if size > element.longest:
        return "5"
    if size < element.shortest or not value.strip():
        return "4"
    if element.type in BY_TYPE:
        code, matches = BY_TYPE[element.type]
        if not matches(value):
            return code
    if element.codes and value not in element.codes:
        return "7"
    return None


def _element_faults(segment: Segment) -> list[ElementFault]:
    rules = SEGMENTS[segment[0]]
    values = segment[1:]
    faults = []
    for position, rule in enumerate(rules, start=1):
        value = values[position - 1] if position <= len(values) else ""
        if rule is None:
            continue
        if not value:
            if rule.mandatory:
                faults.append(ElementFault(position, rule.number, "1", ""))
            continue
        code = _element_code(value, rule)
        if code:
            faults.append(ElementFault(position, rule.number, code, value[:99]))
    if len(values) > len(rules):
        faults.append(ElementFault(len(rules) + 1, "", "3", values[len(rules)][:99]))
    return faults + _pair_faults(segment)


def _pair_faults(segment: Segment) -> list[ElementFault]:
    """Both or neither: an id without its qualifier says nothing (AK403 code 2)."""
    faults = []
    for first, second in PAIRS.get(segment[0], ()):
        left = segment[first] if first < len(segment) else ""
        right = segment[second] if second < len(segment) else ""
        if bool(left) != bool(right):
            missing = first if not left else second
            rule = SEGMENTS[segment[0]][missing - 1]
            faults.append(ElementFault(missing, rule.number if rule else "", "2", ""))
    return faults


def _place(order: tuple[str, ...], name: str, start: int) -> int | None:
    return next((n for n in range(start, len(order)) if name in order[n].split()), None)


def _structure_faults(checked: TransactionSet) -> list[SegmentFault]:
    """Segments out of place (2 or 7), empty ones, and separators left at the end (8)."""
    order = ORDER[checked.type]
    faults = []
    place = 0
    for position, segment in enumerate(checked.segments, start=1):
        name = segment[0]
        found = _place(order, name, place)
        if name not in SEGMENTS:
            faults.append(SegmentFault(name[:3] or "?", position, "1"))
            continue
        if found is None:
            known = _place(order, name, 0) is not None
            faults.append(SegmentFault(name, position, "7" if known else "2"))
            continue
        place = found
        elements = _element_faults(segment)
        if elements or segment[-1] == "":
            faults.append(SegmentFault(name, position, "8", tuple(elements)))
    return faults


def _missing_faults(checked: TransactionSet, wanted: tuple[str, ...]) -> list[SegmentFault]:
    present = {segment[0] for segment in checked.segments}
    end = len(checked.segments)
    return [SegmentFault(name, end, "3") for name in wanted if name not in present]


def _wanted(checked: TransactionSet) -> tuple[str, ...]:
    """A cancel carries the header and W76 only."""
    if checked.type == "940" and purpose(checked) in CANCELLING:
        return ("W05", "W76")
    return MANDATORY[checked.type]


def purpose(checked: TransactionSet) -> str:
    header = next((s for s in checked.segments if s[0] == "W05"), [])
    return header[1] if len(header) > 1 else ""


def _decimal(segment: Segment) -> Decimal:
    try:
        return Decimal(segment[1])
    except (IndexError, InvalidOperation):
        return Decimal(0)


def _total_faults(checked: TransactionSet) -> list[SegmentFault]:
    """W76-01 (940) is the plain sum of W01-01, W03-01 (943) of W04-01; quantities are above 0."""
    line, total = {"940": ("W01", "W76"), "943": ("W04", "W03")}.get(checked.type, ("", ""))
    faults = []
    units = Decimal(0)
    for position, segment in enumerate(checked.segments, start=1):
        if segment[0] == line:
            quantity = _decimal(segment)
            units += quantity
            if quantity <= 0 and len(segment) > 1:
                number = "330" if line == "W01" else "382"
                wrong = ElementFault(1, number, "7", segment[1])
                faults.append(SegmentFault(line, position, "8", (wrong,)))
        elif segment[0] == total and _decimal(segment) != units:
            wrong = ElementFault(1, "382", "7", segment[1] if len(segment) > 1 else "")
            faults.append(SegmentFault(total, position, "8", (wrong,)))
    return faults


def _party_faults(checked: TransactionSet) -> list[SegmentFault]:
    """A shipping order says where to: N1*ST with a street and a town, or a place's id."""
    if checked.type != "940" or purpose(checked) in CANCELLING:
        return []
    names = [segment[0] for segment in checked.segments]
    for position, segment in enumerate(checked.segments):
        if segment[:2] == ["N1", "ST"]:
            following = names[position + 1 : position + 6]
            loop = following[: following.index("N1")] if "N1" in following else following
            if {"N3", "N4"} <= set(loop) or len(segment) > 4:
                return []
            return [SegmentFault("N3", position + 2, "3")]
    return [SegmentFault("N1", len(names), "3")]


def check(checked: TransactionSet) -> list[SegmentFault]:
    """All faults of a 940, 943 or 997, in the order of their positions."""
    faults = [
        *_structure_faults(checked),
        *_missing_faults(checked, _wanted(checked)),
        *_total_faults(checked),
        *_party_faults(checked),
    ]
    return sorted(set(faults), key=lambda fault: fault.position)
