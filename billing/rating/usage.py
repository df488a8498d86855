"""How much was used: a quantity, and where it matters event by event."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.money import add_up


class UsageError(ValueError):
    """Usage that nobody can be charged for; the text says why."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`events`: the quantity of each event in the order in which they happened; without them all of it is
    one event. UsageError for less than nothing, and for events that are together another quantity."""

    quantity: Decimal
    events: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        if self.quantity < 0 or any(event < 0 for event in self.events):
            raise UsageError("Nobody uses less than nothing: what was too much is an amendment.")
        if self.events and add_up(self.events) != self.quantity:
            raise UsageError(f"The events are {add_up(self.events)} together, not {self.quantity}.")

    @classmethod
    def of(cls, events: Sequence[Decimal]) -> "Usage":
        return cls(add_up(events), tuple(events))

    @property
    def each(self) -> tuple[Decimal, ...]:
        return self.events or ((self.quantity,) if self.quantity else ())
