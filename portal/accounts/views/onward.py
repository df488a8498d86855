"""Where somebody goes once they are in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def asked_for(request: HttpRequest) -> str:
    """Where the person was going: an address of this site, or blank."""
    address = request.POST.get("next") or request.GET.get("next", "")
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None, require_https=request.is_secure()
    )
    return address if ours else ""


def go(onward: str) -> HttpResponse:
    """There, or to the first page of their work."""
    # Not `redirect`: it takes what does not look like an address for the name of a view.
    return HttpResponseRedirect(onward) if onward else redirect(settings.LOGIN_REDIRECT_URL)
