"""What a person decides about a case itself: somebody else has to act first, it is put off, or ended."""

from datetime import datetime, timedelta
from typing import Any

from monitoring.domain import states
from monitoring.forms import ReasonForm, SnoozeForm, WaitForm
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.remedies.base import Data, Given, Remedy, Situation, Words
from portal.core import clock

_REST = (ExceptionCase.State.WAITING, ExceptionCase.State.SNOOZED)


class Wait(Remedy):
    slug, label, key = "wait", "Wait", "w"
    form_class = WaitForm

    def fits(self, situation: Situation) -> bool:
        return situation.case.state not in _REST

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Wait for somebody else",
            submit="Wait",
            note="The resolve clock stands still with this reason. What it holds stays held.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return states.wait(
            situation.case.pk, on=given["on"], reason=given["reason"], actor=situation.person.name
        )


class Snooze(Remedy):
    slug, label, key = "snooze", "Snooze", "z"
    form_class = SnoozeForm

    def fits(self, situation: Situation) -> bool:
        return situation.case.state not in _REST

    def form(self, situation: Situation, data: Data) -> Any:
        return SnoozeForm(data, initial={**situation.frozen, "until": in_hours(2)})

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Put it off",
            submit="Snooze",
            note="It comes back by itself. The clock goes on: the delay is ours.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return states.snooze(
            situation.case.pk, until=given["until"], reason=given["reason"],
            actor=situation.person.name,
        )  # fmt: skip


def in_hours(hours: int) -> datetime:
    """A full hour, so many hours from now."""
    return (clock.now() + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


class TakeUp(Remedy):
    slug, label, key = "take-up", "Take up again", "w"

    def fits(self, situation: Situation) -> bool:
        return situation.case.state in _REST

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Take it up again",
            submit="Take up again",
            note="The case goes back among the open ones, and its clock goes on.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return states.take_up(situation.case.pk, actor=situation.person.name)


class Settle(Remedy):
    """Of what was found missing, and a person knows better."""

    slug, label, key = "settle", "Close with a reason", "s"
    form_class = ReasonForm

    def fits(self, situation: Situation) -> bool:
        return situation.case.is_finding

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Close it with a reason",
            submit="Close the case",
            note="It stays closed while this goes on, and comes back when it happens anew.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return states.settle(situation.case.pk, reason=given["reason"], actor=situation.person.name)
