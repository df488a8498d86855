"""What can be done to many cases at once. Each verb does it to one case, with what a person entered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from monitoring.domain import assignment, states
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, ExceptionCase, Team
from portal.accounts.models import Person
from portal.core import clock

Terms = Mapping[str, Any]
Act = Callable[[ExceptionCase, str], str]  # case and actor → what it said


class Verb(NamedTuple):
    """One verb. `prepare` reads its terms once for the whole list: NotDoneError when they cannot be
    right. `words`: what it does to documents, for those that move some."""

    label: str
    prepare: Callable[[Terms], Act | None]
    words: Callable[[Terms], str] | None = None


def _acknowledge(terms: Terms) -> Act:
    def act(case: ExceptionCase, actor: str) -> str:
        if not states.acknowledge(case.pk, actor=actor):
            raise NotNowError("It was acknowledged before.")
        return "Acknowledged"

    return act


def _assign(terms: Terms) -> Act:
    """terms {person} or {team}, ids; neither: nobody's."""
    person = _found(Person.objects.filter(is_active=True, customer_id=None), terms.get("person"))
    team = _found(Team.objects.all(), terms.get("team"))

    def act(case: ExceptionCase, actor: str) -> str:
        if (case.assignee_id, case.team_id) == (
            getattr(person, "pk", None),
            getattr(team, "pk", None),
        ):
            raise NotNowError("It is assigned like this already.")
        return assignment.assign(case, actor=actor, person=person, team=team).text

    return act


def _found(known: Any, pk: int | None) -> Any:
    found = known.filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise NotDoneError("Whoever was chosen is not here any more.")
    return found


def _tag(terms: Terms) -> Act:
    """terms {add, remove}: lists of tags."""
    add, remove = set(terms.get("add", ())), set(terms.get("remove", ()))
    if not add and not remove:
        raise NotDoneError("Name at least one tag.")

    def act(case: ExceptionCase, actor: str) -> str:
        tags = (set(case.tags) | add) - remove
        if tags == set(case.tags):
            raise NotNowError("Its tags are like this already.")
        return states.tag(case.pk, tags=sorted(tags), actor=actor).text

    return act


def _wait(terms: Terms) -> Act:
    """terms {on: customer|third_party, reason}"""
    on, reason = terms.get("on", ""), str(terms.get("reason", "")).strip()
    if on not in (states.Party.CUSTOMER, states.Party.THIRD_PARTY) or not reason:
        raise NotDoneError("Say on whom it waits, and why.")

    def act(case: ExceptionCase, actor: str) -> str:
        return states.wait(case.pk, on=on, reason=reason, actor=actor).text

    return act


def _snooze(terms: Terms) -> Act:
    """terms {until, reason}: a time with its zone, ISO 8601."""
    until = datetime.fromisoformat(str(terms["until"]))
    if until <= clock.now():
        raise NotDoneError("That time is over: choose one that is to come.")

    def act(case: ExceptionCase, actor: str) -> str:
        return states.snooze(case.pk, until=until, reason=terms.get("reason", ""), actor=actor).text

    return act


def _take_up(terms: Terms) -> Act:
    def act(case: ExceptionCase, actor: str) -> str:
        return states.take_up(case.pk, actor=actor).text

    return act


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
    """What does it to one case; None for a verb that moves documents. NotDoneError for terms that
    cannot be right, and for a verb there is none of."""
    if verb not in VERBS:
        raise NotDoneError("There is no such verb for many cases.")
    return VERBS[verb].prepare(terms)


def said(bulk: BulkAction) -> str:
    """What was done to the list, in words."""
    return f"{VERBS[bulk.verb].label}, {bulk.get_state_display()}"
