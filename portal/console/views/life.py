"""What is done with a partner: suspended, archived, exported, deleted. Each asks first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import requires
from portal.console.domain import deleting, exporting
from portal.console.forms import DeleteForm, ReasonForm
from portal.console.models import Export
from portal.console.views import words
from portal.console.views.partners import found
from portal.tenants import life
from portal.tenants.life import NotNowError
from portal.tenants.models import Partner, PartnerEvent


@requires("platform.life")
def turn(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """Suspend, open again, archive or bring back, with a reason."""
    step = verb.replace("-", "_")
    if step not in words.VERBS:
        raise Http404
    one = found(slug)
    label, text, afterwards = words.VERBS[step]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            life.turn(one, step, actor=_who(request), reason=form.cleaned_data["reason"])
        except NotNowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{one.name} {afterwards}")
        return redirect("partner", slug=slug)
    return _ask(request, one, form, question=f"{label} {one.name}?", verb=label, text=text)


@requires("platform.life")
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """For good. Only an archived one, with an export, and its name typed."""
    one = found(slug)
    if why := deleting.hinders(one):
        messages.error(request, why)
        return redirect("partner", slug=slug)
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            deleting.delete(one, typed=given["typed"], actor=_who(request), reason=given["reason"])
        except NotNowError as error:
            form.add_error("typed", str(error))
        else:
            messages.success(request, f"{one.name} is deleted. Its bills and its history stay")
            return redirect("partner", slug=slug)
    text = (
        "Its schema is dropped with everything in it: people, customers, documents, invoices to its"
        " customers. Its domains, brand and mail server go with it. The platform’s bills to it, its"
        " history here and the export stay. Nobody can undo this."
    )
    return _ask(
        request, one, form, question=f"Delete {one.name} for good?", verb="Delete", text=text,
        is_final=True,
    )  # fmt: skip


def _ask(
    request: HttpRequest, one: Partner, form: ReasonForm, *, question: str, verb: str, text: str,
    is_final: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "is_final": is_final,
        "question": question,
        "verb": verb,
        "danger_text": text,
        "form": form,
        "back_url": f"/partners/{one.slug}/",
        "crumbs": [
            {"label": "Partners", "url": "/partners/"},
            {"label": one.name, "url": f"/partners/{one.slug}/"},
        ],
    }
    return render(request, "asks_first.html", context, status=422 if form.errors else 200)


@requires("platform.life")
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    one = found(slug)
    try:
        exporting.begin(one, actor=_who(request))
    except exporting.NotExportedError as error:
        messages.error(request, str(error))
    return redirect("partner", slug=slug)


@requires("platform.life")
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar, as long as it is being written; then the page is loaded anew."""
    shown = words.progress(_export(pk))
    if shown is None:
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "webhooks/progress.html", {"progress": shown})


@requires("platform.life")
@require_safe
def download(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The file itself. Who took it stands in the partner's history."""
    one = _export(pk)
    if one.state != Export.State.DONE or not exporting.path_of(one).exists():
        raise Http404
    life.note(
        one.partner, PartnerEvent.What.DOWNLOADED, actor=_who(request), reason=one.file_name
    )  # fmt: skip
    response = StreamingHttpResponse(exporting.pieces(one), content_type="application/x-tar")
    response["Content-Disposition"] = f'attachment; filename="{one.file_name}"'
    response["Content-Length"] = str(one.size)
    return response


@requires("platform.life")
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    one = _export(pk)
    if one.state == Export.State.DONE:
        exporting.remove(one)
        messages.success(request, "The file is removed")
    return redirect("partner", slug=one.partner.slug)


def _export(pk: int) -> Export:
    return get_object_or_404(Export.objects.select_related("partner"), pk=pk)


def _who(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)
