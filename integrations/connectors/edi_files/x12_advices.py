"""824 application advices: whether what was read was also taken. Pure."""

from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import advices
from integrations.connectors.connection import Connection
from integrations.formats.findings import Mark
from integrations.formats.x12.codes import FUNCTIONAL_ID

# 143 → what it is here.
_TYPES: Final = {
    "856": "shipment", "810": "invoice", "846": "availability", "855": "acknowledgement",
    "865": "acknowledgement", "940": "order", "943": "inbound_shipment", "832": "price_list",
    "180": "return",
}  # fmt: skip
# The second letter of OTI-01: accepted, with a change of data, with errors, in part, rejected.
_CODES: Final = {
    "A": advices.ACCEPTED, "C": advices.ACCEPTED, "E": advices.WITH_ERRORS, "P": advices.REFUSED,
    "R": advices.REFUSED,
}  # fmt: skip

# The first letter: of a group, of a batch.
_OF_GROUPS: Final = ("G", "B")

Fields = dict[str, Any]


def native_advice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """One verdict for each document of ours that it speaks of; results for its lines are put together."""
    found: dict[tuple[str, ...], Fields] = {}
    for number, result in enumerate(document.get("results", [])):
        code = _CODES.get(str(result.get("result", ""))[1:2])
        if code is None:
            text = "OTI01 does not say whether the document was accepted."
            value = shorten(str(result.get("result", "")))
            problems.append(Problem("wrong_format", f"results[{number}].result", value, text))
            continue
        told = _verdict(result, code)
        known = found.setdefault(_key(told), told)
        if known is not told:
            known["code"] = max(known["code"], told["code"], key="AER".index)
            known["errors"] += told["errors"]
            known["marks"] += told["marks"]
    if not document.get("results"):
        text = "It names no document of ours."
        problems.append(Problem("missing_field", "results", "", text))
    return list(found.values())


def _key(told: Fields) -> tuple[str, ...]:
    place = told["about"]
    return (*place["numbers"], *place["types"], place["group"], place["part"])


def _verdict(result: Fields, code: str) -> Fields:
    set_type = str(result.get("set_type", ""))
    group = str(result.get("group_control", ""))
    # A result for a whole group has a number of theirs, and none of a document.
    of_group = bool(group) and str(result.get("result", ""))[:1] in _OF_GROUPS
    place = advices.about(
        "" if of_group else str(result.get("reference", "")),
        types=[_TYPES[set_type]] if set_type in _TYPES else [],
        functional_id=FUNCTIONAL_ID.get(set_type, ""),
        group=group,
        part=str(result.get("set_control", "")),
    )
    errors = result.get("errors", [])
    marks = [_mark(error) for error in errors]
    if not any(mark.place for mark in marks):
        marks = []
    return advices.verdict(place, code, [_words(error) for error in errors], marks)


def _words(error: Fields) -> str:
    """Their own code and text, and what they note."""
    notes = [str(note.get("text", "")) for note in error.get("notes", [])]
    said = " ".join(text for text in (str(error.get("text", "")), *notes) if text)
    value = f' ("{error["value"]}")' if error.get("value") else ""
    return f"{error.get('code', '?')}{': ' if said else ''}{said}{value}"


def _mark(error: Fields) -> Mark:
    """The place, empty where they name none: positions count from ST = 1."""
    position, value = str(error.get("position", "")), str(error.get("value", ""))
    if not position:
        return Mark("", value, _words(error))
    place = f"{error.get('segment') or 'segments'}[{position}]"
    element = str(error.get("element", "")).partition(":")[0]
    return Mark(f"{place}.{element}" if element else place, value, _words(error))
