"""How a benchmark tells its figure: one JSON object on the last line of its output."""

import json
import os
from typing import Any


def row(
    name: str, value: float, unit: str, *, limit: float, limit_is: str, **extras: Any
) -> dict[str, Any]:
    """A figure with the physical limit beside it; `ratio` is value over limit."""
    return {
        "name": name,
        "value": round(value, 2) if value < 100 else round(value),
        "unit": unit,
        "limit": round(limit, 2) if limit < 100 else round(limit),
        "ratio": round(value / limit, 3),
        "limit_is": limit_is,
        **extras,
    }


def show(headline: dict[str, Any], *more: dict[str, Any]) -> None:
    """Print the object. `more` are further rows of the same question."""
    load = {"load_average": round(os.getloadavg()[0], 2)}
    print(json.dumps({**headline, **load, **({"also": list(more)} if more else {})}))
