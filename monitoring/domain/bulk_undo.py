"""Taking a list back: each case as it was before, unless somebody changed it since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from monitoring.domain import bulk_items, clocks, fixing, spans
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, BulkItem, CaseEvent, ExceptionCase, Fix

Outcome = BulkItem.Outcome
State, Party = ExceptionCase.State, ExceptionCase.Party
_ON_THE_CLOCK = {"state", "waiting_on", "waiting_reason", "acknowledged_at"}


def undo(bulk: BulkAction, items: Sequence[BulkItem]) -> None:
    """Take these back. What moved documents goes back by its own fix."""
    moved = [item for item in items if item.fix_id]
    said = [item for item in items if not item.fix_id]
    for item in moved:
        item.outcome, item.told = _documents(item, bulk)
    bite = bulk_items.look(said, lock=True)
    back, cases, changed = [], [], set[str]()
    for item in said:
        found = bulk_items.objection(item, bite, bulk.person, word="since")
        if found:
            item.outcome, item.told = Outcome.STAYS, found[1][:300]
            continue
        item.outcome = Outcome.UNDONE
        changed |= _put_back(bite.cases[item.case_id], item.before or {})
        back.append(item)
        cases.append(bite.cases[item.case_id])
    _keep(bulk, back, cases, changed)


def _documents(item: BulkItem, bulk: BulkAction) -> tuple[str, str]:
    """What is under way ends here first: the undo is of the whole list."""
    assert item.fix_id is not None
    try:
        with transaction.atomic():
            fix = fixing.locked(item.fix_id)
            if fix.state in Fix.RUNNING:
                fix = fixing.cancel(fix.pk, actor=bulk.person_name)
            if fix.applied_at is None:
                return Outcome.UNDONE, "Nothing had gone yet."
            fixing.undo(fix.pk, person=bulk.person)
    except NotNowError as error:
        return Outcome.STAYS, str(error)[:300]
    return Outcome.UNDONE, ""


def _put_back(case: ExceptionCase, before: dict[str, Any]) -> set[str]:
    """Returns what it was not any more."""
    was = {name: before[name] for name in bulk_items.KEPT}
    for name in bulk_items.KEPT_TIMES:
        was[name] = datetime.fromisoformat(before[name]) if before[name] else None
    changed = {name for name, value in was.items() if getattr(case, name) != value}
    for name in changed:
        setattr(case, name, was[name])
    case.edition += 1
    return changed


def _keep(
    bulk: BulkAction, items: Sequence[BulkItem], cases: Sequence[ExceptionCase], changed: set[str]
) -> None:
    fields = {name.removesuffix("_id") for name in changed} | {"edition"}
    if changed & _ON_THE_CLOCK:
        spans.correct({case.pk: _holder(case) for case in cases})
        clocks.plan(cases)
        fields |= set(clocks.DUES)
    ExceptionCase.objects.bulk_update(cases, sorted(fields))
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case, actor=bulk.person_name, action="undone",
            text=f"Undone: {item.told}, list {bulk.label}"[:500],
        )
        for case, item in zip(cases, items, strict=True)
    )  # fmt: skip


def _holder(case: ExceptionCase) -> tuple[str, str]:
    """Who has the ball, and why."""
    if case.state == State.WAITING:
        return case.waiting_on, case.waiting_reason
    return Party.US, "undone"
