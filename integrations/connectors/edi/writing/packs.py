"""Which lines of a shipment are in which carton. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from integrations.canonical.problem import Problem, shorten

Fields = Mapping[str, Any]


class Pack(NamedTuple):
    """A carton and what is in it. Without a number: what is in no carton we know of."""

    sscc: str
    tracking: str
    lines: list[dict[str, Any]]


def of(document: Fields, lines: Sequence[dict[str, Any]]) -> list[Pack]:
    """The cartons in the order of the lines. One carton alone holds all that names none."""
    cartons = {str(p["sscc"]): p for p in document.get("packages") or [] if p.get("sscc")}
    alone = next(iter(cartons)) if len(cartons) == 1 else ""
    found: dict[str, Pack] = {}
    for line in lines:
        sscc = str(line.get("sscc") or alone)
        tracking = str((cartons.get(sscc) or {}).get("tracking") or "")
        found.setdefault(sscc, Pack(sscc, tracking, [])).lines.append(line)
    return list(found.values())


def nothing_left(document: Fields) -> list[Problem]:
    """A problem for a shipment of which nothing left: there is nothing to announce."""
    if document.get("lines"):
        return []
    number = shorten(str(document.get("number") or ""))
    text = f"Nothing left with shipment {number}, so there is nothing to announce."
    return [Problem("edi_not_writable", "lines", "", text)]
