"""What every charge has in common: it rates usage, and refuses terms that nobody could bill by."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from billing.rating.rated import Rated
from billing.rating.usage import Usage


class TermsError(ValueError):
    """Terms that are none. `problems`: for each the field and a sentence."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {text}" for field, text in problems))
        self.problems = problems


class Charge(Protocol):
    """The terms of one charge."""

    def rate(self, usage: Usage) -> Rated: ...


def refuse(problems: Iterable[tuple[str, str]]) -> None:
    """TermsError for any."""
    if found := [*problems]:
        raise TermsError(*found)


def negative(**amounts: Decimal | None) -> Iterable[tuple[str, str]]:
    """What is below nothing: a price that gives money back is a credit, not a charge."""
    for field, amount in amounts.items():
        if amount is not None and amount < 0:
            yield field, f"It is {amount}; it cannot be below 0."
