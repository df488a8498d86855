"""Somebody who signs in here: their name, their role, what it lets them do, and the end of their access."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.accounts.domain import changing, leaving, reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person
from portal.accounts.people_forms import PersonForm
from portal.accounts.rules import requires
from portal.pages.views import people_words, person_facts

MANAGE = ("people.manage", "platform.people")


@requires(*MANAGE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    found = _load(pk)
    form = PersonForm(request.POST or None, person=found, roles=_roles(by, found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changed = changing.change(by, pk, name=given["name"], role_id=given["role"])
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{changed.name} is {changed.role.label} from now on")
            return redirect(request.path)
    status = 422 if form.errors else 200
    return render(request, "people/person.html", _shown(by, found, form), status=status)


def _load(pk: int) -> Person:
    found = Person.objects.select_related("role").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _roles(by: Person, found: Person) -> list[Any]:
    """What the person can be given: nothing but what they have when it is oneself, or somebody whom one does
    not change."""
    if found.pk == by.pk or reach.why_not(by, found):
        return [found.role]
    return [role for role in reach.roles_within(by) if role.for_customers == found.is_customer]


def _shown(by: Person, found: Person, form: PersonForm) -> dict[str, Any]:
    himself = found.pk == by.pk
    reason = reach.why_not(by, found)
    within = not reason
    return {
        "someone": people_words.row(found, dict(people_words.customers())),
        "facts": person_facts.facts(found, by=by),
        "form": form if within or form.is_bound else None,
        "reason": reason,
        "may": people_words.may(found.role),
        "role": found.role.label,
        "himself": himself,
        "ends_url": f"/people/{found.pk}/end/" if found.is_active and within and not himself else "",
        "back_url": f"/people/{found.pk}/let-in/" if not found.is_active and within else "",
    }  # fmt: skip


@requires(*MANAGE)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End their access, and sign them out."""
    return _done(request, pk, leaving.deactivate, "cannot sign in any more, and is signed out")


@requires(*MANAGE)
@require_POST
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, leaving.reactivate, "can sign in again")


def _done(
    request: HttpRequest, pk: int, verb: Callable[[Person, int], Person], words: str
) -> HttpResponse:
    by: Any = request.user
    found = _load(pk)
    try:
        verb(by, pk)
    except RefusedError as error:
        return render(request, "people/refused.html", {"reason": str(error)}, status=422)
    messages.success(request, f"{found.name} {words}")
    return redirect("person", pk)
