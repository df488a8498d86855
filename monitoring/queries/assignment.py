"""What the rules of assignment would have done."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from monitoring.domain.assignment import first_of
from monitoring.models import AssignmentRule, ExceptionCase

LAST = 100


class Taken(NamedTuple):
    """Rule → how many of the last `cases` it would have taken, each case going to the first that
    fits."""

    cases: int
    by_rule: Counter[int]


def taken(rules: Sequence[AssignmentRule]) -> Taken:
    """In one query, over the cases that opened last."""
    columns = ("customer_id", "endpoint_id", "code")
    cases = list(ExceptionCase.objects.order_by("-number").only(*columns)[:LAST])
    firsts = (first_of(rules, case) for case in cases)
    return Taken(len(cases), Counter(rule.pk for rule in firsts if rule))
