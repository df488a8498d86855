"""A new flow: what goes from where to where, then a draft of it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.canonical.schema import OBJECT_TYPES
from integrations.domain import drafts, new_flows
from integrations.domain.new_flows import NoFlowError
from integrations.models import Endpoint
from integrations.views import change
from integrations.views.endpoint_words import object_words
from portal.accounts.rules import requires


class EndpointField(forms.ModelChoiceField):
    """An endpoint, named with its customer."""

    def label_from_instance(self, obj: Endpoint) -> str:
        return f"{obj.customer.name} · {obj.label}"


def _endpoints() -> EndpointField:
    found = Endpoint.objects.select_related("customer").order_by("customer__name", "label")
    return EndpointField(found, empty_label="Choose")


class NewFlowForm(forms.Form):
    """What a flow is."""

    object_type = forms.ChoiceField(
        label="What goes", choices=[(name, object_words(name)) for name in OBJECT_TYPES]
    )
    source = _endpoints()
    target = _endpoints()
    source.label, target.label = "From", "To"


@requires("mappings.edit")
def new_flow(request: HttpRequest) -> HttpResponse:
    form = NewFlowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            subject, content = new_flows.between(**form.cleaned_data)
        except NoFlowError as error:
            form.add_error(None, str(error))
        else:
            draft = drafts.begin(subject, author=request.user, content=content)
            return redirect(change.edit_url(draft))
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "title": "New flow",
        "back": {"url": "/flows/", "label": "Flows"},
        "submit": "Begin the draft",
    }
    return render(request, "integrations/begin.html", context, status=status)
