"""A percentage of what events are worth, with a fixed fee for each.

The first events may go without the fixed fee (`free_events`), and the first of the worth without the
percentage (`free_amount`). Where both are agreed, events are free of everything until either is used up: as
Lago has it, three events or 500, whichever ends first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from billing.rating import rated
from billing.rating.rated import Line, Rated
from billing.rating.terms import negative, refuse
from billing.rating.usage import Usage
from portal.core.money import EXACT, add_up

_ZERO = Decimal(0)


class _Event(NamedTuple):
    """What of an event is charged: by percentage, and the fixed fee."""

    worth: Decimal
    fixed: bool


@dataclass(frozen=True, slots=True)
class Percentage:
    """`rate` in percent, 1.2 for 1.2 %. `minimum` and `maximum` are of each event that is charged."""

    rate_percent: Decimal
    fixed_amount: Decimal = _ZERO
    free_events: int | None = None
    free_amount: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def __post_init__(self) -> None:
        refuse(self._problems())

    def rate(self, usage: Usage) -> Rated:
        charged = [one for one in self._charged(usage) if one.worth or one.fixed]
        worth = add_up(one.worth for one in charged)
        fees = sum(one.fixed for one in charged) if self.fixed_amount else 0
        lines = [
            rated.free(usage.quantity - worth) if worth < usage.quantity else None,
            rated.percent(worth, self.rate_percent) if worth else None,
            _fixed(Decimal(fees), self.fixed_amount) if fees else None,
            *self._bounded(charged),
        ]
        return Rated(usage.quantity, tuple(line for line in lines if line))

    def _charged(self, usage: Usage) -> Iterator[_Event]:
        before = _ZERO
        for number, event in enumerate(usage.each, 1):
            after = EXACT.add(before, event)
            beyond = min(event, max(after - (self.free_amount or _ZERO), _ZERO))
            is_late = self.free_events is None or number > self.free_events
            yield self._one(event, beyond=beyond, is_late=is_late)
            before = after

    def _one(self, event: Decimal, *, beyond: Decimal, is_late: bool) -> _Event:
        """`beyond`: what of it is above the free amount. `is_late`: it comes after the free events."""
        if self.free_events is None or self.free_amount is None:
            return _Event(beyond, is_late)
        if is_late:
            return _Event(event, True)
        return _Event(beyond, beyond > 0)

    def _bounded(self, charged: list[_Event]) -> Iterator[Line]:
        prices = [self._price(one) for one in charged]
        raised = [max(self.minimum - price, _ZERO) for price in prices if self.minimum is not None]
        cut = [max(price - self.maximum, _ZERO) for price in prices if self.maximum is not None]
        if count := sum(1 for one in raised if one):
            yield Line("minimum", Decimal(count), self.minimum or _ZERO, add_up(raised))
        if count := sum(1 for one in cut if one):
            yield Line("maximum", Decimal(count), self.maximum or _ZERO, -add_up(cut))

    def _price(self, one: _Event) -> Decimal:
        part = rated.percent(one.worth, self.rate_percent).amount
        return EXACT.add(part, self.fixed_amount) if one.fixed else part

    def _problems(self) -> Iterator[tuple[str, str]]:
        yield from negative(
            rate=self.rate_percent, fixed_amount=self.fixed_amount, free_amount=self.free_amount,
            minimum=self.minimum, maximum=self.maximum,
        )  # fmt: skip
        if self.free_events is not None and self.free_events < 0:
            yield "free_events", f"It is {self.free_events}; it cannot be below 0."
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            yield "minimum", f"It is {self.minimum}, more than the maximum of {self.maximum}."


def _fixed(count: Decimal, price: Decimal) -> Line:
    return Line("fixed", count, price, EXACT.multiply(count, price))
