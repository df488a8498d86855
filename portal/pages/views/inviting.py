"""Inviting somebody, and what can be done about an invitation until it is accepted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal import letters
from portal.accounts.domain import inviting, reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.invitation_forms import InviteForm
from portal.accounts.models import Invitation, Person
from portal.accounts.rules import requires
from portal.pages.views import people_words

MANAGE = ("people.manage", "platform.people")


@requires(*MANAGE)
def invite(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    roles = [one for one in reach.roles_within(by) if one.for_customers or not by.is_limited]
    form = InviteForm(
        request.POST or None,
        roles=roles,
        customers=people_words.customers(),
        only_customers=inviting.NOT_OUR_OWN if by.is_limited else "",
        customer=request.GET.get("customer", ""),
    )
    if request.method == "POST" and form.is_valid():
        made = _invited(by, form, {role.pk: role for role in roles})
        if made:
            return _on_its_way(request, *made)
    may = [{"label": role.label, "may": people_words.may(role)} for role in roles]
    context = {"form": form, "roles": may}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


def _invited(by: Person, form: InviteForm, roles: dict[int, Any]) -> tuple[Invitation, str] | None:
    """The invitation and its token; None when it was refused, and the form says why."""
    given = form.cleaned_data
    try:
        return inviting.invite(
            by,
            email=given["email"],
            name=given["name"],
            role=roles[given["role"]],
            customer_id=given.get("customer"),
        )
    except RefusedError as error:
        form.add_error(None, str(error))
        return None


def _on_its_way(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Back to the list when the letter was taken; else the link, once, to be sent by hand."""
    brought = letters.bring(request, invitation, token)
    if not brought.problem:
        messages.success(
            request, f"Invited {invitation.name}. The letter went to {invitation.email}"
        )
        return redirect("people")
    context = {"invitation": invitation, "brought": brought}
    page = render(request, "people/invited.html", context)
    page["Cache-Control"] = "no-store"
    return page


@requires(*MANAGE)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    try:
        return _on_its_way(request, *inviting.resend(by, pk))
    except Invitation.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        return _refused(request, error)


@requires(*MANAGE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    try:
        invitation = inviting.withdraw(by, pk)
    except Invitation.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        return _refused(request, error)
    messages.success(request, f"{invitation.name} is not invited any more")
    return redirect("people")


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    return render(request, "people/refused.html", {"reason": str(error)}, status=422)
