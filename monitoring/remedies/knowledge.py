"""Teach the house something new: a mapping's draft, an item nobody knew."""

from typing import Any

from integrations.domain import drafts, evidence
from integrations.domain.subjects import Subject, owned_by
from integrations.models import ChangeRequest, Kind
from integrations.views.spoken import counted
from monitoring.forms import MappingForm, ProductForm
from monitoring.remedies.base import Data, DocumentRemedy, Given, Situation, Terms, Words


class Mapping(DocumentRemedy):
    slug, label = "mapping", "Change the mapping"
    permissions = ("desk.work", "mappings.edit")

    def fits(self, situation: Situation) -> bool:
        return situation.summary.held > 0 and situation.document is not None

    def form(self, situation: Situation, data: Data) -> MappingForm:
        found = [(str(change.pk), _label(change)) for change in open_drafts(situation)]
        return MappingForm(data, initial=situation.frozen, drafts=found)

    def words(self, situation: Situation) -> Words:
        none = "" if open_drafts(situation) else "Begin a draft of the mapping first."
        held = counted(situation.summary.held, "document")
        return Words(
            title="Change the mapping",
            submit=f"Try it on {situation.summary.held:,}",
            note=f"Runs {held} through the draft. It goes live when its policy lets it.",
            disabled=none,
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        return {"change": int(given["change"])}

    def said(self, terms: Terms) -> str:
        change = ChangeRequest.objects.get(pk=terms["change"])
        return f"Mapping {change.key} as in {change}"


def _label(change: ChangeRequest) -> str:
    tested = "" if evidence.is_of_this_draft(change) else ", not tested"
    return f"{change}, {change.get_state_display()}, by {change.author_name}{tested}"


def open_drafts(situation: Situation) -> list[ChangeRequest]:
    """Drafts of the mapping that the chosen document takes: the person's own, and approved ones."""
    subject = subject_of(situation)
    if subject is None:
        return []
    own = ChangeRequest.objects.filter(
        **owned_by(subject), kind=subject.kind, key=subject.key
    ).exclude(content=None)
    return [
        change
        for change in own.filter(state__in=ChangeRequest.OPEN)
        if change.author_id == situation.person.pk or change.state == ChangeRequest.State.APPROVED
    ]


def subject_of(situation: Situation) -> Subject | None:
    """The mapping of the chosen document."""
    if situation.document is None:
        return None
    message: Any = situation.document.message
    slug = situation.case.endpoint.slug
    key = f"{slug} {message.object_type} {message.direction}"
    subject = Subject(situation.case.customer_id, Kind.MAPPING, key)
    return subject if drafts.live_content(subject)[1] is not None else None


class Product(DocumentRemedy):
    slug, label = "product", "Add the item"
    permissions = ("desk.work", "lookups.edit")
    proposes = ("title", "uom")
    carries = True

    def fits(self, situation: Situation) -> bool:
        case = situation.case
        return (
            case.code == "unknown_sku" and bool(situation.value) and situation.summary.held_in > 0
        )

    def form(self, situation: Situation, data: Data) -> ProductForm:
        return ProductForm(data, initial={**self.initial(situation), "sku": situation.value})

    def words(self, situation: Situation) -> Words:
        return Words(
            title="Add the item",
            submit=f"Try it on {situation.summary.held_in:,}",
            note="Shows what becomes of the documents once the item is known. Nothing is sent yet.",
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        return {name: given[name] for name in ("sku", "title", "uom")}

    def said(self, terms: Terms) -> str:
        return f"Item {terms['sku']} added"
