"""The remedies that ask for little: replay as it is, try the endpoint again, skip."""

from integrations.views.spoken import counted
from monitoring.domain import endpoints
from monitoring.forms import ReasonForm
from monitoring.models import CaseEvent
from monitoring.remedies.base import DocumentRemedy, Given, Remedy, Situation, Terms, Words


class Retry(DocumentRemedy):
    slug, label = "retry", "Retry"

    def fits(self, situation: Situation) -> bool:
        return situation.summary.held > 0

    def words(self, situation: Situation) -> Words:
        count = situation.summary.held
        return Words(
            title="Replay as it is",
            submit=f"Try it on {count:,}",
            note=f"Shows what becomes of {counted(count, 'document')}. Nothing is sent yet.",
        )

    def said(self, terms: Terms) -> str:
        return "Replayed as it is"


class Try(Remedy):
    slug, label = "try", "Try again"

    def fits(self, situation: Situation) -> bool:
        return situation.case.is_of_endpoint

    def words(self, situation: Situation) -> Words:
        return Words(
            title=f"Try {situation.case.endpoint.label} again",
            submit="Try again now",
            note="Sends what waits, in order. If it fails again, the case comes back.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return endpoints.try_again(situation.case, person=situation.person)


class Skip(DocumentRemedy):
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
                note="The documents went on; this ends the remark. You see them once more before.",
            )
        return Words(
            title="Skip with a reason",
            submit=f"Skip {count}",
            note="The documents end here and take no effect. You see them once more before.",
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        return {"reason": given["reason"]}

    def said(self, terms: Terms) -> str:
        return f"Skipped: {terms['reason']}"
