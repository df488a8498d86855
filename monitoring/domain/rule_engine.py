"""Rules act: on cases that open or come back while they are at work, within their limits.

Everything is decided with the case locked, and only then the rule: of two workers that look at one
case the second finds what the first began.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from monitoring import rules
from monitoring.domain import fixing, leases, rule_record, states
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import NothingLeftError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseCause, CaseEvent, ExceptionCase, Fix, RemedyRule
from monitoring.queries import rules as found
from portal.core import clock
from portal.jobs import lanes

SETTLES = timedelta(seconds=3)  # what comes in one burst is one list
NOT_AGAIN_WITHIN = rule_record.NOT_AGAIN_WITHIN
_LAST = 2**62
Acting = RemedyRule.State.ACTING


def wake(causes: Mapping[UUID, str]) -> None:
    """Problems opened, each cause with its code: have their cases looked at, where a rule acts on such."""
    codes = RemedyRule.objects.filter(state=Acting, code__in=set(causes.values()))
    acted_on = set(codes.values_list("code", flat=True))
    wanted = [cause for cause, code in causes.items() if code in acted_on]
    if not wanted:
        return
    cases = CaseCause.objects.filter(fingerprint__in=wanted, is_open=True)
    for number in set(cases.values_list("case_id", flat=True)):
        lanes.wake("rules", str(number), at=clock.now() + SETTLES)


def consider(number: int) -> Fix | None:
    """Look at a case: notice what a rule let go and is held again, then let the first rule act that
    fits. Returns what it began; None when it is left to people."""
    case = ExceptionCase.objects.filter(pk=number).first()
    if case is None:
        return None
    rule_record.held_since(case)
    try:
        return _act(number)
    except (NotNowError, NothingLeftError):  # somebody was quicker
        return None


@transaction.atomic
def _act(number: int) -> Fix | None:
    fixing.lock_live([number])
    case = states.locked(number)
    suggested = found.suggestion(case)
    if suggested is None:
        return None
    rule = RemedyRule.objects.select_for_update().get(pk=suggested.rule.pk)
    if rule.state != Acting or _is_for_people(case, rule):
        return None
    ids = fixing.frozen(case, up_to=_LAST)
    why_not = rules.within(
        rule.limits, documents=len(ids), amount=case.at_risk,
        today=found.let_go_today(rule), now=clock.now(),
    )  # fmt: skip
    if why_not:
        _only_suggest(case, rule, why_not)
        return None
    try:
        return fixing.begin(
            case, rule.remedy, suggested.terms, words=rule.words, ids=ids,
            name=rule.name, rule=rule, at_once=True,
        )  # fmt: skip
    except NotDoneError as error:
        rule_record.left_to_people(rule.pk, case, str(error))
        return None


def _is_for_people(case: ExceptionCase, rule: RemedyRule) -> bool:
    """Whether it opened before the rule acted, somebody has it, or something was done about it."""
    if case.state not in ExceptionCase.TO_WORK or case.began_at < rule.judged_from:
        return True
    if leases.of([case.pk]) or _was_left(case, rule):
        return True
    done = Fix.objects.filter(case=case)
    just = done.filter(rule=rule, created_at__gt=clock.now() - NOT_AGAIN_WITHIN)
    others = done.exclude(rule=None).exclude(rule=rule)
    # What people did before it came back did not hold; since then it is theirs.
    since = done.filter(created_at__gte=case.began_at).exclude(rule=rule, state=Fix.State.DONE)
    return any(some.exists() for some in (done.filter(state__in=Fix.LIVE), just, others, since))


def _was_left(case: ExceptionCase, rule: RemedyRule) -> bool:
    """Whether the rule has said of this case that it is for people."""
    said = CaseEvent.objects.filter(case=case, action="left", actor=rule.name)
    return said.filter(at__gte=case.began_at).exists()


def _only_suggest(case: ExceptionCase, rule: RemedyRule, why_not: str) -> None:
    CaseEvent.objects.create(
        case=case, actor=rule.name, action="left", at=clock.now(),
        text=f"Only suggests: {rule.words}. {why_not}"[:500],
    )  # fmt: skip
    rule_record.note(rule, f"Only suggested at {case.label}. {why_not}", cases=[case.pk])
