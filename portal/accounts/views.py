"""Signing in and out, the same on a partner's site and on the platform console."""

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.accounts.forms import LoginForm
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.tenants.rows import lift_limit


@requires(OPEN_TO_ALL)
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Sign in and go where the person was going."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return _go(onward)
    form = LoginForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        auth.login(request, form.person)  # type: ignore[arg-type]
        return _go(onward)
    status = 422 if form.errors else 200
    return render(request, "login.html", {"form": form, "next": onward}, status=status)


def _onward(request: HttpRequest) -> str:
    """Where the person was going: an address of this site, or blank."""
    address = request.POST.get("next") or request.GET.get("next", "")
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None, require_https=request.is_secure()
    )
    return address if ours else ""


def _go(onward: str) -> HttpResponse:
    # Not `redirect`: it takes what does not look like an address for the name of a view.
    return HttpResponseRedirect(onward) if onward else redirect(settings.LOGIN_REDIRECT_URL)


@requires(OPEN_TO_ALL)
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    lift_limit()  # the session is not among what the customer role may touch
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
