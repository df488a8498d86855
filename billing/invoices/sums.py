"""What the net amount of an invoice is made of."""

from decimal import Decimal
from typing import Final, NamedTuple

from billing.invoices.content import Content, Line
from portal.core.money import EXACT, add_up

_TAKEN: Final = frozenset({"discount", "sla_credit"})


class Sums(NamedTuple):
    """`charges` + `discounts` + `sla_credits` = the net amount. The last two are below zero where they take
    something off; of a credit note, where they give back less."""

    charges: Decimal
    discounts: Decimal
    sla_credits: Decimal


def sums(content: Content) -> Sums:
    """Discounts are what lines were lowered by, and the lines that are discounts themselves."""
    charged = [line for line in content.lines if line.origin not in _TAKEN]
    lowered = add_up(line.discount for line in charged)
    return Sums(
        charges=add_up(line.gross for line in charged),
        discounts=EXACT.subtract(_amount(content.lines, "discount"), lowered),
        sla_credits=_amount(content.lines, "sla_credit"),
    )


def _amount(lines: tuple[Line, ...], origin: str) -> Decimal:
    return add_up(line.amount for line in lines if line.origin == origin)
