"""What is done with a change request. Each says what it did, or shows the page with the reason why not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from integrations.domain import approval, drafts, evidence, publishing
from integrations.domain.drafts import NotNowError
from integrations.models import ChangeRequest
from integrations.views import change_words
from integrations.views.change import SIZES, ScheduleForm, load, page
from portal.accounts.rules import requires

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
