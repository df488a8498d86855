"""The remedies that ask for little: replay as it is, try the endpoint again, skip."""

from collections.abc import Sequence
from uuid import UUID

from integrations.views.spoken import counted
from monitoring.domain import endpoints
from monitoring.domain.fixing import NothingLeftError
from monitoring.forms import SkipForm
from monitoring.models import CaseEvent, Fix
from monitoring.queries import fix_groups
from monitoring.remedies.base import DocumentRemedy, Given, Remedy, Situation, Terms, Words

_DIGITS = 19  # of a bigint, and every number with fewer fits


class Retry(DocumentRemedy):
    slug, label = "retry", "Retry"
    carries = True

    def fits(self, situation: Situation) -> bool:
        return situation.summary.held > 0

    def suffices(self, situation: Situation) -> bool:
        return situation.meaning is not None

    def words(self, situation: Situation) -> Words:
        count, row = situation.summary.held, situation.meaning
        known = f"{row.code} means {row.value} by now. " if row else ""
        return Words(
            title="Replay as it is",
            submit=f"Try it on {count:,}",
            note=f"{known}Shows what becomes of {counted(count, 'document')}. Nothing is sent yet.",
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
            note="Sends what waits, in order. There is nothing to try first.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return endpoints.try_again(situation.case, person=situation.person)


class Skip(DocumentRemedy):
    """Of everything the case holds, or of those documents that another remedy cannot help: they are
    named by its fix and by the place of the first of them."""

    slug, label, key = "skip", "Skip with a reason", "s"
    form_class = SkipForm
    proposes = ("reason", "fix", "first")
    carries = True

    def fits(self, situation: Situation) -> bool:
        return situation.summary.documents > 0

    def words(self, situation: Situation) -> Words:
        some = _some(situation, situation.wished)
        count = f"{len(some) if some else situation.summary.documents:,}"
        if not situation.summary.held:
            return Words(
                title="Accept as it is",
                submit=f"Accept {count} …",
                note="The documents went on; this ends the remark. You see them once more before.",
            )
        return Words(
            title="Skip with a reason",
            submit=f"Skip {count} …",
            note="The documents end here and take no effect. You see them once more before.",
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        return {"reason": given["reason"]}

    def said(self, terms: Terms) -> str:
        return f"Skipped: {terms['reason']}"

    def ids(self, situation: Situation, given: Given) -> Sequence[UUID]:
        everything = super().ids(situation, given)
        some = _some(situation, given)
        chosen = [pk for pk in everything if pk in some] if given["fix"] else everything
        if not chosen:
            raise NothingLeftError
        return chosen


def _some(situation: Situation, given: Given) -> set[UUID]:
    """The documents with one reason in a fix of this case; none when no fix is named."""
    number, first = (str(given.get(name) or "") for name in ("fix", "first"))
    if not all(
        text.isascii() and text.isdigit() and len(text) < _DIGITS for text in (number, first)
    ):
        return set()
    fix = Fix.objects.filter(pk=number, case=situation.case).first()
    return fix_groups.ids_of(fix, int(first)) if fix else set()
