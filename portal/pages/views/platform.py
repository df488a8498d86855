"""The platform console: the networks that connections may reach."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import guard
from portal.tenants.models import AllowedNetwork
from portal.tenants.networks import normalised


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
