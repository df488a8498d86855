"""All receivers, with how they do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.rules import requires
from portal.webhooks.models import Webhook
from portal.webhooks.queries import figures
from portal.webhooks.queries.figures import Share
from portal.webhooks.views import words


@requires("webhooks.manage")
def webhooks(request: HttpRequest) -> HttpResponse:
    found = list(Webhook.objects.select_related("customer"))
    shares = figures.shares(one.pk for one in found)
    context = {
        "tabs": words.tabs("webhooks"),
        "webhooks": [words.row(one, shares.get(one.pk, Share())) for one in found],
    }
    return render(request, "webhooks/webhooks.html", context)
