"""A place that can ship, and what it offers for one order."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Site(NamedTuple):
    """A warehouse as the rules see it.

    `order` is its fixed place in ties, lowest first. `stocked`: the site reports stock at all, so a
    SKU without a level there means zero; without reports its stock is unknown, which is not zero.
    """

    code: str
    flags: frozenset[str] = frozenset()
    active: bool = True
    order: int = 1
    region: str = ""
    stocked: bool = True


class Quote(NamedTuple):
    """What one site offers for one order: the day it would arrive, and its landed cost in the
    order's currency. None: nobody knows."""

    arrives: date | None = None
    cost: Decimal | None = None
