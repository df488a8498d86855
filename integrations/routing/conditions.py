"""The conditions of a routing rule: when each holds for an order."""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from integrations.routing.case import WEEKDAYS, Case, place_code
from integrations.routing.operands import (
    bounds_problem,
    choices_problem,
    flag_problem,
    read_bounds,
    read_texts,
    texts_problem,
)

Predicate = Callable[[Case], bool]


class Condition(NamedTuple):
    """`problem` says what is wrong with an operand, `build` makes the test out of a good one."""

    problem: Callable[[object], str]
    build: Callable[[Any], Predicate]


def _any_of(fact: str, value: object, *, read: Callable[[str], str] = str) -> Predicate:
    facts = attrgetter(fact)
    wanted = frozenset(read(text) for text in read_texts(value))
    return lambda case: not wanted.isdisjoint(facts(case))


def _postal_prefix(value: object) -> Predicate:
    prefixes = tuple(place_code(text) for text in read_texts(value))
    return lambda case: case.postal.startswith(prefixes)


def _hazmat(value: bool) -> Predicate:
    return lambda case: case.hazmat is value


def _order_value(value: dict[str, object]) -> Predicate:
    low, high = read_bounds(value)
    return lambda case: (low is None or case.value >= low) and (high is None or case.value <= high)


def _texts(fact: str) -> Condition:
    return Condition(texts_problem, partial(_any_of, fact))


def _places(fact: str) -> Condition:
    return Condition(texts_problem, partial(_any_of, fact, read=place_code))


CONDITIONS: dict[str, Condition] = {
    "ship_to.region": _places("region"),
    "ship_to.country": _places("country"),
    "ship_to.postal_prefix": Condition(texts_problem, _postal_prefix),
    "channel": _texts("channel"),
    "customer_group": _texts("customer_group"),
    "order_value": Condition(bounds_problem, _order_value),
    "any_item.hazmat": Condition(flag_problem, _hazmat),
    "any_item.tag": _texts("item_tags"),
    "sku": _texts("skus"),
    "service_level": _texts("service_level"),
    "weekday": Condition(partial(choices_problem, choices=WEEKDAYS), partial(_any_of, "weekday")),
    "tags": _texts("tags"),
}
