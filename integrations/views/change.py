"""One change request: what it does to real documents, what it changes, how far it is."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.domain import approval, differences, drafts, evidence
from integrations.mapping import Row
from integrations.mapping.form import describe, read_form
from integrations.models import ChangeRequest, Kind
from integrations.queries import watch
from integrations.views import change_words, dependencies, spoken
from portal.accounts.rules import requires
from portal.core.moment_field import MomentField

MOST_DIFFERENCES = 200
SIZES = ("50", "200", "1000", "2000")


class ReasonForm(forms.Form):
    """Why a change should go live."""

    reason = forms.CharField(
        label="Why", max_length=300, help_text="One sentence. The approver decides by it."
    )


class ScheduleForm(forms.Form):
    """When an approved change goes live."""

    publish_at = MomentField(
        label="Goes live", required=False, help_text="Empty: when somebody publishes it."
    )


@requires("changes.view")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def load(pk: int) -> ChangeRequest:
    """The change, or 404."""
    found = ChangeRequest.objects.select_related("customer", "base", "version", "author")
    change = found.filter(pk=pk).first()
    if change is None:
        raise Http404
    return change


def page(
    request: HttpRequest, change: ChangeRequest, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of one change; `refused` is why the last action was not done."""
    found = change.evidence or {}
    may_see = request.user.may("payloads.view")  # type: ignore[union-attr]
    may = change_words.actions(change, request.user)
    before = (
        change.base.content if change.base else drafts.default_content(drafts.subject_of(change))
    )
    different = differences.between(change.kind, before, change.content)
    context = {
        "change": {
            "id": str(change),
            "title": change_words.title(change),
            "customer": change.customer.name if change.customer else "all customers",
            "state": change_words.state(change)._asdict(),
            "reason": change.reason,
            "edition": change.edition,
            "base": f"v{change.base.number}" if change.base else "the default",
        },
        "address": f"/changes/{change.pk}/",
        "steps": change_words.steps(change),
        "may": may._asdict(),
        "refused": refused,
        "evidence": found if may_see else _without_values(found),
        "may_see": may_see,
        "stale": bool(found) and not evidence.is_of_this_draft(change),
        "moved": bool(found) and change.state in ChangeRequest.OPEN and not evidence.is_current(change),
        "tested_at": _instant(found.get("at")),
        "testing": _testing(change),
        "sizes": SIZES,
        "differences": [_difference(change, one) for one in different[:MOST_DIFFERENCES]],
        "more_differences": max(0, len(different) - MOST_DIFFERENCES),
        "difference_sentence": differences.sentence(different, differences.NOUNS[change.kind]),
        "ask_form": ReasonForm(initial={"reason": change.reason}),
        "schedule_form": ScheduleForm(),
        "zone": timezone.get_current_timezone_name(),
        "needs_two": approval.needs_two(change),
        "edit_url": edit_url(change) if may.edit else "",
        "watch": watch.since_live(change),
        "radius": dependencies.radius(drafts.subject_of(change)),
        "facts": _facts(change),
        "activity": [
            {"at": spoken.moment(e.at), "text": " ".join(filter(None, (e.actor, e.verb)))
             + (f": {e.text}" if e.text else "")}
            for e in reversed(change.events.all())
        ],
    }  # fmt: skip
    return render(request, "integrations/change.html", context, status=status)


def _difference(change: ChangeRequest, found: differences.Difference) -> dict[str, str]:
    """A place before and after; a mapping's row in words, too."""
    if change.kind != Kind.MAPPING:
        return found._asdict()
    before, after = (
        describe(read_form(Row(found.place, source))) if source else ""
        for source in (found.before, found.after)
    )
    return {**found._asdict(), "before_words": before, "after_words": after}


def _without_values(found: dict[str, Any]) -> dict[str, Any]:
    """For people who may not see payloads: what changes and how often, and no value."""
    if not found:
        return found
    hidden = [{**one, "samples": []} for one in found["fields"]]
    warned = [{**one, "samples": []} for one in found["warnings"]]
    return {**found, "fields": hidden, "warnings": warned, "documents": []}


def _instant(text: str | None) -> str:
    return spoken.moment(datetime.fromisoformat(text)) if text else ""


def _testing(change: ChangeRequest) -> dict[str, Any] | None:
    running = change.testing
    if running is None:
        return None
    if running.get("failed"):
        return {"failed": running["failed"]}
    done, of = running["done"], running["of"]
    text = f"{done} of {of} documents replayed" if of else "Reading the last documents"
    return {"done": done, "total": of or 1, "text": text, "cancel_url": ""}


def edit_url(change: ChangeRequest) -> str:
    """Where a draft of this kind is edited; "" where it takes its subject away."""
    if change.content is None:
        return ""
    if change.kind != Kind.MAPPING:
        return f"/changes/{change.pk}/edit/"
    endpoint, object_type, direction = change.key.split(" ")
    return f"/mappings/{endpoint}/{object_type}/{direction}/"


def _facts(change: ChangeRequest) -> list[dict[str, str]]:
    facts = [
        {"label": "Written by", "value": change.author_name},
        {"label": "Made from", "value": f"v{change.base.number}" if change.base else "the default"},
    ]
    if change.approver_name:
        at = spoken.moment(change.approved_at)
        facts.append({"label": "Approved by", "value": f"{change.approver_name}, {at}"})
    if change.published_at and change.version:
        at = spoken.moment(change.published_at)
        facts.append({"label": "Live as", "value": f"v{change.version.number}, {at}"})
    return facts
