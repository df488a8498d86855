"""Views of the desk that people save under a name."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring.models import SavedView
from monitoring.queries import saved
from monitoring.views import choosing
from portal.accounts.models import Person
from portal.accounts.rules import requires

_NO_NAME = "Not saved: give the view a name."
_NO_FILTER = "Not saved: choose a filter first."
_TOO_MANY = f"Not saved: {saved.MOST} views are the most. Delete one first."


@requires("desk.view")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name, for oneself or for everybody."""
    person: Any = request.user
    query = choosing.written(QueryDict(request.POST.get("query", "")), searched=False)
    name = " ".join(request.POST.get("name", "").split())[:40]
    objection = _objection(person, name=name, query=query)
    if objection:
        messages.error(request, objection)
        return redirect(f"/desk/?{query}")
    shared = bool(request.POST.get("shared")) and person.may("desk.work")
    SavedView.objects.create(
        name=name, query=query, person=None if shared else person, made_by=person.name[:80]
    )
    return redirect(f"/desk/?{query}")


def _objection(person: Person, *, name: str, query: str) -> str:
    if not name:
        return _NO_NAME
    if not choosing.read(QueryDict(query)).narrows or len(query) > 500:
        return _NO_FILTER
    return _TOO_MANY if len(saved.of(person)) >= saved.MOST else ""


@requires("desk.view")
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view. One's own by its person; everybody's by who works on the desk."""
    person: Any = request.user
    found = next((view for view in saved.of(person) if view.pk == pk), None)
    if found is None or (found.person_id is None and not person.may("desk.work")):
        raise Http404
    found.delete()
    messages.info(request, f"Deleted the view {found.name}")
    return redirect("/desk/")
