"""What people do to a case beside fixing it: comment, tag, assign, merge, split."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring.domain import assignment, joining, states
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import ExceptionCase, Team
from monitoring.views.addresses import MOST_DIGITS
from monitoring.views.hands import workers
from monitoring.views.holding import refuse_if_held
from monitoring.views.loading import load
from portal.accounts.rules import requires

_MOST_AT_ONCE = 1000


@requires("desk.work")
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """A note for colleagues, or for the customer to read."""
    found = load(number)
    text = request.POST.get("comment", "").strip()[:500]
    if text:
        for_customer = request.POST.get("for_customer") == "on" and not found.is_internal
        states.comment(found, text=text, actor=_name(request), for_customer=for_customer)
    return redirect(f"/cases/{number}/")


@requires("desk.work")
@require_POST
def tags(request: HttpRequest, number: int) -> HttpResponse:
    wanted = request.POST.get("tags", "").split(",")
    try:
        states.tag(load(number).pk, tags=wanted, actor=_name(request))
    except NotNowError as error:
        messages.error(request, str(error))
    return redirect(f"/cases/{number}/")


@requires("desk.work")
@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """To a person, to a team, or to nobody."""
    found = load(number)
    kind, _, key = request.POST.get("to", "").partition(":")
    person = next((one for one in workers() if kind == "person" and str(one.pk) == key), None)
    team = next((one for one in Team.objects.all() if kind == "team" and str(one.pk) == key), None)
    if kind and not person and not team:
        messages.error(request, "There is nobody of that name to give it to. Choose again.")
    else:
        assignment.assign(found, actor=_name(request), person=person, team=team)
    return redirect(f"/cases/{number}/")


@requires("desk.work")
@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Let another case answer for this one's causes."""
    found = load(number)
    target = _named(request.POST.get("into", ""))
    if target is None:
        messages.error(request, "There is no such case. Say the number of one, such as C-2291.")
        return redirect(f"/cases/{number}/")
    try:
        refuse_if_held(found, request.user)  # type: ignore[arg-type]
        joining.merge(found.pk, target.pk, actor=_name(request))
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
        return redirect(f"/cases/{number}/")
    return redirect(f"/cases/{target.pk}/")


def _named(text: str) -> ExceptionCase | None:
    """The case of this number, with or without the letter before it."""
    digits = text.strip().upper().removeprefix("C-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        return None
    return ExceptionCase.objects.filter(pk=digits).first()


@requires("desk.work")
@require_POST
def split_off(request: HttpRequest, number: int) -> HttpResponse:
    """Make a case of its own of the chosen documents."""
    found = load(number)
    title = request.POST.get("title", "").strip()
    try:
        refuse_if_held(found, request.user)  # type: ignore[arg-type]
        new = joining.split(found.pk, _chosen(request), title=title, actor=_name(request))
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
        return redirect(f"/cases/{number}/")
    return redirect(f"/cases/{new.pk}/")


def _chosen(request: HttpRequest) -> list[UUID]:
    ids = []
    for text in request.POST.getlist("split")[:_MOST_AT_ONCE]:
        try:
            ids.append(UUID(text))
        except ValueError:  # no id of ours
            continue
    return ids


def _name(request: HttpRequest) -> str:
    return request.user.name  # type: ignore[union-attr]
