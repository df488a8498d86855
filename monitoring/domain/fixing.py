"""A remedy on its way: chosen, tried on everything, let go, cancelled, undone. `fix_lane` moves it on."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from integrations.models import Problem
from monitoring import rules
from monitoring.domain import deeds, states
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.deeds.base import Doer
from monitoring.models import CaseCause, CaseEvent, ExceptionCase, Fix, FixItem
from monitoring.models.fix import UNDO_FOR
from monitoring.queries.rules import suggestion
from portal.core import clock
from portal.jobs import lanes

CANARY = 5
State, Outcome = Fix.State, FixItem.Outcome
_BATCH = 2_000
_UNDOABLE = (State.DONE, State.CANCELLED, State.PAUSED, State.FAILED)


class NothingLeftError(Exception):
    """The documents were taken care of meanwhile; the case tells by whom."""


class ListChangedError(Exception):
    """The list is not the one that was shown; the text says what to do."""


def frozen(case: ExceptionCase, *, up_to: int, only: Sequence[UUID] = ()) -> list[UUID]:
    """The documents of the case as it was shown, oldest first: those with open problems of its causes,
    up to the last problem shown; of `only` these, if any are named. NothingLeftError if there are none."""
    causes = CaseCause.objects.filter(case=case).values("fingerprint")
    found = Problem.objects.filter(fingerprint__in=causes, closed_at=None, pk__lte=up_to)
    if only:
        found = found.filter(message_id__in=only)
    ids = sorted(set(found.values_list("message_id", flat=True)))
    if not ids:
        raise NothingLeftError
    return ids


def digest(ids: Sequence[UUID]) -> str:
    """The name of a list: equal lists have equal names."""
    return hashlib.sha256(b"".join(one.bytes for one in ids)).hexdigest()


@transaction.atomic
def begin(
    case: ExceptionCase,
    remedy: str,
    terms: Mapping[str, Any],
    *,
    words: str,
    ids: Sequence[UUID],
    person: Any = None,
    name: str = "",
    rule: Any = None,
    at_once: bool = False,
) -> Fix:
    """Freeze the list and have the remedy tried on all of it. Nothing is sent.

    A person takes the case with it: HeldError when another has it. NotDoneError for terms that cannot
    be right, NotNowError for a closed case. `at_once`: it goes on by itself when nothing would fail.
    """
    lock_live([case.pk])
    if person is not None:
        states.take(case.pk, person)
    locked = states.locked(case.pk)
    _only_one(locked)
    who = name or person.name
    deeds.of(remedy).refuse(Doer(locked, person, who, words, True), terms)
    fix = Fix.objects.create(
        case=locked, remedy=remedy, terms=dict(terms), words=words[:300], rule=rule,
        suggested_by=None if rule else _suggested(locked, remedy, terms),
        person=person, person_name=who[:80], documents=len(ids), digest=digest(ids),
        at_once=at_once, created_at=clock.now(),
    )  # fmt: skip
    rows = (FixItem(fix=fix, position=n, message_id=pk) for n, pk in enumerate(ids, 1))
    FixItem.objects.bulk_create(rows, batch_size=_BATCH)
    lanes.wake("fix", str(fix.pk))
    return fix


def lock_live(numbers: Sequence[int]) -> None:
    """Lock what is under way in these cases. Fixes are locked before their cases, everywhere: so two at
    once wait for each other and not for ever. Whoever locks a case and then begins a fix calls it first."""
    at_work = Fix.objects.select_for_update().filter(case__in=numbers, state__in=Fix.LIVE)
    list(at_work.order_by("pk").values_list("pk"))


def _suggested(case: ExceptionCase, remedy: str, terms: Mapping[str, Any]) -> Any:
    """The rule that suggests exactly this, if one does."""
    found = suggestion(case)
    if found is None or not rules.alike(found.rule.remedy, found.terms, remedy, terms):
        return None
    return found.rule


def _only_one(case: ExceptionCase) -> None:
    """A remedy that only was tried gives way to the next; one under way does not."""
    why = at_work(case.pk)
    if why:
        raise NotDoneError(why)
    Fix.objects.filter(case=case, state__in=(State.CHECKING, State.CHECKED)).update(
        state=State.CANCELLED, finished_at=clock.now()
    )


def at_work(number: int, *, beside: int = 0) -> str:
    """What is under way in the case, and what to do about it; "" when nothing is. `beside`: a fix that
    does not count."""
    working = Fix.objects.filter(case=number, state__in=(*Fix.RUNNING, State.PAUSED))
    found = working.exclude(pk=beside).first()
    if found is None:
        return ""
    then = "let the rest go or cancel it" if found.state == State.PAUSED else "wait for its end"
    return (
        f"{found.person_name} is at it: {found.words}, {found.get_state_display()}. First {then}."
    )


def _alone(fix: Fix) -> None:
    """NotNowError while another remedy is under way in the case, whose row is locked from here on."""
    ExceptionCase.objects.select_for_update().get(pk=fix.case_id)
    why = at_work(fix.case_id, beside=fix.pk)
    if why:
        raise states.NotNowError(why)


@transaction.atomic
def locked(fix_id: int, *wanted: str) -> Fix:
    """The fix, for changing it. NotNowError when it is in none of the states `wanted`."""
    fix = (
        Fix.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=fix_id)
    )
    if wanted and fix.state not in wanted:
        raise states.NotNowError(f"{fix.words}: it is {fix.get_state_display()} now.")
    return fix


@transaction.atomic
def check_again(fix_id: int, *, person: Any) -> Fix:
    """Try it once more on the same list: something may have changed meanwhile. Who asks for that looks
    at it, whatever went by itself before. NotNowError when part of the list has gone already or another
    remedy is under way, HeldError when another has the case."""
    fix = locked(fix_id, State.CHECKED, State.FAILED)
    if fix.applied_at:
        raise states.NotNowError("Part of this list has gone. Begin anew with what is left.")
    states.take(fix.case_id, person)
    _alone(fix)
    fix.items.update(verdict="", reason="", code="", fingerprint=None, outcome="", told="")
    fix.state, fix.trouble, fix.checked_at = State.CHECKING, "", None
    fix.finished_at, fix.at_once = None, False
    fix.save(update_fields=["state", "trouble", "checked_at", "finished_at", "at_once"])
    lanes.wake("fix", str(fix.pk))
    return fix


@transaction.atomic
def go(fix_id: int, *, person: Any, shown: str, canary: bool) -> Fix:
    """Let it go: to a few documents first, or to all. `shown` is the digest of the list the person saw.

    NotNowError when it was not tried, another remedy is under way or this person may not, HeldError when
    another has the case, ListChangedError when the list is another one.
    """
    fix = locked(fix_id, State.CHECKED, State.PAUSED)
    if shown != fix.digest:
        raise ListChangedError(
            "This list is not the one you were shown. Look at it again before it goes."
        )
    why = hindered(fix, person)
    if why:
        raise states.NotNowError(why)
    if person is not None:
        states.take(fix.case_id, person)
        _make_theirs(fix, person)
    _alone(fix)
    return _let_go(fix, canary=canary and fix.state == State.CHECKED)


def hindered(fix: Fix, person: Any) -> str:
    """Why this person may not let it go, and who may; "" when they may. Of what has gone in part the
    rest may follow."""
    deed = deeds.of(fix.remedy)
    another = person is not None and person.pk != fix.person_id
    if fix.applied_at or (deed.by_another and another):
        return ""
    return deed.hinders(fix)


def _make_theirs(fix: Fix, person: Any) -> None:
    """What a rule tried and left to people is the person's who lets it go."""
    if fix.rule_id:
        fix.suggested_by, fix.rule = fix.rule, None
        fix.person, fix.person_name = person, person.name[:80]
        fix.save(update_fields=["suggested_by", "rule", "person", "person_name"])
    _by_another(fix, person, "let_go", f"Let go: {fix.words}")


def _by_another(fix: Fix, person: Any, action: str, text: str) -> None:
    """The fix keeps the name of who began it; who else has a hand in it stands in the log."""
    if person is not None and person.pk != fix.person_id:
        CaseEvent.objects.create(
            case_id=fix.case_id, actor=person.name[:80], action=action, text=text[:500]
        )


def _let_go(fix: Fix, *, canary: bool) -> Fix:
    if not fix.going.exists():
        raise states.NotNowError("None of these documents can be replayed with this remedy.")
    fix.state = State.CANARY if canary else State.REPLAYING
    fix.save(update_fields=["state"])
    lanes.wake("fix", str(fix.pk))
    return fix


@transaction.atomic
def cancel(fix_id: int, *, actor: str) -> Fix:
    """Let nothing more go. What went on stays; what did not stays held."""
    fix = locked(fix_id, State.CHECKING, State.CHECKED, State.CANARY, State.PAUSED, State.REPLAYING)
    began = fix.applied_at is not None
    fix.state, fix.finished_at = State.CANCELLED, clock.now()
    fix.save(update_fields=["state", "finished_at"])
    if began:
        went = fix.items.exclude(released_at=None).count()
        fix.items.filter(released_at=None).update(outcome=Outcome.LEFT, told="cancelled before it")
        text = f"Cancelled {fix.words} after {went:,} of {fix.documents:,}"
        CaseEvent.objects.create(case=fix.case, actor=actor[:80], action="cancelled", text=text)
        lanes.wake("fix", str(fix.pk))
    return fix


def undo_until(fix: Fix) -> Any:
    """Until when it can be undone; None when there is nothing to undo."""
    if fix.applied_at is None or fix.state not in _UNDOABLE:
        return None
    return (fix.finished_at or clock.now()) + UNDO_FOR


@transaction.atomic
def undo(fix_id: int, *, person: Any) -> Fix:
    """Take back what can be taken back. NotNowError once its time is over, and while another remedy is
    under way in the case."""
    fix = locked(fix_id, *_UNDOABLE)
    until = undo_until(fix)
    if until is None or until <= clock.now():
        raise states.NotNowError(
            f"{fix.words} cannot be undone any more: that takes {UNDO_FOR // timedelta(minutes=1)}"
            " minutes at most."
        )
    _alone(fix)
    _by_another(fix, person, "undo", f"Takes back: {fix.words}")
    fix.state = State.UNDOING
    fix.save(update_fields=["state"])
    lanes.wake("fix", str(fix.pk))
    return fix


def verdicts(fix: Fix) -> Counter[str]:
    """How many documents have each verdict."""
    return _counted(fix, "verdict")


def outcomes(fix: Fix) -> Counter[str]:
    """How many documents have come to each outcome."""
    return _counted(fix, "outcome")


def _counted(fix: Fix, column: str) -> Counter[str]:
    rows = fix.items.values_list(column).annotate(n=Count("pk")).order_by()
    return Counter(dict(rows))


def hand_back(fix: Fix, text: str) -> None:
    """It does not go by itself: a person has to look at what the dry run showed."""
    Fix.objects.filter(pk=fix.pk).update(at_once=False, trouble=f"Not sent by itself. {text}"[:300])
