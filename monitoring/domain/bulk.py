"""One verb on a frozen list of cases: chosen, done once, let go, undone, with an outcome for each.

What takes longer than a request may is carried on by `bulk_lane`, a bite at a time.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum

from integrations.models import Problem
from monitoring.domain import bulk_items, bulk_undo, bulk_verbs, deeds
from monitoring.domain.fixing import ListChangedError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, BulkItem, ExceptionCase, Fix
from portal.core import clock
from portal.jobs import lanes

MOST = 2_000
AT_ONCE = 50
_DOCUMENTS_AT_ONCE = 5_000
_BITE = 100
State, Outcome = BulkAction.State, BulkItem.Outcome
Row = tuple[int, int, int]  # number, edition, documents


class ListError(Exception):
    """Nothing was chosen, or too much; the text says what to do."""


class DoneBeforeError(Exception):
    """A list is acted on once; the text says that it was."""


def freeze(
    cases: QuerySet[ExceptionCase] | Sequence[int], *, person: Any, query: str = ""
) -> BulkAction:
    """The list of these cases as they are now, in their order. ListError for none and for too many.

    Problems that come later are not of it, see `BulkAction.up_to`.
    """
    up_to = Problem.objects.aggregate(last=Max("pk"))["last"] or 0
    rows = _rows(cases)
    if not rows:
        raise ListError("Nothing was chosen: select at least one case.")
    with transaction.atomic():
        bulk = BulkAction.objects.create(
            person=person, person_name=person.name[:80], query=query[:500], digest=digest(rows),
            up_to=up_to,
        )  # fmt: skip
        BulkItem.objects.bulk_create(
            BulkItem(bulk=bulk, case_id=number, edition=edition, documents=documents)
            for number, edition, documents in rows
        )
    return bulk


def _rows(cases: QuerySet[ExceptionCase] | Sequence[int]) -> list[Row]:
    if isinstance(cases, QuerySet):
        rows = list(cases.values_list("pk", "edition", "documents")[: MOST + 1])
        _must_fit(len(rows))
        return rows
    numbers = list(dict.fromkeys(cases))
    _must_fit(len(numbers))
    found = ExceptionCase.objects.filter(pk__in=numbers)
    known = {row[0]: row for row in found.values_list("pk", "edition", "documents")}
    return [known[number] for number in numbers if number in known]


def _must_fit(count: int) -> None:
    if count > MOST:
        raise ListError(
            f"More than {MOST:,} cases were chosen. Narrow the choice, for example to one customer."
        )


def digest(rows: Iterable[Row]) -> str:
    """The name of a list: the same cases in the same editions have the same."""
    text = "\n".join(f"{number}:{edition}" for number, edition, _ in rows)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def act(
    bulk_id: int, verb: str, terms: Mapping[str, Any], *, person: Any, shown: str
) -> BulkAction:
    """Do it to every case of the list that is as it was shown. `shown`: the digest the person saw.

    A verb that moves documents is only tried, see `let_go`. ListChangedError when the list is another
    one, DoneBeforeError when it was acted on, NotDoneError for terms that cannot be right: then nothing
    is done.
    """
    bulk = _own(bulk_id, person)
    if bulk.state != State.SHOWN:
        raise _done_before(bulk)
    _must_be_shown(shown, bulk.digest)
    bulk_verbs.prepare(verb, terms)
    bulk.verb, bulk.terms, bulk.state = verb, dict(terms), State.ACTING
    bulk.save(update_fields=["verb", "terms", "state"])
    return _carry_on(bulk)


def _own(bulk_id: int, person: Any) -> BulkAction:
    """The person's list, locked. DoesNotExist for everybody else's."""
    return BulkAction.objects.select_for_update().get(pk=bulk_id, person=person)


def _tried(bulk_id: int, person: Any) -> BulkAction:
    """The person's list after its dry run."""
    bulk = _own(bulk_id, person)
    if bulk.state in (State.SHOWN, State.ACTING):
        raise NotNowError(f"Nothing of list {bulk.label} was tried yet.")
    if bulk.state != State.TRIED:
        raise _done_before(bulk)
    return bulk


def _done_before(bulk: BulkAction) -> DoneBeforeError:
    return DoneBeforeError(f"List {bulk.label} was acted on before: {bulk_verbs.said(bulk)}.")


def _must_be_shown(shown: str, digest: str) -> None:
    if shown != digest:
        raise ListChangedError("This list is not the one you were shown. Nothing was done.")


def _carry_on(bulk: BulkAction) -> BulkAction:
    """A short list now, a long one in its lane."""
    size = bulk.items.aggregate(cases=Count("pk"), documents=Sum("documents"))
    if size["cases"] > AT_ONCE or size["documents"] > _DOCUMENTS_AT_ONCE:
        lanes.wake("bulk", str(bulk.pk))
        return bulk
    while work(bulk.pk):
        pass
    bulk.refresh_from_db()
    return bulk


@transaction.atomic
def work(bulk_id: int) -> int:
    """Do the next few cases of whatever the list is at. Returns how many; 0 at the end."""
    bulk = (
        BulkAction.objects.select_for_update(of=("self",)).select_related("person").get(pk=bulk_id)
    )
    if bulk.state not in BulkAction.WORKING:
        return 0
    items = list(left(bulk).order_by("case_id")[:_BITE])
    if not items:
        _arrive(bulk)
        return 0
    step, writes = _STEPS[bulk.state]
    step(bulk, items)
    BulkItem.objects.bulk_update(items, writes)
    return len(items)


_Step = Callable[[BulkAction, Sequence[BulkItem]], None]
_STEPS: dict[str, tuple[_Step, list[str]]] = {
    State.ACTING: (bulk_items.act, ["outcome", "told", "before", "fix", "edition"]),
    State.GOING: (bulk_items.let_go, ["outcome", "told"]),
    State.UNDOING: (bulk_undo.undo, ["outcome", "told"]),
}


def left(bulk: BulkAction) -> QuerySet[BulkItem]:
    """The cases that are still to be worked on."""
    wanted = {
        State.ACTING: Q(outcome="", fix=None),
        State.GOING: Q(outcome="", fix__isnull=False),
        State.UNDOING: Q(outcome__in=BulkItem.TOOK_EFFECT),
    }
    return bulk.items.filter(wanted.get(State(bulk.state), Q(pk=None)))


def _arrive(bulk: BulkAction) -> None:
    if bulk.state == State.ACTING and bulk.items.exclude(fix=None).exists():
        bulk.state = State.TRIED
    elif bulk.state == State.UNDOING:
        bulk.state, bulk.undone_at = State.UNDONE, clock.now()
    else:
        bulk.state, bulk.done_at = State.DONE, clock.now()
    bulk.save(update_fields=["state", "done_at", "undone_at"])


def tried(bulk: BulkAction) -> QuerySet[Any]:
    """The fixes of a list that was tried, with how many documents pass in each."""
    fixes = Fix.objects.filter(pk__in=bulk.items.filter(outcome="").values("fix"))
    return fixes.annotate(passes=Count("items", filter=Q(items__verdict="pass"))).order_by("pk")


def passing(bulk: BulkAction) -> list[Fix]:
    """Those whose dry run passes wholly."""
    checked = tried(bulk).filter(state=Fix.State.CHECKED)
    return [fix for fix in checked if fix.passes == fix.documents]


def name_of(fixes: Iterable[Fix]) -> str:
    """The name of what would be let go: the same lists of documents have the same."""
    text = "\n".join(f"{fix.pk}:{fix.digest}" for fix in fixes)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def let_go(bulk_id: int, *, person: Any, shown: str) -> BulkAction:
    """Let those go whose dry run passes wholly; the others stay. `shown`: their `name_of`.

    ListChangedError when others pass by now, NotNowError while dry runs are under way or when none
    passes, DoneBeforeError when it was done.
    """
    bulk = _tried(bulk_id, person)
    if tried(bulk).filter(state=Fix.State.CHECKING).exists():
        raise NotNowError("The dry runs are not over yet.")
    fixes = passing(bulk)
    _must_be_shown(shown, name_of(fixes))
    if not fixes:
        raise NotNowError("No dry run passes wholly: nothing was done.")
    _leave_others(bulk, fixes)
    bulk.state = State.GOING
    bulk.save(update_fields=["state"])
    return _carry_on(bulk)


def _leave_others(bulk: BulkAction, going: Iterable[Fix]) -> None:
    go = {fix.pk for fix in going}
    known = {fix.pk: fix for fix in tried(bulk)}
    items = [item for item in bulk.items.filter(fix__in=known) if item.fix_id not in go]
    for item in items:
        fix = known[item.fix_id]
        item.outcome = Outcome.REFUSED
        could = "can be skipped" if deeds.of(fix.remedy).ends else "pass"
        item.told = (
            f"Its dry run: {fix.passes:,} of {fix.documents:,} {could}. What it holds stays held."
        )
    BulkItem.objects.bulk_update(items, ["outcome", "told"])


@transaction.atomic
def keep(bulk_id: int, person: Any) -> BulkAction:
    """Let nothing go: its dry runs end here, and what the cases hold stays held. NotNowError before it
    was tried, DoneBeforeError when it was let go or kept."""
    bulk = _tried(bulk_id, person)
    open_items = bulk.items.filter(outcome="")
    begun = Fix.objects.filter(pk__in=open_items.values("fix")).order_by("pk")
    at_rest = (Fix.State.CHECKING, Fix.State.CHECKED)
    kept = [fix.pk for fix in begun.select_for_update() if fix.state in at_rest]
    Fix.objects.filter(pk__in=kept).update(state=Fix.State.CANCELLED, finished_at=clock.now())
    open_items.filter(fix__in=kept).update(outcome=Outcome.STAYS, told="tried and kept held")
    open_items.update(outcome=Outcome.CHANGED, told="its remedy went its own way meanwhile")
    bulk.state, bulk.done_at = State.DONE, clock.now()
    bulk.save(update_fields=["state", "done_at"])
    return bulk


@transaction.atomic
def undo(bulk_id: int, person: Any) -> BulkAction:
    """Take the whole list back, as far as nobody changed its cases since. NotNowError once its time is
    over, DoneBeforeError when it was undone."""
    bulk = _own(bulk_id, person)
    if bulk.state in (State.UNDOING, State.UNDONE):
        raise DoneBeforeError(f"List {bulk.label} was undone before.")
    if bulk.undo_until is None or bulk.undo_until <= clock.now():
        raise NotNowError(
            f"List {bulk.label} cannot be undone any more: that takes 10 minutes at most."
        )
    bulk.state = State.UNDOING
    bulk.save(update_fields=["state"])
    return _carry_on(bulk)


def stop(bulk_id: int, text: str) -> None:
    """It broke: what was not reached stays as it is, with this reason."""
    bulk = BulkAction.objects.get(pk=bulk_id)
    outcome = Outcome.STAYS if bulk.state == State.UNDOING else Outcome.REFUSED
    left(bulk).update(outcome=outcome, told=text[:300])
