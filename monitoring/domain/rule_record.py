"""How a rule did: what it let go, what was held again or taken back, and what follows from it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from integrations.models import Problem
from monitoring import rules
from monitoring.domain import leases
from monitoring.models import (
    CaseCause,
    CaseEvent,
    ExceptionCase,
    Fix,
    FixItem,
    RemedyRule,
    RuleStep,
)
from monitoring.queries import memory
from monitoring.queries import rules as found
from monitoring.rules import Score
from portal.core import clock
from portal.jobs import lanes

NOT_AGAIN_WITHIN = timedelta(hours=1)
FIRINGS = 20
State, Outcome = RemedyRule.State, FixItem.Outcome


def note(rule: RemedyRule, text: str, *, actor: str = "", cases: Sequence[int] = ()) -> RuleStep:
    """A row of what happened to the rule."""
    return RuleStep.objects.create(
        rule=rule, at=clock.now(), actor=actor[:80], text=text[:500], cases=list(cases)
    )


@transaction.atomic
def ended(fix: Fix) -> None:
    """A remedy has come to its end: what that says of the rule that did it, or that suggested."""
    if fix.rule_id:
        _fired(fix)
    elif fix.suggested_by_id:
        _accepted(fix)
    elif fix.closed_case:
        _declined(fix)


def _fired(fix: Fix) -> None:
    rule = _locked(fix.rule_id)
    went = fix.items.exclude(released_at=None).count()
    held = fix.items.filter(outcome=Outcome.HELD).count()
    same = _held_for_the_same(fix.items.filter(outcome=Outcome.HELD), fix.case_id)
    rule.fired += 1
    rule.missed += held
    rule.minutes_saved += memory.usual_minutes(fix.case.code) if went > held else 0
    rule.last_fired_at = clock.now()
    text = f"Acted on {fix.case.label}: {went - held:,} of {went:,} passed"
    note(rule, text, cases=[fix.case_id])
    _judge(rule, fix.case, same_cause=len(same))
    if not fix.closed_case:
        lanes.wake("rules", str(fix.case_id), at=clock.now() + NOT_AGAIN_WITHIN)


def _accepted(fix: Fix) -> None:
    """A person did what the rule suggested: right where nothing is held again for the same cause."""
    if fix.state != Fix.State.DONE:  # cancelled half-way: that says neither
        return
    rule = _locked(fix.suggested_by_id)
    held = _held_for_the_same(fix.items.filter(outcome=Outcome.HELD), fix.case_id)
    rule.accepted += 1
    rule.right = 0 if held else rule.right + 1
    text = f"{fix.person_name} took its suggestion at {fix.case.label}"
    note(rule, f"{text}; {len(held):,} were held again" if held else text, cases=[fix.case_id])
    _judge(rule, fix.case)


def _declined(fix: Fix) -> None:
    suggested = found.suggestion(fix.case)
    if suggested is None or suggested.rule.judged_from > fix.created_at:
        return
    rule = _locked(suggested.rule.pk)
    rule.declined += 1
    rule.right = 0
    text = f"{fix.person_name} resolved {fix.case.label} otherwise: {fix.words}"
    note(rule, text, cases=[fix.case_id])
    _judge(rule, fix.case)


@transaction.atomic
def undone(fix: Fix) -> None:
    """A person took back what a rule did, or what it suggested."""
    rule_id = fix.rule_id or fix.suggested_by_id
    if rule_id is None:
        return
    rule = _locked(rule_id)
    rule.reversed += 1
    rule.right = 0
    if fix.rule_id:
        less = memory.usual_minutes(fix.case.code)
        rule.minutes_saved = max(0.0, rule.minutes_saved - less)
    note(rule, f"What it did at {fix.case.label} was taken back", cases=[fix.case_id])
    _judge(rule, fix.case)


def no_longer(fix: Fix) -> str:
    """Why a rule must not let go what it tried a moment ago; blank where it may, and for people's own."""
    if fix.rule is None:
        return ""
    if fix.rule.state != State.ACTING:
        return f"{fix.rule.label} does not act any more."
    lease = leases.of([fix.case_id]).get(fix.case_id)
    return f"{leases.held_by(lease)}." if lease else ""


@transaction.atomic
def left_to_people(rule_id: int, case: ExceptionCase, why: str) -> None:
    """It did not act where it might have: no misfire, for nothing was let go."""
    rule = _locked(rule_id)
    rule.handed_back += 1
    rule.save(update_fields=["handed_back"])
    note(rule, f"Left {case.label} to people. {why}", cases=[case.pk])
    CaseEvent.objects.create(
        case=case,
        actor=rule.name,
        action="left",
        at=clock.now(),
        text=f"Left to people. {why}"[:500],
    )


@transaction.atomic
def held_since(case: ExceptionCase) -> int:
    """Documents of the case that a rule had let go, that had passed, and are held again for the same
    cause: each counts against it once. Returns how many."""
    passed = FixItem.objects.filter(
        fix__case=case, fix__state=Fix.State.DONE, outcome=Outcome.PASSED
    ).exclude(fix__rule=None)
    again = _held_for_the_same(
        passed.select_related("fix").select_for_update(of=("self",)), case.pk
    )
    for rule_id in sorted({item.fix.rule_id for item in again if item.fix.rule_id}):
        rule = _locked(rule_id)
        mine = [item for item in again if item.fix.rule_id == rule_id]
        FixItem.objects.filter(pk__in=[item.pk for item in mine]).update(
            outcome=Outcome.HELD, told="held again later, for the same cause"
        )
        rule.missed += len(mine)
        _judge(rule, case, same_cause=len(mine))
    return len(again)


def _held_for_the_same(items: Any, number: int) -> list[FixItem]:
    """Those of the items whose documents have an open problem of the case's causes, since they went."""
    causes = CaseCause.objects.filter(case=number).values("fingerprint")
    chosen = {item.message_id: item for item in items}
    open_now = Problem.objects.filter(
        message_id__in=chosen, fingerprint__in=causes, closed_at=None
    ).values_list("message_id", flat=True)
    return [chosen[message_id] for message_id in sorted(set(open_now))]


def _locked(rule_id: Any) -> RemedyRule:
    return RemedyRule.objects.select_for_update().get(pk=rule_id)


def score(rule: RemedyRule, *, same_cause: int = 0) -> Score:
    """The rule's record since it was last let to work."""
    fixes = Fix.objects.filter(finished_at__gte=rule.judged_from)
    last = list(
        fixes.filter(rule=rule).order_by("-finished_at").values_list("pk", flat=True)[:FIRINGS]
    )
    counts = FixItem.objects.filter(fix__in=last).exclude(released_at=None).aggregate(
        let_go=Count("pk"), held=Count("pk", filter=Q(outcome=Outcome.HELD))
    )  # fmt: skip
    taken_back = Fix.objects.filter(
        Q(rule=rule) | Q(suggested_by=rule), undone_at__gte=rule.judged_from
    )
    return Score(
        rule.state, right=rule.right, needed=rule.suggestions_needed, reversed=taken_back.count(),
        same_cause=same_cause, let_go=counts["let_go"], held_again=counts["held"],
    )  # fmt: skip


def _judge(rule: RemedyRule, case: ExceptionCase, *, same_cause: int = 0) -> None:
    """Keep the rule's counters, and take from it what its record asks for."""
    now_is = rules.verdict(score(rule, same_cause=same_cause))
    if now_is.state == rules.OFF != rule.state:
        rule.state, rule.off_reason, rule.off_by = State.OFF, now_is.reason[:300], ""
        rule.off_at = clock.now()
        note(rule, f"Switched itself off. {now_is.reason}", cases=[case.pk])
    elif rule.state == State.ACTING and now_is.state == rules.SUGGESTING:
        rule.state, rule.right = State.SUGGESTING, 0
        note(rule, f"Only suggests from now on. {now_is.reason}", cases=[case.pk])
    elif now_is.state == rules.MAY_ACT and rule.right == rule.suggestions_needed:
        often = "once" if rule.right == 1 else f"{rule.right:,} times in a row"
        note(rule, f"Was right {often}: somebody may let it act", cases=[case.pk])
    rule.save()


def may_act(rule: RemedyRule) -> bool:
    """Whether it was right so often that somebody may let it act."""
    return rules.verdict(score(rule)).state == rules.MAY_ACT
