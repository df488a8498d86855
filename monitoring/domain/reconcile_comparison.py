"""What a run found, whatever it compared."""

from dataclasses import dataclass
from typing import Any

from monitoring.domain.reconcile_entry import Entry


@dataclass(frozen=True)
class Comparison:
    """All that the run found, and what of it counts as figures.

    `agreed`: keys of earlier entries that a light run looked at and found in order.
    """

    entries: list[Entry]
    counts: dict[str, int]
    figures: dict[str, Any]
    agreed: frozenset[str] = frozenset()
