"""The page that the link of an invitation opens: a name, a password, and one is in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters

from integrations.views import spoken
from portal import letters
from portal.accounts.domain import inviting, signing_in
from portal.accounts.invitation_forms import JoinForm
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.links import LinkOverError, NoLinkError
from portal.tenants.rows import beyond_limit

NOT_WHOLE = gettext_noop(
    "It is not whole, was never ours, or a newer one was sent since. Open the"
    " newest letter you got, or ask whoever invited you."
)


@requires(OPEN_TO_ALL)
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, or why the link is over. Looking at it uses nothing up."""
    try:
        # The link is the right to come in, also for somebody who is signed in as a customer.
        with beyond_limit():
            page = _join(request, token)
    except NoLinkError:
        page = _over(request, _("This link does not work"), _(NOT_WHOLE), status=404)
    except LinkOverError as error:
        page = _over(request, _("This invitation is over"), str(error), status=410)
    page["Cache-Control"] = "no-store"
    # Not `no-referrer`: with that a browser sends our own form from nowhere, and it is refused.
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page


def _join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = inviting.find(token)
    form = JoinForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = inviting.accept(token, name=given["name"], password=given["password"])
        signing_in.complete(request, person, how="invitation")
        return redirect("home")
    user: Any = request.user
    context = {
        "form": form,
        "invitation": {**letters.told(invitation), "until": spoken.until(invitation.expires_at)},
        "signed_in": user.name if user.is_authenticated else "",
    }
    return render(request, "join.html", context, status=422 if form.errors else 200)


def _over(request: HttpRequest, title: str, reason: str, *, status: int) -> HttpResponse:
    return render(request, "join.html", {"title": title, "over": reason}, status=status)
