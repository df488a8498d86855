"""One role: a new one, its name, and its end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring.views.addresses import number
from portal.accounts.domain import reach, role_making
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person, Role
from portal.accounts.people_forms import NewRoleForm, RoleNameForm
from portal.accounts.rules import requires
from portal.pages.views import people_words

MANAGE = ("people.manage", "platform.people")


@requires(*MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    form = NewRoleForm(
        request.POST or None, roles=reach.roles_within(by), chosen=number(request.GET, "of")
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = role_making.copy(by, of_id=given["copy_of"], label=given["label"])
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.label} is a role now. Say what it may do")
            return redirect(_matrix_of(made))
    status = 422 if form.errors else 200
    return render(request, "people/role_new.html", {"form": form}, status=status)


def _matrix_of(role: Role) -> str:
    return "/roles/?side=customers" if role.for_customers else "/roles/"


@requires(*MANAGE)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, who has it and what it lets them do."""
    by: Any = request.user
    found = _load(pk)
    form = RoleNameForm(request.POST or None, initial={"label": found.label})
    if request.method == "POST" and form.is_valid():
        try:
            renamed = role_making.rename(by, pk, label=form.cleaned_data["label"])
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The role is named {renamed.label}")
            return redirect(request.path)
    return _page(request, found, form, status=422 if form.errors else 200)


def _load(pk: int) -> Role:
    found = Role.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Role, form: RoleNameForm, *, status: int, refused: str = ""
) -> HttpResponse:
    by: Any = request.user
    people = Person.objects.filter(role=found).count()
    within = reach.covers(by, found)
    context = {
        "role": found,
        "matrix_url": _matrix_of(found),
        "form": form if within else None,
        "people": spoken.counted(people, "person has", "people have"),
        "people_url": f"/people/?role={found.slug}" if people else "",
        "may": people_words.may(found),
        "within": within,
        "may_delete": within and not people,
        "refused": refused,
    }
    return render(request, "people/role.html", context, status=status)


@requires(*MANAGE)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    found = _load(pk)
    try:
        role_making.delete(by, pk)
    except RefusedError as error:
        form = RoleNameForm(initial={"label": found.label})
        return _page(request, found, form, status=422, refused=str(error))
    messages.success(request, f"The role {found.label} is deleted")
    return redirect(_matrix_of(found))
