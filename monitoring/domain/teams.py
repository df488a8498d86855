"""Teams, and the rules by which new cases go to people and teams."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from monitoring.models import AssignmentRule, Team
from portal.accounts.models import Person


class NameTakenError(ValueError):
    """Another team has the name."""


@transaction.atomic
def put_team(team: Team | None, *, name: str, members: Iterable[Person]) -> Team:
    """A new team, or this one with another name and other members. NameTakenError when another has it."""
    kept = team or Team()
    kept.name = name
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise NameTakenError from None
    kept.members.set(members)
    return kept


@transaction.atomic
def put_rule(rule: AssignmentRule | None, terms: Mapping[str, Any]) -> AssignmentRule:
    """A new rule behind the others, or this one with other terms in its place.

    terms {customer, endpoint, category, code, person or team}
    """
    kept = rule or AssignmentRule(position=_last() + 1)
    for name in ("customer", "endpoint", "person", "team"):
        setattr(kept, name, terms.get(name))
    for name in ("category", "code"):
        setattr(kept, name, terms.get(name, ""))
    kept.save()
    return kept


def _last() -> int:
    return AssignmentRule.objects.aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def move(rule_id: int, *, up: bool) -> bool:
    """Let the rule change places with the one before it, or behind it. False when there is none."""
    rules = list(AssignmentRule.objects.select_for_update())
    at = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
    if at is None:
        return False
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rules):
        return False
    rules[at], rules[to] = rules[to], rules[at]
    for position, rule in enumerate(rules, 1):
        rule.position = position
    AssignmentRule.objects.bulk_update(rules, ["position"])
    return True
