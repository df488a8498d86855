"""The remedies that ask for little: replay as it is, try again, skip, wait, take up again."""

from integrations.views.spoken import counted
from monitoring.domain import resolve
from monitoring.forms import ReasonForm
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.remedies.base import Given, Remedy, Situation, Words


class Retry(Remedy):
    slug, label = "retry", "Retry"

    def fits(self, situation: Situation) -> bool:
        return situation.summary.held > 0

    def words(self, situation: Situation) -> Words:
        count = situation.summary.held
        return Words(
            title="Replay as it is",
            submit=f"Replay {count:,}",
            note=f"Sends {counted(count, 'document')} through again, each from where it stopped.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.retry(situation.case, **given, actor=situation.person.name)


class Try(Remedy):
    slug, label = "try", "Try again"

    def fits(self, situation: Situation) -> bool:
        return situation.case.is_of_endpoint

    def words(self, situation: Situation) -> Words:
        return Words(
            title=f"Try {situation.case.endpoint.label} again",
            submit="Try again now",
            note="Sends what waits, in order. If it fails again, a new case opens.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.try_again(situation.case, actor=situation.person.name)


class Skip(Remedy):
    slug, label, key = "skip", "Skip with a reason", "s"
    form_class = ReasonForm

    def fits(self, situation: Situation) -> bool:
        return situation.summary.documents > 0

    def words(self, situation: Situation) -> Words:
        count = f"{situation.summary.documents:,}"
        if not situation.summary.held:
            return Words(
                title="Accept as it is",
                submit=f"Accept {count}",
                note="The documents went on; this ends the remark.",
            )
        return Words(
            title="Skip with a reason",
            submit=f"Skip {count}",
            note="The documents end here and take no effect. Later ones of the same object go on.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.skip(situation.case, **given, actor=situation.person.name)


class Wait(Remedy):
    slug, label, key = "wait", "Wait", "w"
    form_class = ReasonForm

    def fits(self, situation: Situation) -> bool:
        return not _waits(situation)

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Wait for somebody else",
            submit="Wait",
            note="The case stands under the divider with this reason. What it holds stays held.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.wait(situation.case, reason=given["reason"], actor=situation.person.name)


class TakeUp(Remedy):
    slug, label, key = "take-up", "Take up again", "w"

    def fits(self, situation: Situation) -> bool:
        return _waits(situation)

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Take it up again",
            submit="Take up again",
            note="The case goes back among the open ones.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return resolve.take_up(situation.case, actor=situation.person.name)


def _waits(situation: Situation) -> bool:
    return situation.case.state == ExceptionCase.State.WAITING
