"""Taking the next case: the most urgent one of the view that nobody has."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring.domain import states
from monitoring.models import ExceptionCase
from monitoring.queries import choice as choices
from monitoring.queries import desk as queries
from monitoring.views import choosing
from portal.accounts.rules import requires
from portal.core import clock

_NOTHING = "Nothing is free here: what is open waits, or somebody has it."


@requires("desk.work")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Lease it and open it. The view and the filters stand in the address."""
    person: Any = request.user
    choice = choosing.read(request.GET)
    wanted = choices.wanted(choice, person) & choices.for_taking(person)
    cases = queries.ordered(ExceptionCase.objects.filter(wanted), at=clock.now())
    number = states.take_next(cases, person)
    if number is not None:
        return redirect(f"/cases/{number}/")
    messages.info(request, _NOTHING)
    query = choosing.written(request.GET)
    return redirect(f"/desk/?{query}" if query else "/desk/")
