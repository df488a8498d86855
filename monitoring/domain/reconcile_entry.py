"""One thing a run found, whatever it compared: as its row, its break and its case take it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from monitoring.reconcile import Cause

_BREAKS: Final = UUID("7b0c2f0e-6f3a-5c54-9a4b-2d1f4d6c8e31")


@dataclass(frozen=True, slots=True)
class Entry:
    """`key`: what it is about, the same in every run. `code`: the kind of its case; empty: nobody is
    told. `gap`: what has to be the same for two runs to agree. `causes` as in `cause`, best first.

    `runs`, `first_seen`, `trail` ([[at, gap]]), `told`, `is_back`, `is_accepted`: by what earlier runs saw.
    """

    key: str
    state: str
    code: str
    endpoint_id: int
    gap: str
    sentence: str
    location: str = ""
    sku: str = ""
    lot: str = ""
    condition: str = ""
    subject: str = ""
    line_no: str = ""
    left: str = ""
    right: str = ""
    left_at: str = ""
    right_at: str = ""
    value: Decimal = Decimal(0)
    causes: Sequence[dict[str, Any]] = ()
    movements: Sequence[Sequence[Any]] = ()
    note: str = ""
    evidence: Sequence[tuple[str, str]] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    severity: int | None = None
    runs: int = 1
    first_seen: datetime | None = None
    trail: Sequence[Sequence[Any]] = ()
    told: bool = False
    is_back: bool = False
    is_accepted: bool = False

    @property
    def cause(self) -> str:
        return str(self.causes[0]["code"]) if self.causes else ""

    @property
    def is_standing(self) -> bool:
        """Whether it is remembered from run to run."""
        return bool(self.code)


def fingerprint(reconciliation_id: int, key: str) -> UUID:
    """Of a break and its case: the same for ever."""
    return uuid5(_BREAKS, f"{reconciliation_id} {key}")


def cause(one: Cause) -> dict[str, Any]:
    """A cause as it is kept."""
    return {
        "code": one.code,
        "sentence": one.sentence,
        "confidence": one.confidence,
        "evidence": [list(line) for line in one.evidence],
    }
