"""Whose case it is: said by a person, or by the first rule that fits a new case."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from monitoring import taxonomy
from monitoring.models import AssignmentRule, CaseEvent, ExceptionCase, Team


@transaction.atomic
def assign(
    case: ExceptionCase, *, actor: str, person: Any = None, team: Team | None = None
) -> CaseEvent:
    """Give the case to a person or to a team; without either it is free again."""
    return assign_all([case], actor=actor, person=person, team=team)[0]


def assign_all(
    cases: Sequence[ExceptionCase], *, actor: str, person: Any = None, team: Team | None = None
) -> list[CaseEvent]:
    """The same for several cases."""
    found = ExceptionCase.objects.filter(pk__in=[case.pk for case in cases])
    found.update(assignee=person, team=team, edition=F("edition") + 1)
    to = person.name if person else team.name if team else ""
    text = f"Assigned to {to}" if to else "Assigned to nobody"
    return CaseEvent.objects.bulk_create(
        CaseEvent(case=case, actor=actor[:80], action="assigned", text=text) for case in cases
    )


def by_rule(cases: Sequence[ExceptionCase]) -> None:
    """Assign new cases by the rules, in a bounded number of queries."""
    rules = list(AssignmentRule.objects.select_related("person", "team")) if cases else []
    events = []
    for case in cases:
        rule = first_of(rules, case)
        if rule is None:
            continue
        case.assignee, case.team = rule.person, rule.team
        to = rule.person.name if rule.person else rule.team.name if rule.team else ""
        events.append(CaseEvent(case=case, action="assigned", text=f"Assigned to {to} by rule"))
    ExceptionCase.objects.bulk_update([event.case for event in events], ["assignee", "team"])
    CaseEvent.objects.bulk_create(events)


def first_of(rules: Sequence[AssignmentRule], case: ExceptionCase) -> AssignmentRule | None:
    """The rule that decides about the case, of all in their order."""
    return next((rule for rule in rules if _fits(rule, case)), None)


def _fits(rule: AssignmentRule, case: ExceptionCase) -> bool:
    wanted = (
        (rule.customer_id, case.customer_id),
        (rule.endpoint_id, case.endpoint_id),
        (rule.category, taxonomy.kind(case.code).category if rule.category else ""),
        (rule.code, case.code),
    )
    return all(not asked or asked == has for asked, has in wanted)
