"""Change requests: the list, and what is done with one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrations.domain import approval, differences, drafts, evidence, publishing
from integrations.domain.drafts import NotNowError
from integrations.mapping import Row
from integrations.mapping.form import describe, read_form
from integrations.models import ChangeRequest, Kind
from integrations.queries import watch
from integrations.views import addresses, change_words, dependencies, spoken
from integrations.views.filters import customer_filter, tabs
from portal.accounts.rules import requires

TABS = (("", "Open"), ("asked", "For approval"), ("live", "Live"), ("all", "All"))
State = ChangeRequest.State
SIZE = 100
MOST_DIFFERENCES = 200
SIZES = ("50", "200", "1000", "2000")


@requires("changes.view")
def changes(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, customer = customer_filter(request)
    found = _in_view(ChangeRequest.objects.select_related("customer", "version"), view)
    if customer:
        found = found.filter(customer=customer)
    rows, older = _newest(request, found)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if customer else "",
        "changes": [_row(change) for change in rows],
        "may_set_policy": request.user.may("people.manage"),  # type: ignore[union-attr]
        "empty": None if rows else {"text": _nothing(view, bool(customer)), "action": None},
        "pager": {"shown": f"{len(rows)} changes", "older_url": older},
    }
    return render(request, "integrations/changes.html", context)


def _newest(
    request: HttpRequest, found: QuerySet[ChangeRequest]
) -> tuple[list[ChangeRequest], str]:
    """A page of changes, and the address of the older ones."""
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    rows = list(found[: SIZE + 1])
    older = addresses.with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    return rows[:SIZE], older


def _in_view(found: QuerySet[ChangeRequest], view: str) -> QuerySet[ChangeRequest]:
    if view == "asked":
        return found.filter(state=State.ASKED)
    if view == "live":
        return found.filter(state__in=(State.LIVE, State.ROLLED_BACK))
    return found if view == "all" else found.filter(state__in=ChangeRequest.OPEN)


def _nothing(view: str, filtered: bool) -> str:
    if filtered:
        return "No change of this customer is here."
    words = {
        "": "No change is on its way. One begins where its subject stands: at a mapping, a lookup,"
        " a flow or a contract.",
        "asked": "Nothing waits for approval.",
        "live": "No change has gone live yet.",
    }
    return words.get(view, "There is no change yet.")


def _row(change: ChangeRequest) -> dict[str, Any]:
    return {
        "id": str(change),
        "url": f"/changes/{change.pk}/",
        "title": change_words.title(change),
        "reason": change.reason,
        "customer": change.customer.name if change.customer else "all customers",
        "author": change.author_name,
        "state": change_words.state(change)._asdict(),
        "result": change_words.result(change)._asdict(),
        "at": spoken.moment(change.updated_at),
    }


class ReasonForm(forms.Form):
    """Why a change should go live."""

    reason = forms.CharField(
        label="Why", max_length=300, help_text="One sentence. The approver decides by it."
    )


class ScheduleForm(forms.Form):
    """When an approved change goes live."""

    publish_at = forms.DateTimeField(
        label="Goes live",
        required=False,
        help_text="Empty: when somebody publishes it.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


@requires("changes.view")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def load(pk: int) -> ChangeRequest:
    found = ChangeRequest.objects.select_related("customer", "base", "version", "author")
    change = found.filter(pk=pk).first()
    if change is None:
        raise Http404
    return change


def page(
    request: HttpRequest, change: ChangeRequest, *, refused: str = "", status: int = 200
) -> HttpResponse:
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


Verb = Callable[[ChangeRequest, HttpRequest], str]


def _do(request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
    """Do it and say so; or show the page with the reason why not."""
    change = load(pk)
    try:
        said = verb(change, request)
    except NotNowError as error:
        return page(request, load(pk), refused=str(error), status=409)
    messages.success(request, said)
    return redirect(f"/changes/{pk}/")


@requires("mappings.edit", "lookups.edit", "changes.approve")
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Replay the last documents through the draft."""
    change = load(pk)
    if not change_words.actions(change, request.user).test:
        return page(request, change, refused=f"{change} cannot be tested now.", status=409)
    most = request.POST.get("most", "")
    evidence.order(change, most=int(most) if most in SIZES else evidence.DOCUMENTS)
    return redirect(f"/changes/{pk}/")


@requires("mappings.edit", "lookups.edit")
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).edit)
        approval.ask(change.pk, actor=request.user, reason=request.POST.get("reason", ""))
        return f"{change} waits for approval"

    return _do(request, pk, verb)


@requires("changes.approve", "lookups.edit")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            raise NotNowError("The time to publish is no date and time.")
        edition = request.POST.get("edition", "")
        approval.approve(
            change.pk,
            actor=request.user,
            publish_at=form.cleaned_data["publish_at"],
            edition=int(edition) if edition.isdecimal() else 0,
        )
        return f"{change} is approved"

    return _do(request, pk, verb)


@requires("changes.approve")
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        approval.refuse(change.pk, actor=request.user, reason=request.POST.get("reason", ""))
        return f"{change} is with {change.author_name} again"

    return _do(request, pk, verb)


@requires("mappings.edit", "lookups.edit")
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).take_back)
        approval.take_back(change.pk, actor=request.user)
        return f"{change} is a draft again"

    return _do(request, pk, verb)


@requires("mappings.edit", "lookups.edit", "changes.publish")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).withdraw)
        approval.withdraw(change.pk, actor=request.user)
        return f"{change} is withdrawn"

    return _do(request, pk, verb)


@requires("changes.publish", "lookups.edit")
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).publish)
        done = publishing.publish(change.pk, actor=request.user.name)  # type: ignore[union-attr]
        return f"{change} is live as v{done.version.number}"  # type: ignore[union-attr]

    return _do(request, pk, verb)


@requires("changes.publish", "lookups.edit")
@require_POST
def make_live(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is left to do, for an author who needs nobody else."""

    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).make_live)
        done = publishing.make_live(
            change.pk, actor=request.user, reason=request.POST.get("reason", "")
        )
        return f"{change} is live as v{done.version.number}"  # type: ignore[union-attr]

    return _do(request, pk, verb)


@requires("changes.publish", "lookups.edit")
@require_POST
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).roll_back)
        publishing.roll_back(
            change.pk,
            actor=request.user.name,  # type: ignore[union-attr]
            reason=request.POST.get("reason", ""),
        )
        return f"{change} is rolled back: what was live before is live again"

    return _do(request, pk, verb)


@requires("mappings.edit", "lookups.edit")
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the draft one on top of what is live now."""

    def verb(change: ChangeRequest, request: HttpRequest) -> str:
        _must(change_words.actions(change, request.user).take_over)
        drafts.rebase(change, actor=request.user.name)  # type: ignore[union-attr]
        return f"{change} is compared with what is live now. Test it again"

    return _do(request, pk, verb)


@requires("changes.view")
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    change, text = load(pk), request.POST.get("comment", "").strip()
    if text:
        drafts.note(change, request.user.name, "remarked", text)  # type: ignore[union-attr]
    return redirect(f"/changes/{pk}/")


def _must(allowed: bool) -> None:
    if not allowed:
        raise NotNowError("This is not yours to do now.")
