"""What can be done to many cases at once, with what a person entered."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitoring.domain import assignment, states
from monitoring.domain.deeds import NotDoneError
from monitoring.models import BulkAction, CaseEvent, ExceptionCase, Team
from portal.accounts.models import Person
from portal.core import moment_field

Terms = Mapping[str, Any]
Cases = Sequence[ExceptionCase]


class Act(NamedTuple):
    """What is done to locked cases, which actor does it; and why one of them cannot have it done ("": it
    can)."""

    do: Callable[[Cases, str], list[CaseEvent]]
    refuse: Callable[[ExceptionCase], str] = lambda case: ""


class Verb(NamedTuple):
    """One verb. `prepare` reads its terms once for the whole list: NotDoneError when they cannot be
    right. `words`: what it does to documents, for those that move some."""

    label: str
    prepare: Callable[[Terms], Act | None]
    words: Callable[[Terms], str] | None = None


def _acknowledge(terms: Terms) -> Act:
    return Act(
        lambda cases, actor: states.acknowledge_all(cases, actor=actor),
        lambda case: "It was acknowledged before." if case.acknowledged_at else "",
    )


def _assign(terms: Terms) -> Act:
    """terms {person} or {team}, ids; neither: nobody's."""
    person = _found(Person.objects.filter(is_active=True, customer_id=None), terms.get("person"))
    team = _found(Team.objects.all(), terms.get("team"))
    wanted = (terms.get("person"), terms.get("team"))
    return Act(
        lambda cases, actor: assignment.assign_all(cases, actor=actor, person=person, team=team),
        lambda case: (
            "It is assigned like this already."
            if (case.assignee_id, case.team_id) == wanted
            else ""
        ),
    )


def _found(known: Any, pk: int | None) -> Any:
    found = known.filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise NotDoneError("Whoever was chosen is not here any more.")
    return found


def _tag(terms: Terms) -> Act:
    """terms {add, remove}: lists of tags."""
    add, remove = (set(states.clean_tags(terms.get(name, ()))) for name in ("add", "remove"))
    if states.any_too_long(add):
        raise NotDoneError(states.TAG_TOO_LONG)
    if not add and not remove:
        raise NotDoneError("Name at least one tag.")

    def tagged(case: ExceptionCase) -> list[str]:
        return states.clean_tags((set(case.tags) | add) - remove)

    def do(cases: Cases, actor: str) -> list[CaseEvent]:
        for case in cases:
            case.tags = tagged(case)
        return states.keep_tags(cases, actor=actor)

    return Act(
        do, lambda case: "Its tags are like this already." if tagged(case) == case.tags else ""
    )


def _wait(terms: Terms) -> Act:
    """terms {on: customer|third_party, reason}"""
    on, reason = terms.get("on", ""), str(terms.get("reason", "")).strip()
    if on not in (states.Party.CUSTOMER, states.Party.THIRD_PARTY) or not reason:
        raise NotDoneError("Say on whom it waits, and why.")
    return Act(lambda cases, actor: states.wait_all(cases, on=on, reason=reason, actor=actor))


def _snooze(terms: Terms) -> Act:
    """terms {until, reason}: a time with its zone, ISO 8601."""
    until, reason = datetime.fromisoformat(str(terms["until"])), str(terms.get("reason", ""))
    wrong = moment_field.objection(until)
    if wrong:
        raise NotDoneError(wrong)
    return Act(
        lambda cases, actor: states.snooze_all(cases, until=until, reason=reason, actor=actor)
    )


def _take_up(terms: Terms) -> Act:
    return Act(
        lambda cases, actor: states.take_up_all(cases, actor=actor),
        lambda case: "" if case.state in states.AT_REST else "It neither waits nor is it snoozed.",
    )


def _skip(terms: Terms) -> None:
    """terms {reason}"""
    if not str(terms.get("reason", "")).strip():
        raise NotDoneError("Say why: it stands in the history of every document.")


def _retry(terms: Terms) -> None:
    """No terms."""


VERBS = {
    "acknowledge": Verb("Acknowledge", _acknowledge),
    "assign": Verb("Assign", _assign),
    "tag": Verb("Tag", _tag),
    "wait": Verb("Wait", _wait),
    "snooze": Verb("Snooze", _snooze),
    "take_up": Verb("Take up again", _take_up),
    "retry": Verb("Retry", _retry, lambda terms: "Replayed as it is"),
    "skip": Verb("Skip", _skip, lambda terms: f"Skipped: {terms['reason']}"),
}


def prepare(verb: str, terms: Terms) -> Act | None:
    """What does it to cases; None for a verb that moves documents. NotDoneError for terms that
    cannot be right, and for a verb there is none of."""
    if verb not in VERBS:
        raise NotDoneError("There is no such verb for many cases.")
    return VERBS[verb].prepare(terms)


def said(bulk: BulkAction) -> str:
    """What was done to the list, in words."""
    return f"{VERBS[bulk.verb].label}, {bulk.get_state_display()}"
