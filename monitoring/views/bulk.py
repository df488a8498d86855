"""One verb on many cases: the frozen list with its form, then what became of each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from monitoring.bulk_forms import FORMS
from monitoring.domain import bulk
from monitoring.domain.bulk import DoneBeforeError, ListError
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import ListChangedError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction
from monitoring.views import bulk_page
from monitoring.views.bulk_choice import chosen_cases
from portal.accounts.rules import requires

_REFUSED = (ListChangedError, DoneBeforeError, NotNowError)


@requires("desk.work")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Freeze what was chosen on the desk."""
    query = request.POST.get("query", "")
    person: Any = request.user
    try:
        found = bulk.freeze(chosen_cases(request.POST, person), person=person, query=query)
    except ListError as error:
        messages.error(request, str(error))
        return redirect(bulk_page.desk_url(query))
    verb = request.POST.get("verb", "")
    return redirect(bulk_page.url(found) + (f"?verb={verb}" if verb in FORMS else ""))


@requires("desk.work")
def bulk_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list; a POST acts on it."""
    found = _own(request, pk)
    if request.method == "POST":
        return _act(request, found)
    verb = request.GET.get("verb", "")
    verb = verb if verb in FORMS else next(iter(FORMS))
    response = _page(request, found, verb, FORMS[verb]())
    if request.headers.get("HX-Request") and bulk_page.at_rest(found):
        response["HX-Refresh"] = "true"  # the list has its last outcomes, and what can be done next
    return response


def _own(request: HttpRequest, pk: int) -> BulkAction:
    """The person's own list, or 404."""
    person: Any = request.user
    found = BulkAction.objects.filter(pk=pk, person=person).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: BulkAction, verb: str, form: Form, *, status: int = 200
) -> HttpResponse:
    context = bulk_page.context(request, found, verb, form)
    return render(request, "monitoring/bulk.html", context, status=status)


def _act(request: HttpRequest, found: BulkAction) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST)
    if not form.is_valid():
        return _page(request, found, verb, form, status=422)
    shown = request.POST.get("shown", "")
    try:
        bulk.act(found.pk, verb, form.terms(), person=request.user, shown=shown)
    except NotDoneError as error:
        form.add_error(None, str(error))
        return _page(request, found, verb, form, status=422)
    except _REFUSED as error:
        messages.error(request, str(error))
    return redirect(bulk_page.url(found))


@requires("desk.work")
@require_POST
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Let what passes wholly go."""
    shown = request.POST.get("shown", "")
    return _answered(
        request, pk, lambda found: bulk.let_go(found.pk, person=request.user, shown=shown)
    )


def _answered(request: HttpRequest, pk: int, verb: Callable[[BulkAction], object]) -> HttpResponse:
    """Do `verb`, or say why not; either way the page of the list is next."""
    found = _own(request, pk)
    try:
        verb(found)
    except _REFUSED as error:
        messages.error(request, str(error))
    return redirect(bulk_page.url(found))


@requires("desk.work")
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nothing go, and back to the desk."""
    found = _own(request, pk)
    try:
        bulk.keep(found.pk, request.user)
    except _REFUSED as error:
        messages.error(request, str(error))
        return redirect(bulk_page.url(found))
    messages.success(request, f"Nothing of list {found.label} was let go; all of it stays held")
    return redirect(bulk_page.desk_url(found.query))


@requires("desk.work")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole list back."""
    return _answered(request, pk, lambda found: bulk.undo(found.pk, request.user))
