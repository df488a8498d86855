"""Where a person is signed in, and ending it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.accounts import devices
from portal.accounts.domain import sessions as places
from portal.accounts.domain import signing_in
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
    return shown(request, "sessions", title=_("Where you are logged in"), sessions=rows)


def _row(session: Session, *, here: bool) -> dict[str, Any]:
    return {
        "device": devices.in_words(session.agent),
        "address": session.address,
        "how": signing_in.way_said(session.how),
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
    messages.success(request, _("That browser is logged out"))
    return redirect("sessions")


@requires(SIGNED_IN)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    person: Any = request.user
    with beyond_limit():
        ended = places.end_all(person, but=request.session.session_key)
    said = ngettext(
        "%(count)s other browser is logged out", "%(count)s other browsers are logged out", ended
    )
    messages.success(request, said % {"count": ended})
    return redirect("sessions")
