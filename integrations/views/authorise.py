"""A person lets us act for them at a system: to its own page, and back."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from integrations.domain import authorising, onboarding
from integrations.domain.authorising import NotAuthorisedError
from integrations.models import Endpoint, OnboardingRun
from integrations.views import spoken
from portal.accounts.rules import requires

_SESSION: Final = "authorising"
_REFUSED: Final = "authorising refused"
_MOST: Final = 5  # begun in as many windows of one browser


@requires("endpoints.manage")
@never_cache
@require_safe
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Off to the system. A link and no form: a form of ours may lead to ourselves only."""
    endpoint = _load(slug)
    try:
        page, kept = authorising.begin(endpoint, back=back_address(request, slug))
    except NotAuthorisedError as error:
        return _refused(request, endpoint, str(error))
    begun = dict(list(request.session.get(_SESSION, {}).items())[1 - _MOST :])
    request.session[_SESSION] = {**begun, kept["state"]: kept}
    return HttpResponseRedirect(page)


@requires("endpoints.manage")
@never_cache
@require_safe
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """Back with a code, or with a reason why not. What the browser began is good once."""
    endpoint = _load(slug)
    begun = dict(request.session.get(_SESSION, {}))
    found = begun.pop(request.GET.get("state", ""), None)
    request.session[_SESSION] = begun
    by = request.user.name  # type: ignore[union-attr]
    try:
        authorising.finish(endpoint, found, request.GET.dict(), by=by)
    except NotAuthorisedError as error:
        return _refused(request, endpoint, f"Not authorised. {error}")
    messages.success(request, f"{endpoint.label} lets us in")
    if run := _under_way(endpoint):
        onboarding.try_connection(
            run
        )  # what it said before, it said of a system that did not let us in
    return _onward(endpoint)


def back_address(request: HttpRequest, slug: str) -> str:
    """The address that the system has to know as the one to send people back to."""
    return request.build_absolute_uri(reverse("authorise-back", args=[slug]))


def shown(request: HttpRequest, endpoint: Endpoint | None) -> dict[str, Any] | None:
    """Whether somebody authorised us, for a page of the endpoint; None where nobody has to."""
    standing = authorising.standing(endpoint) if endpoint else None
    if endpoint is None or standing is None:
        return None
    refused = request.session.get(_REFUSED, {})
    if refused.get("endpoint") == endpoint.pk:
        del request.session[_REFUSED]  # it is said once
    renewed = standing.renewed_at
    return {
        "shape": "good" if standing.is_given else "bad",
        "word": "authorised" if standing.is_given else "not authorised",
        "by": standing.made_by,
        "since": spoken.moment(standing.made_at) if standing.made_at else "",
        "renewed": spoken.moment(renewed) if renewed else "",
        "back": back_address(request, endpoint.slug),
        "url": reverse("authorise", args=[endpoint.slug]),
        "refused": refused["text"] if refused.get("endpoint") == endpoint.pk else "",
        "may": request.user.may("endpoints.manage"),  # type: ignore[union-attr]
    }


def _load(slug: str) -> Endpoint:
    found = Endpoint.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _onward(endpoint: Endpoint) -> HttpResponse:
    """To the step of the onboarding that is under way, else to the endpoint."""
    if run := _under_way(endpoint):
        return redirect("onboarding-credentials", pk=run.pk)
    return redirect("endpoint", slug=endpoint.slug)


def _under_way(endpoint: Endpoint) -> OnboardingRun | None:
    return OnboardingRun.objects.filter(endpoint=endpoint, live_at=None).first()


def _refused(request: HttpRequest, endpoint: Endpoint, text: str) -> HttpResponse:
    """Back, where the page says beside the authorisation why there is none."""
    request.session[_REFUSED] = {"endpoint": endpoint.pk, "text": text}
    return _onward(endpoint)
