"""Where a person is signed in, and ending it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.accounts import devices
from portal.accounts.domain import sessions as places
from portal.accounts.models import Session
from portal.accounts.rules import SIGNED_IN, requires
from portal.accounts.views.page import shown
from portal.tenants.rows import beyond_limit


@requires(SIGNED_IN)
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser the person is signed in with; this one first."""
    person: Any = request.user
    with beyond_limit():  # their own, whoever they are
        found = places.of(person)
    here = request.session.session_key
    rows = [_row(one, here=one.pk == here) for one in found]
    rows.sort(key=lambda row: not row["here"])
    return shown(request, "sessions", title="Where you are logged in", sessions=rows)


def _row(session: Session, *, here: bool) -> dict[str, Any]:
    return {
        "device": devices.in_words(session.agent),
        "address": session.address,
        "how": session.how,
        "signed_in_at": session.signed_in_at,
        "seen_at": session.seen_at,
        "reference": places.reference(session.pk),
        "here": here,
    }


@requires(SIGNED_IN)
@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """End one session of the person's."""
    person: Any = request.user
    with beyond_limit():
        ended = places.end(person, reference)
    if not ended:
        raise Http404
    messages.success(request, "That browser is logged out")
    return redirect("sessions")


@requires(SIGNED_IN)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    person: Any = request.user
    with beyond_limit():
        ended = places.end_all(person, but=request.session.session_key)
    browsers = "1 other browser is" if ended == 1 else f"{ended} other browsers are"
    messages.success(request, f"{browsers} logged out")
    return redirect("sessions")
