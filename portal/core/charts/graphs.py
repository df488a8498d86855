"""Who sends what to whom, and how much: senders on the left, receivers and what comes to them on the right.

Drawn in the page itself and not by plotly: each node is a link one can tab to, the words keep their size
on a phone, and nothing of it needs a script.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

State = Literal["", "warn", "bad"]
MOST_EDGES: Final = 60
_THINNEST, _THICKEST = 1.0, 9.0


class Node(NamedTuple):
    key: str
    label: str
    url: str = ""
    state: State = ""
    word: str = ""


class Edge(NamedTuple):
    """`rate`: what the thickness stands for; `said`: the same in words, as they stand beside it."""

    source: str
    target: str
    label: str
    rate: float
    said: str
    url: str = ""
    state: State = ""


class Graph(NamedTuple):
    """`senders` and `receivers` as the page lists them, each a row of the same height; `curves` from the
    middle of one row to the middle of another, in a box 100 wide and `rows` high."""

    senders: list[dict[str, Any]]
    receivers: list[dict[str, Any]]
    curves: list[dict[str, Any]]
    rows: int


def graph(nodes: Sequence[Node], edges: Sequence[Edge]) -> Graph:
    """Lay the flows out. Senders and receivers stand in the order of `nodes`.

    Raises ValueError for an edge to a node that is not there, and for more than 60 edges.
    """
    known = {node.key: node for node in nodes}
    _check(known, edges)
    receivers, places = _receivers(nodes, edges)
    sending = [node for node in nodes if any(edge.source == node.key for edge in edges)]
    rows = max(len(receivers), len(sending), 1)
    gap = (rows - len(sending)) / 2  # few senders stand in the middle of many receivers
    at = {node.key: gap + n + 0.5 for n, node in enumerate(sending)}
    most = max((edge.rate for edge in edges), default=0.0)
    curves = [
        {"path": _curve(at[edge.source], place), "width": _width(edge.rate, most), "state": edge.state,
         "is_still": edge.rate <= 0}
        for edge, place in places
    ]  # fmt: skip
    return Graph([node._asdict() for node in sending], receivers, curves, rows)


def _check(known: dict[str, Node], edges: Sequence[Edge]) -> None:
    for edge in edges:
        for end in (edge.source, edge.target):
            if end not in known:
                raise ValueError(f"{edge.label} goes from or to {end}, which is no node")
    if len(edges) > MOST_EDGES:
        raise ValueError(f"{len(edges)} flows are too many for one picture: choose a customer")


def _receivers(
    nodes: Sequence[Node], edges: Sequence[Edge]
) -> tuple[list[dict[str, Any]], list[tuple[Edge, float]]]:
    """Each receiver is a row, and each of its flows one below it; where each flow's row has its middle."""
    rows: list[dict[str, Any]] = []
    places: list[tuple[Edge, float]] = []
    for node in nodes:
        coming = [edge for edge in edges if edge.target == node.key]
        if not coming:
            continue
        rows.append({**node._asdict(), "is_head": True})
        for edge in coming:
            places.append((edge, len(rows) + 0.5))
            rows.append({**edge._asdict(), "is_head": False})
    return rows, places


def _curve(y0: float, y1: float) -> str:
    return f"M0,{y0:g} C50,{y0:g} 50,{y1:g} 100,{y1:g}"


def _width(rate: float, most: float) -> float:
    """By the logarithm: a flow of ten an hour is still seen beside one of ten thousand."""
    if rate <= 0 or most <= 0:
        return _THINNEST
    share = math.log1p(rate) / math.log1p(most)
    return round(_THINNEST + (_THICKEST - _THINNEST) * share, 1)
