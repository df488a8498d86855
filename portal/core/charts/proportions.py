"""One whole in parts side by side: whose time it was, what became of documents."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

Part = Literal["us", "third", "customer", "good", "warn", "bad", "none"]
_LETTER: Final = 0.8  # percent of the bar that a letter of the words takes
_FIGURE: Final = 4  # and the figure behind them


class Share(NamedTuple):
    """A part of the whole: its words, how much it is, and how it is drawn."""

    label: str
    amount: float | Decimal
    part: Part


def proportion(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """[{label, percent, share, part, text, has_room}] of what is more than nothing, in their order.

    `percent` are whole numbers that add up to 100 (largest remainder), so that nobody adds up 99.
    Raises ValueError for a negative amount.
    """
    if any(one.amount < 0 for one in shares):
        raise ValueError("a part of a whole is not less than nothing")
    parts = [one for one in shares if one.amount > 0]
    total = sum(Decimal(str(one.amount)) for one in parts)
    exact = [100 * Decimal(str(one.amount)) / total for one in parts] if total else []
    return [
        {
            "label": one.label,
            "percent": percent,
            "share": round(float(share), 2),
            "part": one.part,
            "text": f"{one.label} {percent} %",
            "has_room": float(share) >= len(one.label) * _LETTER + _FIGURE,
        }
        for one, share, percent in zip(parts, exact, _whole(exact), strict=True)
    ]


def _whole(exact: Sequence[Decimal]) -> list[int]:
    """Largest remainder: everybody gets their floor, what is left goes to the largest fractions."""
    floors = [int(share) for share in exact]
    left = 100 - sum(floors) if exact else 0
    order = sorted(range(len(exact)), key=lambda n: floors[n] - exact[n])
    for n in order[:left]:
        floors[n] += 1
    return floors
