"""Text in a figure: what people wrote stays text, and labels at the ends of lines stand apart."""

from collections.abc import Sequence

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " "})


def plain(text: str) -> str:
    """Plotly reads tags in its texts; none of ours has any, and a name that looks like one is a name."""
    return text.translate(_ESCAPES)


def apart(places: Sequence[float], *, least: float, low: float, high: float) -> list[float]:
    """The places moved as little as needed to be `least` apart within `low` and `high`, in their order.

    Where there is no room for all, they are spread evenly.
    """
    order = sorted(range(len(places)), key=lambda n: places[n])
    if not order or least * (len(order) - 1) > high - low:
        return _evenly(order, low=low, high=high)
    found, floor = [0.0] * len(places), low
    for n in order:
        found[n] = max(places[n], floor)
        floor = found[n] + least
    ceiling = high
    for n in reversed(order):
        found[n] = min(found[n], ceiling)
        ceiling = found[n] - least
    return found


def _evenly(order: Sequence[int], *, low: float, high: float) -> list[float]:
    found = [0.0] * len(order)
    for place, n in enumerate(order):
        found[n] = low + (high - low) * place / max(len(order) - 1, 1)
    return found
