"""Numbers that the systems said, checked at the door: what none of them can mean refuses the run."""

from decimal import Decimal

from monitoring.domain.reconcile_scope import RefusedError
from monitoring.reconcile import Amount, QuantityError, counted

_SHOWN = 20


def quantity(said: str, *, of: str, side: str) -> Amount:
    """RefusedError that names the side and the item or order, for what is no quantity."""
    try:
        return counted(said)
    except QuantityError:
        raise RefusedError(_sentence(said, of, side, "quantity")) from None


def money(said: str, *, of: str, side: str) -> Decimal:
    """RefusedError that names the side and the order, for what is no amount of money."""
    try:
        counted(said)
        return Decimal(said.strip())
    except (QuantityError, ArithmeticError):
        raise RefusedError(_sentence(said, of, side, "amount")) from None


def _sentence(said: str, of: str, side: str, what: str) -> str:
    short = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    return (
        f"{side} says “{short}” of {of[:100]}, which is no {what} we can compare."
        " Have it corrected there, and compare again."
    )
