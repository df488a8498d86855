"""Which lines of an order a shipment's pieces belong to, for systems that ship by the ids of lines. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from integrations.canonical.problem import Problem, shorten


class OpenLine(NamedTuple):
    """A line of the order at the system: its id, its item, and how much of it has not shipped yet."""

    id: str
    sku: str
    left: Decimal


class Pieces(NamedTuple):
    """A line of the shipment; `line_no` empty where the warehouse echoes none. `path` is for problems."""

    line_no: str
    sku: str
    quantity: Decimal
    path: str


def allot(
    shipped: Sequence[Pieces], order: Sequence[OpenLine]
) -> tuple[dict[str, Decimal], list[Problem]]:
    """Line id → quantity. A line that the shipment names by number gets its pieces; others are told by
    item, those with something left first. What is more than was left goes to the last one that fits: the
    system says itself what it thinks of that. A problem for an item that the order has not."""
    left = {line.id: line.left for line in order}
    given: dict[str, Decimal] = {}
    problems = []
    for pieces in shipped:
        fit = [line for line in order if line.id == pieces.line_no]
        fit = fit or [line for line in order if line.sku == pieces.sku]
        if not fit:
            text = f"The order has no line of {shorten(pieces.sku)} there."
            problems.append(Problem("unknown_sku", pieces.path, shorten(pieces.sku), text))
            continue
        _share(pieces.quantity, fit, left, given)
    return given, problems


def _share(
    quantity: Decimal, fit: Sequence[OpenLine], left: dict[str, Decimal], given: dict[str, Decimal]
) -> None:
    for line in fit:
        part = quantity if line is fit[-1] else min(quantity, max(left[line.id], Decimal(0)))
        if part > 0:
            given[line.id] = given.get(line.id, Decimal(0)) + part
            left[line.id] -= part
            quantity -= part
