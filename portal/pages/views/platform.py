"""The platform console: the networks that connections may reach."""

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
from portal.tenants.models import AllowedNetwork, Partner
from portal.tenants.networks import normalised


class NetworkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A host name or a range, and why."""

    class Meta:
        model = AllowedNetwork
        fields = ("network", "partner", "reason")
        labels = {"network": "Host or network", "partner": "For"}

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        partners = Partner.objects.exclude(schema_name=get_public_schema_name())
        field: Any = self.fields["partner"]
        field.queryset = partners.exclude(state=Partner.State.DELETED).order_by("name")
        field.empty_label = "every partner"

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
        messages.success(
            request, f"{form.instance.network} may be reached by {_who(form.instance)}"
        )
        return redirect("networks")
    stored = AllowedNetwork.objects.select_related("partner").order_by("network", "pk")
    context = {
        "form": form,
        "fixed": settings.ALLOWED_NETWORKS,
        "networks": [
            {
                "network": entry.network,
                "whose": _who(entry),
                "reason": entry.reason,
                "at": spoken.moment(entry.added_at),
                "remove_url": f"/networks/{entry.pk}/remove/",
            }
            for entry in stored
        ],
    }
    return render(request, "platform/networks.html", context, status=422 if form.errors else 200)


def _who(entry: AllowedNetwork) -> str:
    return entry.partner.name if entry.partner else "every partner"


@requires("platform.networks")
@require_POST
def remove_network(request: HttpRequest, pk: int) -> HttpResponse:
    entry = AllowedNetwork.objects.filter(pk=pk).first()
    if entry is None:
        raise Http404
    entry.delete()
    guard.forget()
    messages.success(request, f"{entry.network} may not be reached by {_who(entry)} any more")
    return redirect("networks")
