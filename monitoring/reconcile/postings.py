"""Documents of two ledgers matched with each other: by number, by reference, by amount and day."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

Pass = Literal["number", "reference", "amount"]
DAYS_APART: Final = 3
BUCKETS: Final = ("0-2", "3-7", "8-30", "30+")
CENT: Final = Decimal("0.01")


class Posting(NamedTuple):
    """One document of a ledger. `references`: order and PO numbers it names."""

    number: str
    references: tuple[str, ...]
    customer: str
    on: date
    amount: Decimal
    currency: str


class Matched(NamedTuple):
    """Two that belong together, and by which pass."""

    left: Posting
    right: Posting
    by: Pass


class Matching(NamedTuple):
    """What is left over needs a person."""

    matched: tuple[Matched, ...]
    left: tuple[Posting, ...]
    right: tuple[Posting, ...]


def match(left: Iterable[Posting], right: Iterable[Posting]) -> Matching:
    """Three passes, the surer first; each takes only what the ones before left over, and only where one
    document of each side is meant: two of the same amount in three days are for a person to tell apart.
    Documents of different currencies never match. What is left is in the order of number and day.
    """
    ours, theirs = sorted(left), sorted(right)
    found: list[Matched] = []
    for by, keys in _PASSES:
        pairs = _pairs(ours, theirs, keys)
        found += [Matched(a, b, by) for a, b in pairs]
        taken_left, taken_right = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
        ours = [one for one in ours if id(one) not in taken_left]
        theirs = [one for one in theirs if id(one) not in taken_right]
    by_date = _by_amount(ours, theirs)
    found += by_date
    used = {id(one) for pair in by_date for one in (pair.left, pair.right)}
    return Matching(
        tuple(found),
        tuple(one for one in ours if id(one) not in used),
        tuple(one for one in theirs if id(one) not in used),
    )


def _number(one: Posting) -> Iterable[Hashable]:
    return [(one.currency, one.number.upper())]


def _references(one: Posting) -> Iterable[Hashable]:
    return [(one.currency, name.upper()) for name in one.references if name]


_PASSES: Final[tuple[tuple[Pass, Callable[[Posting], Iterable[Hashable]]], ...]] = (
    ("number", _number),
    ("reference", _references),
)


def _pairs(
    left: Sequence[Posting], right: Sequence[Posting], keys: Callable[[Posting], Iterable[Hashable]]
) -> list[tuple[Posting, Posting]]:
    """Those that share a key with just one of the other side, which shares it with them alone."""
    ours, theirs = _by_key(left, keys), _by_key(right, keys)
    found: dict[int, tuple[Posting, Posting]] = {}
    taken: set[int] = set()
    for key, candidates in ours.items():
        others = theirs.get(key, [])
        if len(candidates) != 1 or len(others) != 1:
            continue
        a, b = candidates[0], others[0]
        if id(a) not in found and id(b) not in taken:
            found[id(a)] = (a, b)
            taken.add(id(b))
    return list(found.values())


def _by_key(
    postings: Iterable[Posting], keys: Callable[[Posting], Iterable[Hashable]]
) -> dict[Hashable, list[Posting]]:
    found: dict[Hashable, list[Posting]] = defaultdict(list)
    for one in postings:
        for key in keys(one):
            found[key].append(one)
    return found


def _by_amount(left: Sequence[Posting], right: Sequence[Posting]) -> list[Matched]:
    """Same customer, currency and amount, at most three days apart, and nobody else it could be."""
    near = timedelta(days=DAYS_APART)
    theirs, ours = _by_key(right, _amount_key), _by_key(left, _amount_key)
    found = []
    for one in left:
        (key,) = _amount_key(one)
        close = [other for other in theirs.get(key, ()) if abs(other.on - one.on) <= near]
        if len(close) != 1:
            continue
        rivals = [rival for rival in ours[key] if abs(rival.on - close[0].on) <= near]
        if len(rivals) == 1:
            found.append(Matched(one, close[0], "amount"))
    return found


def _amount_key(one: Posting) -> Iterable[Hashable]:
    return [(one.customer, one.currency, one.amount)]


def bucket(on: date, *, today: date) -> str:
    """How long something is unmatched: one of BUCKETS, in days."""
    days = (today - on).days
    if days <= 2:
        return "0-2"
    if days <= 7:
        return "3-7"
    return "8-30" if days <= 30 else "30+"


def ageing(
    postings: Iterable[Posting], *, today: date
) -> dict[str, tuple[int, dict[str, Decimal]]]:
    """For each of BUCKETS: how many are unmatched for so long, and their amounts by currency."""
    found: dict[str, tuple[int, dict[str, Decimal]]] = {name: (0, {}) for name in BUCKETS}
    for one in postings:
        name = bucket(one.on, today=today)
        count, amounts = found[name]
        amounts[one.currency] = amounts.get(one.currency, Decimal(0)) + one.amount
        found[name] = (count + 1, amounts)
    return found
