"""Logging in by a provider: to it, and back from it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.domain import openid_sign_in
from portal.accounts.domain.lockout import LockedError
from portal.accounts.models import Provider
from portal.accounts.openid.errors import OpenIdError
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.accounts.views import onward
from portal.accounts.views.login import second_step_of
from portal.tenants.rows import beyond_limit

_THERE = frozenset({"unreachable", "unavailable"})  # it is the provider that does not work


@requires(OPEN_TO_ALL)
@never_cache
@require_safe
def begin(request: HttpRequest, ref: str) -> HttpResponse:
    """Off to the provider. A link and no form: a form of ours may lead to ourselves only."""
    provider, going = _provider(ref), onward.asked_for(request)
    if request.user.is_authenticated:
        return onward.go(going)
    back = request.build_absolute_uri(reverse("login-with-back", args=[ref]))
    try:
        address = openid_sign_in.begin(request, provider, back=back, onward=going)
    except OpenIdError as error:
        return _refused(request, provider, error)
    return HttpResponseRedirect(address)


@requires(OPEN_TO_ALL)
@never_cache
@require_safe
def back(request: HttpRequest, ref: str) -> HttpResponse:
    """Back with a code, or with a reason why not."""
    provider = _provider(ref)
    if (
        request.user.is_authenticated
    ):  # in another window, by now: nobody becomes somebody else by a link
        return onward.go("")
    try:
        arrived = openid_sign_in.finish(request, provider, request.GET.dict())
    except LockedError as error:
        answer = _page(request, provider, str(error), code="", status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    except OpenIdError as error:
        return _refused(request, provider, error)
    if arrived.is_in:
        return onward.go(arrived.onward)
    return redirect(second_step_of(request, arrived.person))


def _provider(ref: str) -> Provider:
    with beyond_limit():  # whoever is signed in already: its button is for everybody
        found = Provider.objects.filter(ref=ref, is_on=True).first()
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, provider: Provider, error: OpenIdError) -> HttpResponse:
    status = 503 if error.code in _THERE else 422
    return _page(request, provider, str(error), code=error.code, status=status)


def _page(
    request: HttpRequest, provider: Provider, reason: str, *, code: str, status: int
) -> HttpResponse:
    context = {"provider": provider, "reason": reason, "code": code}
    return render(request, "accounts/login_with.html", context, status=status)
