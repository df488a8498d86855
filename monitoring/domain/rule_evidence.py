"""What a proposed rule would have done, and would do now: counted from closed cases, tried on open ones."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from integrations.domain import foresee
from monitoring import rules
from monitoring.domain import deeds, fixing
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.deeds.base import Doer
from monitoring.domain.fixing import NothingLeftError
from monitoring.models import ExceptionCase, Fix, RemedyRule
from monitoring.queries import rules as found
from portal.core import clock
from portal.jobs import lanes

LOOKS_BACK = timedelta(days=90)
_MOST_REASONS = 20
_LAST = 2**62


@transaction.atomic
def gather(rule_id: int) -> RemedyRule:
    """Count the past, and have the rule tried on all cases open now that it fits."""
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    open_now = found.fitting(
        rule, ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES)
    )
    rule.evidence = {
        "at": clock.now().isoformat(),
        "past": past(rule),
        "now": [],
        "left": [case.pk for case in open_now],
        "reasons": {},
    }
    _keep(rule)
    lanes.wake("rule_trial", str(rule.pk))
    return rule


def past(rule: RemedyRule) -> dict[str, int]:
    """Of the cases it would have been for: how many were resolved by the same remedy, how many were
    not, because another was applied or it was taken back, and how many ended by themselves."""
    closed = ExceptionCase.objects.filter(closed_at__gte=clock.now() - LOOKS_BACK)
    cases = found.fitting(rule, closed)
    last = _last_fixes(cases)
    counts = Counter(_end(rule, last.get(case.pk)) for case in cases)
    return {
        "days": LOOKS_BACK // timedelta(days=1),
        "cases": len(cases),
        "documents": sum(case.documents for case in cases),
        **{end: counts[end] for end in ("right", "otherwise", "undone", "alone")},
    }


def _last_fixes(cases: Sequence[ExceptionCase]) -> dict[int, Fix]:
    applied = Fix.objects.filter(case__in=[case.pk for case in cases]).exclude(applied_at=None)
    return {fix.case_id: fix for fix in applied.order_by("pk")}


def _end(rule: RemedyRule, fix: Fix | None) -> str:
    if fix is None:
        return "alone"
    if not rules.alike(rule.remedy, rule.terms, fix.remedy, fix.terms):
        return "otherwise"
    return "undone" if fix.undone_at else "right"


def try_next(rule_id: int) -> int:
    """Try the rule on the next open case. Returns how many were tried: 1, or 0 when none is left."""
    rule = RemedyRule.objects.filter(pk=rule_id).first()
    if rule is None or not rule.evidence or not rule.evidence["left"]:
        return 0
    number = rule.evidence["left"][0]
    case = ExceptionCase.objects.select_related("customer").filter(pk=number).first()
    counts, reasons = _tried(rule, case) if case else ({}, Counter[str]())
    shown = {"case": number, "customer": case.customer.name, **counts} if case and counts else None
    _note(rule_id, number, shown, reasons)
    return 1


def pass_over(rule_id: int, why: str) -> None:
    """The next case cannot be tried: that speaks against the rule, and it goes on with the others."""
    rule = RemedyRule.objects.get(pk=rule_id)
    _note(rule_id, rule.evidence["left"][0], None, Counter({why: 1}))


@transaction.atomic
def _note(rule_id: int, number: int, shown: dict[str, Any] | None, reasons: Counter[str]) -> None:
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    told = rule.evidence
    if told["left"][:1] != [number]:  # it was begun anew meanwhile
        return
    told["left"] = told["left"][1:]
    told["now"] += [shown] if shown else []
    told["reasons"] = dict((Counter(told["reasons"]) + reasons).most_common(_MOST_REASONS))
    _keep(rule)


def _tried(rule: RemedyRule, case: ExceptionCase) -> tuple[dict[str, int], Counter[str]]:
    """The verdicts of a dry run on what the case holds, and why documents would not pass."""
    try:
        ids = fixing.frozen(case, up_to=_LAST)
    except NothingLeftError:
        return {}, Counter()
    terms = rules.for_value(rule.remedy, rule.terms, case.value)
    doer = Doer(case, None, rule.name, rule.words, True)
    try:
        verdicts = _verdicts(doer, rule.remedy, terms, ids)
    except NotDoneError as error:
        verdicts = [("fail", str(error))] * len(ids)
    counts = Counter(verdict for verdict, _ in verdicts)
    reasons = Counter(text for verdict, text in verdicts if verdict != "pass")
    shown = {verdict: counts[verdict] for verdict in ("pass", "fail", "impossible")}
    return {"documents": len(ids), **shown}, reasons


def _verdicts(
    doer: Doer, remedy: str, terms: dict[str, Any], ids: Sequence[UUID]
) -> list[tuple[str, str]]:
    deed = deeds.of(remedy)
    deed.refuse(doer, terms)
    refused: dict[UUID, str] = {}
    chunks = foresee.foresee(
        doer.case.customer_id, ids,
        change=lambda: deed.change(doer, terms),
        release=lambda some: refused.update(deed.release(doer, terms, some)),
    )  # fmt: skip
    told = [one for chunk in chunks for one in chunk]
    return [
        ("fail", refused[one.message_id]) if one.message_id in refused else (one.verdict, one.text)
        for one in told
    ]


def _keep(rule: RemedyRule) -> None:
    rule.evidence["words"] = [_past_words(rule.evidence["past"]), _now_words(rule.evidence)]
    rule.save(update_fields=["evidence"])


def _past_words(told: dict[str, int]) -> str:
    if not told["cases"]:
        return f"In the last {told['days']} days no closed case was like this."
    others = [
        f"{told[end]:,} {words}"
        for end, words in (
            ("otherwise", "resolved otherwise"),
            ("undone", "undone"),
            ("alone", "over by themselves"),
        )
        if told[end]
    ]
    cases = _counted(told["cases"], "case")
    text = f"It would have acted on {cases} in the last {told['days']} days, with"
    text += f" {_counted(told['documents'], 'document')}: {told['right']:,} resolved the same way"
    return f"{text}, {', '.join(others)}." if others else f"{text}, none otherwise, none undone."


def _now_words(told: dict[str, Any]) -> str:
    if not told["now"] and not told["left"]:
        return "No case is open now that it fits."
    sums = {name: sum(one[name] for one in told["now"]) for name in ("documents", "pass", "fail")}
    cannot = sum(one["impossible"] for one in told["now"])
    text = (
        f"Open now: {_counted(len(told['now']), 'case')}, {_counted(sums['documents'], 'document')}"
    )
    text += f"; {sums['pass']:,} {'passes' if sums['pass'] == 1 else 'pass'},"
    text += f" {sums['fail']:,} {'fails' if sums['fail'] == 1 else 'fail'}"
    text += f", {cannot:,} cannot be replayed" if cannot else ""
    return f"{text}. {len(told['left']):,} more to try." if told["left"] else f"{text}."


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
