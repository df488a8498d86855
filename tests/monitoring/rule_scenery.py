"""Rules to work with in tests."""

from datetime import timedelta
from typing import Any

from monitoring.domain import fixing, rule_engine
from monitoring.models import ExceptionCase, Fix, RemedyRule, RuleStep
from portal.core import clock
from tests.monitoring.lanes import apply, settle

LAST = 2**62
WORDS = "TENT-OLD → TENT-2P added to lookup sku"
TERMS = {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False}


def rule(state: str = "acting", **fields: Any) -> RemedyRule:
    """A rule that knows what TENT-OLD is, for all customers."""
    given = {
        "code": "unknown_sku", "value": "TENT-OLD", "remedy": "lookup", "terms": TERMS, "words": WORDS,
        "judged_from": clock.now(), "proposed_by": "Ana", "evidence": {"left": []}, **fields,
    }  # fmt: skip
    return RemedyRule.objects.create(state=state, **given)


def act(case: ExceptionCase) -> Fix:
    """The rule begins, and everything it began comes to its end."""
    fix = rule_engine.consider(case.pk)
    assert fix is not None, "no rule acted"
    return settle(fix)


def begin(
    case: ExceptionCase, person: Any, *, value: str = "TENT-2P", remedy: str = "lookup"
) -> Fix:
    terms = {
        "lookup": {"table": "sku", "code": case.value, "value": value, "insist": False},
        "skip": {"reason": value},
        "retry": {},
    }[remedy]
    words = {"lookup": f"{case.value} → {value} added to lookup sku", "skip": f"Skipped: {value}"}
    return fixing.begin(
        case, remedy, terms, words=words.get(remedy, "Replayed as it is"),
        ids=fixing.frozen(case, up_to=LAST), person=person,
    )  # fmt: skip


def solve(case: ExceptionCase, person: Any, **given: Any) -> Fix:
    """A person applies a remedy to all of the case."""
    return apply(begin(case, person, **given), person)


def steps(one: RemedyRule) -> list[str]:
    return list(RuleStep.objects.filter(rule=one).order_by("pk").values_list("text", flat=True))


def earlier(fix: Fix, by: timedelta) -> None:
    Fix.objects.filter(pk=fix.pk).update(created_at=fix.created_at - by)
