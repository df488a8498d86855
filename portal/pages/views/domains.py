"""The partner's host names: the sub-domain, domains of their own, and which of them mails name."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.pages.views import domain_words
from portal.tenants.hosts import checking, claims, names
from portal.tenants.models import Domain, DomainClaim, Partner
from portal.tenants.rows import beyond_limit

_LOOKS: Final = 60  # by itself, one every ten seconds; then somebody has to press


class DomainForm(forms.Form):
    """A host name of the partner's own."""

    host = forms.CharField(
        label="Host name",
        max_length=300,
        help_text="Such as portal.your-company.com. Umlauts and other scripts are fine.",
    )


@requires("domains.edit")
def domains(request: HttpRequest) -> HttpResponse:
    """All of them; a POST claims one more."""
    form, partner = DomainForm(request.POST or None), _partner(request)
    if request.method == "POST" and form.is_valid():
        try:
            own = claims.claim(partner, form.cleaned_data["host"], by=_who(request))
        except claims.NotClaimableError as error:
            form.add_error("host", str(error))
        else:
            messages.success(request, f"{names.shown(own.domain)} is noted. Now prove it is yours.")
            return redirect("domain", pk=own.pk)
    known = {one.domain: one for one in Domain.objects.filter(tenant=partner)}
    first = claims.sub_domain(partner)
    context = {
        "form": form,
        "sub_domain": {"pk": first.pk, "host": first.domain, "is_primary": first.is_primary},
        "domains": [
            domain_words.row(own, is_primary=_is_primary(known.get(own.domain)))
            for own in DomainClaim.objects.filter(partner=partner).order_by("domain")
        ],
    }
    return render(request, "house/domains.html", context, status=422 if form.errors else 200)


@requires("domains.edit")
@require_safe
def domain(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: its records found against those expected, its certificate, and what it needs."""
    return _page(request, _own(request, pk), looks=_LOOKS)


@requires("domains.edit")
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Look now. The open page asks for this every ten seconds, for ten minutes."""
    own = _own(request, pk)
    try:
        own = checking.check(own)
    except claims.NotNowError as error:
        messages.error(request, str(error))
        return redirect("domain", pk=pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("domain", pk=pk)
    return _page(request, own, looks=_looks_left(request))


@requires("domains.edit")
@require_POST
def primary(request: HttpRequest) -> HttpResponse:
    """Mails and links name this host from now on."""
    number = request.POST.get("domain", "")
    try:
        made = claims.make_primary(_partner(request), int(number) if number.isdigit() else 0)
    except Domain.DoesNotExist:
        raise Http404 from None
    except claims.NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Mails and links name {names.shown(made.domain)} from now on")
    return redirect("domains")


@requires("domains.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: whoever has links with this host finds nothing there any more."""
    own = _own(request, pk)
    host = names.shown(own.domain)
    if request.method == "POST":
        claims.remove(own)
        messages.success(request, f"{host} leads nowhere any more")
        return redirect("domains")
    context = {
        "question": f"Remove {host}?",
        "verb": "Remove the domain",
        "danger_text": "Links that people have with this host end at a page that says there is no"
        " site. Mails and links name your sub-domain, where this was the primary one.",
        "back_url": f"/domains/{pk}/",
        "crumbs": [
            {"label": "Domains", "url": "/domains/"},
            {"label": host, "url": f"/domains/{pk}/"},
        ],
    }
    return render(request, "asks_first.html", context)


@requires(OPEN_TO_ALL)
@require_safe
def here(request: HttpRequest) -> HttpResponse:
    """What a look asks a domain for, to see whether it ends here: the value that its DNS shows anyway."""
    host = request.get_host().partition(":")[0].lower()
    with beyond_limit():  # whoever asks: anybody may
        own = DomainClaim.objects.filter(partner=_partner(request), domain=host).first()
    if own is None:
        raise Http404
    return HttpResponse(own.token, content_type="text/plain")


def _page(request: HttpRequest, own: DomainClaim, *, looks: int) -> HttpResponse:
    found = Domain.objects.filter(tenant=own.partner, domain=own.domain).first()
    shown = domain_words.page(own, found, edge=settings.EDGE_NAME)
    asks = looks if not (shown["is_live"] or shown["is_lapsed"]) else 0
    return render(request, "house/domain.html", {"domain": shown, "looks": asks})


def _looks_left(request: HttpRequest) -> int:
    left = request.POST.get("looks", "")
    return max(min(int(left) - 1, _LOOKS), 0) if left.isdigit() else _LOOKS


def _own(request: HttpRequest, pk: int) -> DomainClaim:
    own = DomainClaim.objects.select_related("partner").filter(pk=pk).first()
    if own is None or own.partner_id != _partner(request).pk:
        raise Http404
    return own


def _is_primary(domain: Domain | None) -> bool:
    return domain is not None and domain.is_primary


def _partner(request: HttpRequest) -> Partner:
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    return partner


def _who(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)
