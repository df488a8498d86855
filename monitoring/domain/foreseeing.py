"""The dry run of a fix: on every document of its list, and nothing of it stays."""

import time
from collections.abc import Sequence
from uuid import UUID

from integrations.domain import foresee
from integrations.domain.foresee import Foreseen, Pair
from integrations.models import Problem
from monitoring.domain import deeds, fixing, rule_record
from monitoring.domain.deeds.base import Doer
from monitoring.models import CaseCause, CaseEvent, Fix, FixItem
from portal.core import clock
from portal.jobs import lanes
from portal.tenants.rows import beyond_limit

State = Fix.State
ACCEPTED = "its remark is accepted"
_COLUMNS = [
    "verdict",
    "code",
    "reason",
    "fingerprint",
    "targets",
    "amount",
    "becomes",
    "currency",
    "revalued",
    "cutoff_at",
]


def check(fix: Fix) -> None:
    """Foresee what becomes of each document, as far as nobody cancels it meanwhile."""
    began = time.monotonic()
    deed = deeds.of(fix.remedy)
    doer = _doer(fix)
    ids = list(fix.items.values_list("message_id", flat=True))
    refused: dict[UUID, str] = {}
    for chunk in foresee.foresee(
        fix.case.customer_id,
        ids,
        change=lambda: deed.change(doer, fix.terms),
        release=lambda some: refused.update(deed.release(doer, fix.terms, some)),
    ):
        _keep(fix, chunk, refused)
        if not Fix.objects.filter(pk=fix.pk, state=State.CHECKING).exists():
            return
    _checked(fix, seconds=time.monotonic() - began)


def _doer(fix: Fix) -> Doer:
    return Doer(fix.case, fix.person, fix.person_name, fix.words, True)


def pair(fix: Fix, message_id: UUID) -> Pair:
    """One document of a fix that has changed nothing yet, before and after it. BusyError when others
    are at work on it."""
    deed, doer = deeds.of(fix.remedy), _doer(fix)
    with beyond_limit():  # the fix was found under it, and all of this is taken back
        return foresee.before_and_after(
            fix.case.customer_id,
            message_id,
            change=lambda: deed.change(doer, fix.terms),
            release=lambda some: deed.release(doer, fix.terms, some),
        )


def _keep(fix: Fix, chunk: Sequence[Foreseen], refused: dict[UUID, str]) -> None:
    found = {one.message_id: one for one in chunk}
    own = set(CaseCause.objects.filter(case=fix.case).values_list("fingerprint", flat=True))
    still = Problem.objects.filter(message_id__in=found, closed_at=None)
    cutoffs = dict(
        still.filter(cutoff_at__isnull=False)
        .order_by("-cutoff_at")
        .values_list("message_id", "cutoff_at")
    )
    remarks = _remarks(fix, chunk, own)
    items = list(fix.items.filter(message_id__in=found))
    for item in items:
        _foretell(item, found[item.message_id])
        item.cutoff_at = cutoffs.get(item.message_id)
        if item.message_id in refused:
            item.verdict, item.reason = FixItem.Verdict.FAIL, refused[item.message_id][:300]
            item.code, item.fingerprint = FixItem.SAME_CAUSE, None
        elif item.message_id in remarks:
            item.verdict, item.code, item.reason = FixItem.Verdict.PASS, "", ACCEPTED
        elif item.verdict == FixItem.Verdict.FAIL and item.fingerprint in own:
            item.code = FixItem.SAME_CAUSE
    FixItem.objects.bulk_update(items, _COLUMNS)


def _remarks(fix: Fix, chunk: Sequence[Foreseen], own: set[UUID]) -> set[UUID]:
    """Documents that went on and were only remarked on: skipping them accepts the remark."""
    if not deeds.of(fix.remedy).ends:
        return set()
    went = [one.message_id for one in chunk if one.code == "not_held"]
    noted = Problem.objects.filter(message_id__in=went, closed_at=None, fingerprint__in=own)
    return set(noted.values_list("message_id", flat=True))


def _foretell(item: FixItem, one: Foreseen) -> None:
    item.verdict, item.reason, item.code = one.verdict, one.text[:300], one.code[:40]
    item.fingerprint, item.targets = one.fingerprint, [target[:80] for target in one.targets]
    item.amount, item.currency, item.becomes = one.amount, one.currency, one.becomes
    item.revalued = one.revalued


def _checked(fix: Fix, *, seconds: float) -> None:
    done = Fix.objects.filter(pk=fix.pk, state=State.CHECKING).update(
        state=State.CHECKED, checked_at=clock.now(), check_seconds=round(seconds, 3)
    )
    if not done:
        return
    fix.refresh_from_db()
    counts = fixing.verdicts(fix)
    passes = "can end" if deeds.of(fix.remedy).ends else "pass"
    text = f"Dry run of {fix.words}: " + ", ".join(
        f"{counts[verdict]:,} {word}"
        for verdict, word in (("pass", passes), ("fail", "fail"), ("impossible", "not possible"))
        if counts[verdict]
    )
    CaseEvent.objects.create(case=fix.case, actor=fix.person_name, action="dry_run", text=text)
    if fix.at_once:
        _go_or_hand_back(fix, text, passes=counts["pass"] == fix.documents)
    lanes.wake("fix", str(fix.pk))


def _go_or_hand_back(fix: Fix, text: str, *, passes: bool) -> None:
    why_not = (rule_record.no_longer(fix) or fixing.hindered(fix, None)) if passes else text
    if not why_not:
        fixing.go(fix.pk, person=None, shown=fix.digest, canary=False)
        return
    fixing.hand_back(fix, why_not)
    if fix.rule_id:
        rule_record.left_to_people(fix.rule_id, fix.case, why_not)
