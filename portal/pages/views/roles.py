"""Roles as a matrix of what they may do: changed on a sheet, looked at in words, then applied."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from portal.accounts.domain import role_changes
from portal.accounts.domain.reach import RefusedError
from portal.accounts.domain.role_changes import SECOND_FACTOR, STALE, Change
from portal.accounts.models import Person, Role
from portal.accounts.queries import people as known
from portal.accounts.roles import PERMISSIONS
from portal.accounts.rules import requires
from portal.pages.views import role_cells
from portal.pages.views.role_cells import Cells
from portal.tenants.current import is_platform

MANAGE = ("people.manage", "platform.people")
SIDES = (("", "Our own people"), ("customers", "Customers’ people"))


@requires(*MANAGE)
def roles(request: HttpRequest) -> HttpResponse:
    return _matrix(request, _side(request.GET.get("side", "")))


def _side(text: str) -> str:
    return "customers" if text == "customers" and not is_platform() else ""


def _of_side(side: str) -> list[Role]:
    return list(Role.objects.filter(for_customers=side == "customers").order_by("label"))


def _matrix(
    request: HttpRequest, side: str, *, refused: str = "", checked: Cells | None = None
) -> HttpResponse:
    by: Any = request.user
    shown = _of_side(side)
    context = {
        "tabs": [] if is_platform() else [_tab(one, label, side) for one, label in SIDES],
        "side": side,
        "seen": role_changes.digest(shown),
        "columns": role_cells.columns(shown, known.by_role()),
        "groups": role_cells.groups(by, shown, checked=checked),
        "refused": refused,
    }
    return render(request, "people/roles.html", context, status=422 if refused else 200)


def _tab(side: str, label: str, chosen: str) -> dict[str, Any]:
    url = "/roles/?side=customers" if side else "/roles/"
    return {"label": label, "url": url, "count": None, "current": side == chosen}


@requires(*MANAGE)
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """What a sheet would change, in words. Nothing is changed yet."""
    by: Any = request.user
    side = _side(request.POST.get("side", ""))
    shown = _of_side(side)
    if request.POST.get("seen") != role_changes.digest(shown):
        return _matrix(request, side, refused=STALE)
    checked = None
    try:
        checked = role_cells.read_checked(request.POST.getlist("cell"))
        changes = role_changes.between(by, shown, checked)
        role_changes.must_be_possible(by, changes, {one.pk: one for one in Role.objects.all()})
    except RefusedError as error:
        return _matrix(request, side, refused=str(error), checked=checked)
    if not changes:
        messages.success(request, "Nothing was changed")
        return redirect(_address(side))
    context = {
        "side": side,
        "back_url": _address(side),
        "seen": request.POST["seen"],
        "changes": [role_cells.write(change) for change in changes],
        "roles": _told(by, changes, shown),
    }
    return render(request, "people/roles_review.html", context)


def _told(by: Person, changes: list[Change], shown: list[Role]) -> list[dict[str, Any]]:
    numbers = known.by_role()
    named = {role.pk: role for role in shown}
    return [
        _of_role(named[pk], list(some), people=numbers.get(pk, 0), own=pk == by.role_id)
        for pk, some in groupby(changes, key=lambda change: change.role_id)
    ]


def _of_role(role: Role, changes: list[Change], *, people: int, own: bool) -> dict[str, Any]:
    factor = next((one for one in changes if one.right == SECOND_FACTOR), None)
    rights = [one for one in changes if one is not factor]
    loses = [PERMISSIONS[one.right] for one in rights if not one.given]
    return {
        "label": role.label,
        "people": spoken.counted(people, "person", "people"),
        "gains": [PERMISSIONS[one.right] for one in rights if one.given],
        "loses": loses,
        "factor": _factor(factor),
        "warning": "This is your own role. You cannot give yourself back what it loses."
        if own and loses
        else "",
    }


def _factor(change: Change | None) -> str:
    if change is None:
        return ""
    return (
        "Signs in with a second factor from now on"
        if change.given
        else "Signs in without a second factor"
    )


def _address(side: str) -> str:
    return "/roles/?side=customers" if side else "/roles/"


@requires(*MANAGE)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    side = _side(request.POST.get("side", ""))
    try:
        changes = role_cells.read_changes(request.POST.getlist("change"))
        number = role_changes.apply(by, changes, seen=request.POST.get("seen", ""))
    except RefusedError as error:
        return _matrix(request, side, refused=str(error))
    words = "is as you said" if number == 1 else "are as you said"
    messages.success(request, f"{spoken.counted(number, 'role')} {words}, from the next click on")
    return redirect(_address(side))
