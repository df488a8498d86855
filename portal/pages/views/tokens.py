"""API tokens: which there are, a new one that is shown once, and ending one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.models import Endpoint
from integrations.views import spoken
from portal.accounts.domain import tokens as verbs
from portal.accounts.models import ApiToken, Person
from portal.accounts.roles import PERMISSIONS
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer
from portal.pages.views.tokens_form import TokenForm
from portal.tenants.rows import beyond_limit

MOST = 500
MOST_SCOPES = 3


@requires("tokens.manage")
def tokens(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest, *, made: dict[str, str] | None = None, refused: str = ""
) -> HttpResponse:
    """The list; `made`: a new token with its text, shown this once; `refused`: why something was not done."""
    by: Any = request.user
    now = clock.now()
    found = list(ApiToken.objects.select_related("maker")[:MOST])
    names = dict(Customer.objects.values_list("pk", "name"))
    own = [one.endpoint_id for one in found if one.endpoint_id]
    labels = dict(Endpoint.objects.filter(pk__in=own).values_list("pk", "label"))
    ranked = sorted(found, key=lambda one: not one.is_live(now=now))
    context = {
        "made": made,
        "refused": refused,
        "tokens": [_row(one, names, labels, now, by=by) for one in ranked],
        "empty": None if found else {"text": _NOTHING, "action": None},
    }
    response = render(request, "tokens/tokens.html", context, status=422 if refused else 200)
    if made:
        response["Cache-Control"] = "no-store"
    return response


_NOTHING = "No token yet. A program needs one to ask the API in your name, within what you may."


def _row(
    one: ApiToken, names: dict[int, str], labels: dict[int, str], now: datetime, *, by: Person
) -> dict[str, Any]:
    customer = names.get(one.customer_id, "a customer who left") if one.customer_id else ""
    if one.endpoint_id:
        customer = f"{labels.get(one.endpoint_id, 'an application that is gone')}, {customer}"
    scopes = [PERMISSIONS.get(name, name) for name in one.permissions]
    return {
        "pk": one.pk,
        "name": one.name,
        "prefix": f"{one.prefix}…",
        "customer": customer or "all customers",
        "by": one.created_by,
        "scopes": scopes[:MOST_SCOPES],
        "more": len(scopes) - MOST_SCOPES if len(scopes) > MOST_SCOPES else 0,
        "all_scopes": scopes,
        "used": spoken.moment(one.last_used_at) or "never",
        "state": _state(one, now),
        "is_live": one.is_live(now=now),
        "may_revoke": one.is_live(now=now) and verbs.may_revoke(by, one),
    }


def _state(one: ApiToken, now: datetime) -> dict[str, str]:
    if one.revoked_at:
        return {"shape": "", "word": f"revoked {spoken.moment(one.revoked_at)} by {one.revoked_by}"}
    day = spoken.day(one.expires_at.date())
    if one.expires_at <= now:
        return {"shape": "", "word": f"expired {day}"}
    if not one.maker.is_active:
        return {"shape": "", "word": f"{one.created_by} left: it opens nothing"}
    if one.expires_at - now <= verbs.SOON:
        return {"shape": "risk", "word": f"expires in {spoken.span(one.expires_at - now)}, {day}"}
    return {"shape": "good", "word": f"until {day}"}


@requires("tokens.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Make one. Its text is on the answer and never again."""
    person: Any = request.user
    form = TokenForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = form.make()
        except verbs.TokenRefusedError as error:
            form.add_error("expires_on", str(error))
        else:
            return _page(request, made={"name": token.name, "text": text})
    status = 422 if form.errors else 200
    return render(request, "tokens/new.html", {"form": form}, status=status)


@requires("tokens.manage")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = ApiToken.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    by: Any = request.user
    if not verbs.may_revoke(by, found):
        return _page(request, refused=verbs.NOT_FOR_ALL)
    with beyond_limit():  # one's own token for all, from before one worked for some
        verbs.revoke(found, actor=by.name)
    messages.success(request, f"{found.name} opens nothing any more")
    return redirect("tokens")
