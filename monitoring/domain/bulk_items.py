"""A few cases of a list: each done, or left alone with the reason why."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Left

from monitoring.domain import bulk_verbs, deeds, fixing, leases
from monitoring.domain.bulk_verbs import Act
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import ListChangedError, NothingLeftError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, BulkItem, CaseEvent, ExceptionCase, Fix, Lease

Outcome = BulkItem.Outcome
KEPT = ("assignee_id", "team_id", "tags", "state", "waiting_on", "waiting_reason")
KEPT_TIMES = ("snoozed_until", "acknowledged_at")


class Bite(NamedTuple):
    """The cases of a few items, who works on them, and what happened to them last."""

    cases: dict[int, ExceptionCase]
    holders: dict[int, Lease]
    last: dict[int, CaseEvent]


def look(items: Sequence[BulkItem], *, lock: bool) -> Bite:
    """What the items' cases are now, in at most three queries."""
    numbers = [item.case_id for item in items]
    found = ExceptionCase.objects.filter(pk__in=numbers).order_by("pk")
    cases = {case.pk: case for case in (found.select_for_update() if lock else found)}
    changed = [item.case_id for item in items if cases[item.case_id].edition != item.edition]
    return Bite(cases, leases.of(numbers), _last(changed))


def _last(numbers: Sequence[int]) -> dict[int, CaseEvent]:
    events = CaseEvent.objects.filter(case__in=numbers).order_by("case", "-pk").distinct("case")
    return {event.case_id: event for event in events} if numbers else {}


def objection(item: BulkItem, bite: Bite, person: Any, *, word: str) -> tuple[str, str] | None:
    """Why nothing may be done to the case: outcome and sentence. `word`: meanwhile, since."""
    case, lease = bite.cases[item.case_id], bite.holders.get(item.case_id)
    changed = case.edition != item.edition
    if not case.is_open:
        told = _told(bite.last.get(case.pk)) or case.resolution or case.get_state_display()
        return Outcome.CLOSED, f"closed {word}: {told}" if changed else f"closed: {told}"
    if changed:
        return Outcome.CHANGED, f"changed {word}: {_told(bite.last.get(case.pk))}"
    if lease and lease.person_id != getattr(person, "pk", None):
        return Outcome.HELD, f"held by {lease.person_name}"
    return None


def _told(event: CaseEvent | None) -> str:
    """What happened last, who did it, and when."""
    if event is None:
        return ""
    who = f" by {event.actor}" if event.actor else ""
    return f"{event.text[:200]},{who} at {event.at:%H:%M} UTC"


def act(bulk: BulkAction, items: Sequence[BulkItem]) -> None:
    """Do the verb to these, or begin its dry run."""
    fixing.lock_live([item.case_id for item in items])
    bite = look(items, lock=True)
    open_to = []
    for item in items:
        found = objection(item, bite, bulk.person, word="meanwhile")
        if found:
            item.outcome, item.told = found[0], found[1][:300]
        else:
            item.before = kept(bite.cases[item.case_id])
            open_to.append(item)
    act = bulk_verbs.prepare(bulk.verb, bulk.terms)
    if act:
        _do(act, bulk, open_to, bite)
    else:
        _try(bulk, open_to, bite)


def _do(act: Act, bulk: BulkAction, items: Sequence[BulkItem], bite: Bite) -> None:
    doing = []
    for item in items:
        why = act.refuse(bite.cases[item.case_id])
        item.outcome, item.told = (Outcome.REFUSED, why) if why else (Outcome.DONE, "")
        if not why:
            doing.append(item)
    events = act.do([bite.cases[item.case_id] for item in doing], bulk.person_name)
    for item, event in zip(doing, events, strict=True):
        item.told, item.edition = event.text[:300], item.edition + 1
    name_list(bulk, events)


def _try(bulk: BulkAction, items: Sequence[BulkItem], bite: Bite) -> None:
    """Each in a savepoint of its own; the fixes are the person's, who holds no case for them."""
    for item in items:
        item.outcome, item.told = _tried(item, bite.cases[item.case_id], bulk)
    begun = [item.fix_id for item in items if item.fix_id]
    Fix.objects.filter(pk__in=begun).update(person=bulk.person)


def kept(case: ExceptionCase) -> dict[str, Any]:
    """What undoing needs of a case."""
    times = {name: getattr(case, name) for name in KEPT_TIMES}
    return {name: getattr(case, name) for name in KEPT} | {
        name: at.isoformat() if at else None for name, at in times.items()
    }


def _tried(item: BulkItem, case: ExceptionCase, bulk: BulkAction) -> tuple[str, str]:
    """Begin the dry run. The list takes no leases: nobody works on all of these at once."""
    words = bulk_verbs.VERBS[bulk.verb].words
    assert words is not None
    try:
        with transaction.atomic():
            item.fix = fixing.begin(
                case, bulk.verb, bulk.terms, words=words(bulk.terms),
                ids=fixing.frozen(case, up_to=bulk.up_to), name=bulk.person_name,
            )  # fmt: skip
    except NothingLeftError:
        return Outcome.REFUSED, "It holds no documents."
    except (NotDoneError, NotNowError) as error:
        return Outcome.REFUSED, str(error)[:300]
    return "", ""


def name_list(bulk: BulkAction, events: Iterable[CaseEvent]) -> None:
    """Have what was just written into the cases' logs name the list."""
    signed = Left(Concat(F("text"), Value(f", list {bulk.label}")), 500)
    CaseEvent.objects.filter(pk__in=[event.pk for event in events]).update(text=signed)


def let_go(bulk: BulkAction, items: Sequence[BulkItem]) -> None:
    """Let the dry runs of these go. Fixes are locked before cases, as their own lanes do it."""
    bite = look(items, lock=False)
    fixes = Fix.objects.in_bulk([item.fix_id for item in items])
    for item in items:
        found = objection(item, bite, bulk.person, word="meanwhile")
        item.outcome, item.told = found or _gone(fixes[item.fix_id])
    went = "" if deeds.of(bulk.verb).ends else " let go"
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case_id=item.case_id, actor=bulk.person_name, action="bulk",
            text=f"{fixes[item.fix_id].words}: all of it{went}, list {bulk.label}"[:500],
        )
        for item in items
        if item.outcome == Outcome.GONE
    )  # fmt: skip


def _gone(fix: Fix) -> tuple[str, str]:
    try:
        with transaction.atomic():
            fixing.go(fix.pk, person=None, shown=fix.digest, canary=False)
    except (NotNowError, ListChangedError) as error:
        return Outcome.REFUSED, str(error)[:300]
    return Outcome.GONE, ""
