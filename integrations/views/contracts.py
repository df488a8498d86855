"""One contract: what was agreed, how documents drift from it, and what can be done about that."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.canonical.schema import OBJECT_TYPES
from integrations.contracts import Contract as Compiled
from integrations.contracts import infer
from integrations.contracts.lines import KINDS, lines_of
from integrations.domain import drafts, drift
from integrations.domain.subjects import Subject
from integrations.models import Contract, Endpoint, Flow, Kind
from integrations.queries import drifting
from integrations.views import change, spoken
from integrations.views.endpoint_words import object_words
from portal.accounts.rules import requires

MOST_FIELDS = 500


@requires("endpoints.view")
def contract(request: HttpRequest, slug: str, object_type: str) -> HttpResponse:
    endpoint = load(slug, object_type)
    agreed = Contract.objects.filter(endpoint=endpoint, object_type=object_type).first()
    lines = lines_of(agreed.schema) if agreed else []
    may_see = request.user.may("payloads.view")  # type: ignore[union-attr]
    found = drifting.of(endpoint.pk, object_type)
    shown = agreed if found and may_see else None
    values = drift.values(endpoint, object_type, Compiled(shown.schema)) if shown else {}
    flows = Flow.objects.filter(source=endpoint, object_type=object_type).select_related("target")
    context = {
        "title": f"{object_words(object_type)} of {endpoint.label}",
        "endpoint": {"label": endpoint.label, "url": f"/endpoints/{slug}/", "customer": endpoint.customer},
        "agreed": agreed and spoken.moment(agreed.agreed_at),
        "lines": [
            {**line._asdict(), "kind": KINDS[line.kind], "choices": ", ".join(line.choices)}
            for line in lines[:MOST_FIELDS]
        ],
        "more_lines": max(0, len(lines) - MOST_FIELDS),
        "drift": [
            {
                **one._asdict(),
                "values": values.get((one.kind, one.path), ()),
                "first": spoken.moment(one.first),
                "last": spoken.moment(one.last),
            }
            for one in found
        ],
        "flows": [{"target": f.target.label, "slug": f.slug, "policy": f.get_drift_display()} for f in flows],
        "key": f"{slug} {object_type}",
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "integrations/contract.html", context)


def load(slug: str, object_type: str) -> Endpoint:
    found = Endpoint.objects.select_related("customer").filter(slug=slug).first()
    if found is None or object_type not in OBJECT_TYPES:
        raise Http404
    return found


@requires("mappings.edit")
@require_POST
def take_in(request: HttpRequest, slug: str, object_type: str) -> HttpResponse:
    """A draft of the contract that allows what came; without a contract, a first one from what came."""
    endpoint = load(slug, object_type)
    subject = Subject(endpoint.customer_id, Kind.CONTRACT, f"{slug} {object_type}")
    _, live = drafts.live_content(subject)
    schema: dict[str, Any]
    if live is None:
        schema = infer(drift.newest(endpoint, object_type))
    else:
        schema = drift.taken_in(endpoint, object_type, live["schema"])
    if not schema:
        messages.warning(request, "No document of this type has come yet that could be read")
        return redirect(f"/endpoints/{slug}/contracts/{object_type}/")
    draft = drafts.begin(subject, author=request.user, content={"schema": schema})
    return redirect(change.edit_url(draft) if live is None else f"/changes/{draft.pk}/")
