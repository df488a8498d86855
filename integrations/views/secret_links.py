"""Links for customers' own keys: the partner's side, and the page the link opens."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.connectors.client import Check
from integrations.domain import credentials, secret_links
from integrations.models import Endpoint, SecretLink
from integrations.views import spoken
from integrations.views.keys_form import KeysForm
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.links import LinkOverError, NoLinkError

TESTED = {True: "good", False: "bad", None: "due"}
LASTS = (("24", "1 day"), ("72", "3 days"), ("168", "7 days"), ("336", "14 days"))


@requires("endpoints.manage")
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """The links of one endpoint; a POST makes one, and shows it this once."""
    endpoint = Endpoint.objects.select_related("customer").filter(slug=slug).first()
    if endpoint is None:
        raise Http404
    made = ""
    if request.method == "POST":
        hours = request.POST.get("hours", "")
        lasts = timedelta(hours=int(hours) if hours in dict(LASTS) else 72)
        by = request.user.name  # type: ignore[union-attr]
        token = secret_links.issue(endpoint, by=by, lasts=lasts)
        made = request.build_absolute_uri(f"/keys/{token}/")
    context = {
        "endpoint": {"label": endpoint.label, "customer": endpoint.customer.name, "slug": slug},
        "made": made,
        "lasts": LASTS,
        "links": [_row(link) for link in SecretLink.objects.filter(endpoint=endpoint)[:50]],
    }
    answer = render(request, "integrations/secret_links.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _row(link: SecretLink) -> dict[str, Any]:
    over = secret_links.why_over(link)
    shape, word = (
        ("good", "used") if link.used_at else ("due", over) if over else ("waiting", "open")
    )
    return {
        "pk": link.pk,
        "shape": shape,
        "word": word,
        "open": not over,
        "by": link.made_by,
        "made": spoken.moment(link.made_at),
        "until": spoken.moment(link.expires_at),
        "tries": link.tries,
    }


@requires("endpoints.manage")
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    link = SecretLink.objects.filter(pk=pk, endpoint__slug=slug).first()
    if link is None:
        raise Http404
    secret_links.revoke(link)
    return redirect(f"/endpoints/{slug}/secret-links/")


@requires(OPEN_TO_ALL)
def keys(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens. Looking at it changes nothing: mail programs do so, too."""
    try:
        link = secret_links.find(token)
        form = KeysForm(link.endpoint, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return _keys(request, link, form, status=422 if form.errors else 200)
        checks = secret_links.use(token, form.cleaned_data)
    except NoLinkError:
        raise Http404 from None
    except LinkOverError as error:
        return _answer(request, {"over": str(error)}, status=410)
    if credentials.refused(checks):
        return _keys(request, link, form, checks=checks, status=422)
    return _answer(request, {"done": link.endpoint.label})


def _keys(
    request: HttpRequest,
    link: SecretLink,
    form: KeysForm,
    *,
    checks: list[Check] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "endpoint": link.endpoint.label,
        "customer": link.endpoint.customer.name,
        "by": link.made_by,
        "until": spoken.moment(link.expires_at),
        "checks": [{**c._asdict(), "shape": TESTED[c.passed]} for c in checks or []],
    }
    return _answer(request, context, status=status)


def _answer(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = render(request, "integrations/keys.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    # Not `no-referrer`: with that a browser sends our own form from nowhere, and it is refused.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
