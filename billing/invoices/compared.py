"""What a draft says otherwise than the one before it, for whoever looked at that one."""

from collections.abc import Iterator
from decimal import Decimal

from billing.invoices import words
from billing.invoices.content import Content, Line


def changes(before: Content, after: Content) -> tuple[str, ...]:
    """A sentence for each line that is new, gone or another amount, and for what is to pay; none where both
    say the same."""
    return tuple(_changes(before, after))


def _changes(before: Content, after: Content) -> Iterator[str]:
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    for key in dict.fromkeys([*old, *new]):
        yield from _line(old.get(key), new.get(key), after.currency)
    if before.due != after.due:
        yield f"To pay: {_money(before.due, after)}, now {_money(after.due, after)}"


def _line(old: Line | None, new: Line | None, currency: str) -> Iterator[str]:
    named = new or old
    assert named is not None
    about = f"{named.name}, {words.service(named)}"
    if old is None:
        yield f"{about}: new, {words.money(named.amount, currency)}"
    elif new is None:
        yield f"{about}: gone, was {words.money(named.amount, currency)}"
    elif old.amount != new.amount:
        was, now = (words.money(one.amount, currency) for one in (old, new))
        yield f"{about}: {was}, now {now}"
    elif old != new:
        yield f"{about}: the same amount, told otherwise"


def _money(amount: Decimal, content: Content) -> str:
    return words.money(amount, content.currency)
