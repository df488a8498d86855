"""What is compared with what, and how much may differ: one version of a reconciliation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from monitoring.reconcile.amounts import Amount, size

Kind = Literal["inventory", "orders", "shipments", "financial"]
Role = Literal["erp", "warehouse", "channel"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ROLES: Final[tuple[Role, ...]] = get_args(Role)
KEYS: Final = ("location", "sku", "lot", "condition")
CLASSES: Final = ("A", "B", "C", "piece", "weight")


class Tolerance(NamedTuple):
    """How far two sides may be apart: `share` of the larger one (0 to 1) or `least`, whichever is more."""

    share: Fraction = Fraction(0)
    least: Amount = 0

    def allows(self, gap: Amount, left: Amount, right: Amount) -> bool:
        return size(gap) <= max(self.share * max(size(left), size(right)), self.least)


EXACT: Final = Tolerance()
# Exact for pieces; what is weighed may differ by 0.5 % or 1 unit.
DEFAULT_TOLERANCES: Final[Mapping[str, Tolerance]] = MappingProxyType(
    {"piece": EXACT, "weight": Tolerance(Fraction(1, 200), 1)}
)


class Side(NamedTuple):
    """One system that is asked. `source`: where its figures come from, `endpoint`: the slug of whose."""

    role: Role
    source: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a reconciliation. `sides`: the one that is corrected first, then the one that is
    normally right, then channels. What is worth more than `value_limit` needs a second person.

    `interval`: how long one side may be behind the other by its schedule. `window` and `settle` (orders):
    placed at most so long ago, and at least. `agreeing_runs`: how many in a row have to say the same.
    """

    version: int
    kind: Kind
    sides: tuple[Side, ...]
    keys: tuple[str, ...] = ("location", "sku")
    tolerances: Mapping[str, Tolerance] = field(default_factory=lambda: DEFAULT_TOLERANCES)
    value_limit: Decimal = Decimal(250)
    interval: timedelta = timedelta(hours=1)
    agreeing_runs: int = 2
    window: timedelta = timedelta(days=35)
    settle: timedelta = timedelta(minutes=15)

    @property
    def in_flight(self) -> timedelta:
        """What moved less than this ago may still be under way to the other side."""
        return 2 * self.interval

    def tolerance(self, item_class: str, *, weighed: bool) -> Tolerance:
        """Of an item of class A, B or C (or none): its class's own, else as for pieces or for weight."""
        found = self.tolerances.get(item_class)
        return found or self.tolerances.get("weight" if weighed else "piece") or EXACT
