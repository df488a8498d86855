"""Who has the case: what its pages say of that, and taking it, staying with it, giving it back."""

import json
import math
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from monitoring.domain import leases, states
from monitoring.domain.leases import HeldError, LeaseLostError
from monitoring.domain.states import NotNowError
from monitoring.models import ExceptionCase, Lease
from monitoring.views import addresses
from monitoring.views.loading import load
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.core import clock


def holder(case: ExceptionCase, person: Person, *, fix: int | None = None) -> dict[str, Any]:
    """The context of `monitoring/holder.html`. `fix` is the page to come back to, if any."""
    lease = leases.of([case.pk]).get(case.pk)
    may = person.may("desk.work") and case.is_open
    mine = bool(lease and lease.person_id == person.pk)
    url = f"/cases/{case.pk}"
    return {
        "name": _words(lease) if lease else "",
        "blocked": blocked(lease, person),
        "fix": fix,
        "beat_url": f"{url}/beat/" if may and mine else "",
        "release_url": f"{url}/release/" if may and mine else "",
        "take_url": f"{url}/take/" if may and not lease else "",
    }


def _words(lease: Lease) -> str:
    left = math.ceil((lease.until - clock.now()).total_seconds() / 60)
    return f"{lease.person_name}, lease {left} min"


def blocked(lease: Lease | None, person: Person) -> str:
    """Why this person may not act now; empty when they may."""
    return f"held by {lease.person_name}" if lease and lease.person_id != person.pk else ""


def refuse_if_held(case: ExceptionCase, person: Person) -> None:
    """HeldError when another has the case."""
    lease = leases.of([case.pk]).get(case.pk)
    if lease and lease.person_id != person.pk:
        raise HeldError(leases.held_by(lease))


@requires("desk.work")
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take the case: a lease, and the acknowledgement."""
    try:
        states.take(load(number).pk, request.user)
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
    return _back(request, number)


@requires("desk.work")
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    leases.release(load(number).pk, request.user)
    return _back(request, number)


def _back(request: HttpRequest, number: int) -> HttpResponse:
    fix = addresses.number(request.POST, "fix")
    return redirect(f"/cases/{number}/fixes/{fix}/" if fix else f"/cases/{number}/")


@requires("desk.work")
@require_POST
def beat(request: HttpRequest, number: int) -> HttpResponse:
    """A sign of life of the page. Of a lease that is lost, everybody at the page hears at once."""
    case, person = load(number), request.user
    lost = ""
    try:
        leases.beat(case.pk, person)
    except LeaseLostError as error:
        lost = str(error)
    shown = holder(case, person, fix=addresses.number(request.POST, "fix"))  # type: ignore[arg-type]
    answer = render(request, "monitoring/holder.html", {"holder": shown, "lost": lost})
    if lost:
        answer["HX-Trigger"] = json.dumps({"lease-lost": lost})
    return answer
