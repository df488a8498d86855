"""A customer's own people, looked after by one of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from integrations.views import spoken
from portal import letters
from portal.accounts.domain import own_people
from portal.accounts.domain.own_people import NotTheirsError
from portal.accounts.domain.reach import RefusedError
from portal.accounts.invitation_forms import InviteForm
from portal.accounts.models import Invitation, Person, Role
from portal.accounts.queries import colleagues as known
from portal.accounts.queries.colleagues import Colleague
from portal.accounts.role_words import said as role_said
from portal.accounts.roles import PERMISSIONS
from portal.accounts.rules import requires
from portal.customers.models import Customer
from portal.letters import Brought
from portal.pages.views import people_words

OWN = "own.people"
# In the customer's words; of a right without one, those that everybody has.
_MAY = {
    "own.orders": gettext_noop("orders"),
    "own.stock": gettext_noop("stock"),
    "own.invoices": gettext_noop("sales invoices"),
    "own.questions": gettext_noop("questions"),
    "own.service": gettext_noop("service"),
    "own.statements": gettext_noop("statements"),
    "own.bills": gettext_noop("bills"),
    "own.people": gettext_noop("colleagues"),
    "own.privacy": gettext_noop("privacy"),
    "own.consent": gettext_noop("consent"),
}


@requires(OWN)
def colleagues(request: HttpRequest) -> HttpResponse:
    """Who signs in, who is invited, and the form for one more."""
    by: Any = request.user
    roles = own_people.roles(by)
    form = InviteForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = own_people.invite(
                by, email=given["email"], name=given["name"], role_id=given["role"]
            )
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return _on_its_way(request, *made)
    return _page(request, form, roles, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    form: InviteForm,
    roles: list[Role],
    *,
    status: int = 200,
    brought: Brought | None = None,
    refused: str = "",
) -> HttpResponse:
    by: Any = request.user
    context = {
        "customer": Customer.objects.filter(pk=by.customer_id).first(),
        "colleagues": [_row(one, by) for one in known.colleagues()],
        "invited": [people_words.awaited(one, role_said(one.role)) for one in known.awaited()],
        "form": form,
        "roles": [{"label": role_said(role.label), "may": _may(role)} for role in roles],
        "brought": brought,
        "refused": refused,
    }
    return render(request, "customer/colleagues.html", context, status=status)


def _row(one: Colleague, by: Person) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "name": one.name,
        "email": one.email,
        "role": role_said(one.role),
        "last": spoken.moment(one.last_login) or _("never"),
        "active": one.is_active,
        "himself": one.pk == by.pk,
    }


def _may(role: Role) -> str:
    return ", ".join(
        _(_MAY.get(right, PERMISSIONS.get(right, right))) for right in role.permissions
    )


def _on_its_way(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    brought = letters.bring(request, invitation, token)
    if not brought.problem:
        messages.success(
            request,
            _("Invited %(name)s. The letter went to %(email)s")
            % {"name": invitation.name, "email": invitation.email},
        )
        return redirect("colleagues")
    by: Any = request.user
    roles = own_people.roles(by)
    page = _page(request, InviteForm(roles=roles), roles, brought=brought)
    page["Cache-Control"] = "no-store"
    return page


@requires(OWN)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    by: Any = request.user
    try:
        return _on_its_way(request, *own_people.resend(by, pk))
    except NotTheirsError:
        raise Http404 from None
    except RefusedError as error:
        return _refused(request, error)


@requires(OWN)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, own_people.withdraw, _("%(name)s is not invited any more"))


@requires(OWN)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, own_people.deactivate, _("%(name)s cannot sign in any more"))


@requires(OWN)
@require_POST
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, own_people.reactivate, _("%(name)s can sign in again"))


def _done(
    request: HttpRequest, pk: int, verb: Callable[[Person, int], Person | Invitation], words: str
) -> HttpResponse:
    by: Any = request.user
    try:
        done = verb(by, pk)
    except NotTheirsError:
        raise Http404 from None
    except RefusedError as error:
        return _refused(request, error)
    messages.success(request, words % {"name": done.name})
    return redirect("colleagues")


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    by: Any = request.user
    roles = own_people.roles(by)
    return _page(request, InviteForm(roles=roles), roles, status=422, refused=str(error))
