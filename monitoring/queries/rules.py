"""Which rule a case would have, and what it proposes for it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from monitoring import rules
from monitoring.models import ExceptionCase, Fix, RemedyRule
from monitoring.rules import Facts
from portal.core import clock

DAY = timedelta(hours=24)
State = Fix.State


class Suggestion(NamedTuple):
    """What a rule would do about a case."""

    rule: RemedyRule
    terms: dict[str, Any]
    words: str


def at_work() -> QuerySet[RemedyRule]:
    """Rules that suggest or act, and have not expired."""
    lasting = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return RemedyRule.objects.filter(lasting, state__in=RemedyRule.AT_WORK)


def facts(case: ExceptionCase) -> Facts:
    return Facts(case.customer_id, case.code, case.path, case.value)


def suggestions(cases: Sequence[ExceptionCase]) -> dict[int, Suggestion]:
    """Of each case that a rule at work fits, what the first one proposes; one query for all."""
    known = list(at_work().filter(code__in={case.code for case in cases})) if cases else []
    found = {}
    for case in cases:
        rule = _first(known, facts(case))
        if rule and case.is_of_documents:
            terms = rules.for_value(rule.remedy, rule.terms, case.value)
            found[case.pk] = Suggestion(rule, terms, rule.words)
    return found


def suggestion(case: ExceptionCase) -> Suggestion | None:
    """What the first rule at work that fits proposes for this case."""
    return suggestions([case]).get(case.pk)


def _first(known: Iterable[RemedyRule], case: Facts) -> RemedyRule | None:
    """The nearest first: of the customer before of all, of a value or place before of any."""
    fitting = [rule for rule in known if rules.fits(rule.pattern, case)]
    return min(
        fitting, key=lambda r: (r.customer_id is None, not r.value, not r.path, r.pk), default=None
    )


def let_go_today(rule: RemedyRule) -> int:
    """Documents the rule let go by itself in the last 24 hours, and those it is about to."""
    recent = Fix.objects.filter(rule=rule, created_at__gt=clock.now() - DAY)
    never_went = Q(applied_at=None, state__in=(State.CHECKED, State.CANCELLED, State.FAILED))
    return recent.exclude(never_went).aggregate(all=Sum("documents"))["all"] or 0


def fitting(rule: RemedyRule, cases: QuerySet[ExceptionCase]) -> list[ExceptionCase]:
    """Those of `cases` that the rule fits."""
    mine = {"customer_id": rule.customer_id} if rule.customer_id else {}
    found = cases.filter(code=rule.code, merged_into=None, **mine).order_by("pk")
    return [
        case for case in found if rules.fits(rule.pattern, facts(case)) and case.is_of_documents
    ]
