"""Bills and margins counted again in whole cents and fractions, the simplest way: of the figures that plans
are made of and of the log of events, with nothing of the code under test."""

from calendar import monthrange
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple


class Tariff(NamedTuple):
    """Cents; `price` is of a document. `upper` is the price above 100 documents, None without a second tier."""

    fixed: int
    price: Fraction
    included: int
    commitment: int
    percent: int
    upper: Fraction | None = None


class Stay(NamedTuple):
    """Somebody by a tariff, from a day up to and without another one."""

    tariff: Tariff
    begins: date
    ends: date


class Event(NamedTuple):
    """Documents on a day; an amendment takes some away."""

    customer: str
    day: date
    quantity: int


def half_up(cents: Fraction) -> int:
    size = (2 * abs(cents.numerator) + cents.denominator) // (2 * cents.denominator)
    return size if cents >= 0 else -size


def cents_of(stay: Stay, events: list[Event], year: int, number: int) -> dict[str, int]:
    """What is to be paid for a month, part by part."""
    length = monthrange(year, number)[1]
    inside = [
        day for day in range(1, length + 1) if stay.begins <= date(year, number, day) < stay.ends
    ]
    if not inside:
        return {}
    before, until = inside[0] - 1, inside[-1]

    def part(cents: int) -> int:
        return half_up(Fraction(cents * until, length)) - half_up(Fraction(cents * before, length))

    tariff = stay.tariff
    used = sum(e.quantity for e in events if e.day.month == number and e.day.day in inside)
    beyond = max(used - ceil(Fraction(tariff.included * len(inside), length)), 0)
    fixed, documents = part(tariff.fixed), half_up(_price(tariff, beyond))
    found = {"base": fixed, "documents": documents}
    found = {
        key: cents - half_up(Fraction(cents * tariff.percent, 100)) for key, cents in found.items()
    }
    found["#commitment"] = max(part(tariff.commitment) - fixed - documents, 0)
    return found


def _price(tariff: Tariff, documents: int) -> Fraction:
    if tariff.upper is None:
        return documents * tariff.price
    return min(documents, 100) * tariff.price + max(documents - 100, 0) * tariff.upper


def split(cents: int, weights: list[int]) -> list[int]:
    """By weights, each half up, never more than there is; the last with a weight takes what is left."""
    if not any(weights):
        weights = [1] * len(weights)
    left, parts = abs(cents), []
    last = max(at for at, weight in enumerate(weights) if weight)
    for at, weight in enumerate(weights):
        share = half_up(Fraction(abs(cents) * weight, sum(weights)))
        parts.append(left if at == last else min(share, left))
        left -= parts[-1]
    return [part if cents >= 0 else -part for part in parts]
