"""The platform console: partners with the state of their schemas and work, and allowed networks."""

from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_tenants.utils import get_public_schema_name

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import guard
from portal.jobs.queries import Load, loads
from portal.tenants import schemas
from portal.tenants.models import AllowedNetwork, Partner
from portal.tenants.networks import normalised


@requires("platform.partners")
def partners(request: HttpRequest) -> HttpResponse:
    found = (
        Partner.objects.exclude(schema_name=get_public_schema_name())
        .prefetch_related("domains")
        .order_by("name")
    )
    work = loads()
    rows = [_partner(request, partner, work.get(partner.schema_name, Load())) for partner in found]
    nothing = {"text": "No partner yet. Open one with manage.py open_partner.", "action": None}
    context = {
        "facts": [{"value": len(rows), "after": "partners"}],
        "partners": rows,
        "empty": None if rows else nothing,
    }
    return render(request, "platform/partners.html", context)


def _partner(request: HttpRequest, partner: Partner, work: Load) -> dict[str, Any]:
    domains = list(partner.domains.all())
    host = next((d.domain for d in domains if d.is_primary), "")
    port = request.get_host().partition(":")[2]
    current = partner.schema_fingerprint == _fingerprint()
    return {
        "name": partner.name,
        "host": host,
        "url": f"{request.scheme}://{host}:{port}/" if port else f"{request.scheme}://{host}/",
        "opened": spoken.day(partner.opened_at.date()),
        "shape": "good" if current else "risk",
        "word": "up to date" if current else "to be migrated",
        "running": work.running,
        "due": work.due,
        "oldest": spoken.age(work.oldest),
        "failed": work.failed,
    }


@cache
def _fingerprint() -> str:
    """Reading every migration takes a while, and they do not change under a running process."""
    return schemas.fingerprint()


class NetworkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A host name or a range, and why."""

    class Meta:
        model = AllowedNetwork
        fields = ("network", "reason")
        labels = {"network": "Host or network"}

    def clean_network(self) -> str:
        try:
            return normalised(self.cleaned_data["network"])
        except ValueError as error:
            raise forms.ValidationError(f"{error}, such as erp.internal or 10.1.0.0/16") from error


@requires("platform.networks")
def networks(request: HttpRequest) -> HttpResponse:
    """The list; a POST allows one more."""
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        guard.forget()
        messages.success(request, f"{form.instance.network} may be reached")
        return redirect("networks")
    stored = AllowedNetwork.objects.order_by("network")
    context = {
        "form": form,
        "fixed": settings.ALLOWED_NETWORKS,
        "networks": [
            {
                "network": entry.network,
                "reason": entry.reason,
                "at": spoken.moment(entry.added_at),
                "remove_url": f"/networks/{entry.pk}/remove/",
            }
            for entry in stored
        ],
    }
    return render(request, "platform/networks.html", context, status=422 if form.errors else 200)


@requires("platform.networks")
@require_POST
def remove_network(request: HttpRequest, pk: int) -> HttpResponse:
    entry = AllowedNetwork.objects.filter(pk=pk).first()
    if entry is None:
        raise Http404
    entry.delete()
    guard.forget()
    messages.success(request, f"{entry.network} may not be reached any more")
    return redirect("networks")
