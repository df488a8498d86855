"""Writing a resource: which table and how rows are made, then the columns with ticks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.domain import resources
from integrations.domain.resources import ResourceRefusedError
from integrations.models import Endpoint, Resource
from integrations.resources.definition import DefinitionError
from integrations.resources.relations import Procedure, Relation
from integrations.views.resource_form import INSERT, ResourceForm
from integrations.views.resources import head, load, load_endpoint, url_of
from portal.accounts.rules import requires
from portal.core.errors import CrossdockError


@requires("mappings.edit")
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a table, view or kind of file first; its columns stand on the page behind."""
    endpoint = load_endpoint(slug)
    name, creates = _asked(request, "relation"), _asked(request, "creates")
    try:
        if not name:
            return _choose(request, endpoint)
        relation, procedure = _found(endpoint, name, creates)
    except CrossdockError as error:
        return _away(request, endpoint, error)
    form = ResourceForm(
        request.POST or None, relation=relation, creates=creates, procedure=procedure
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _begin(endpoint, form, request.user)
        except CrossdockError as error:
            return _away(request, endpoint, error)
        if made:
            messages.success(request, f"{made.label} is written. Somebody publishes it next")
            return redirect(f"{url_of(endpoint)}{made.slug}/")
    return _page(request, endpoint, form, title=f"Publish {relation.name}", back=url_of(endpoint))


@requires("mappings.edit")
def edit(request: HttpRequest, slug: str, resource: str) -> HttpResponse:
    """Write the draft; what is published stays as it is."""
    one = load(slug, resource)
    said = one.draft or one.definition or {}
    create = said.get("create")
    creates = (create.get("procedure") or INSERT) if create else ""
    back = f"{url_of(one.endpoint)}{one.slug}/"
    try:
        relation, procedure = _found(one.endpoint, said["relation"], creates)
    except CrossdockError as error:
        return _away(request, one.endpoint, error)
    form = ResourceForm(
        request.POST or None, relation=relation, creates=creates, procedure=procedure, draft=said,
        label=one.label, slug=one.slug,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(one, form, request)
        except CrossdockError as error:
            return _away(request, one.endpoint, error)
        if saved:
            messages.success(request, f"The draft of {one.label} is kept")
            return redirect(back)
    title = f"Change {one.label}"
    return _page(request, one.endpoint, form, title=title, back=back, edition=one.edition)


def _asked(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "")[:200]


def _found(endpoint: Endpoint, name: str, creates: str) -> tuple[Relation, Procedure | None]:
    """404 for a table or procedure that the login does not see."""
    client = resources.client_of(endpoint)
    relation = client.relation(name)
    procedure = None
    if creates not in ("", INSERT):
        procedure = next((one for one in client.procedures() if one.name == creates), None)
        if procedure is None:
            raise Http404
    if relation is None:
        raise Http404
    return relation, procedure


def _begin(endpoint: Endpoint, form: ResourceForm, author: Any) -> Resource | None:
    given = form.cleaned_data
    draft = _checked(endpoint, form)
    if draft is None:
        return None
    try:
        return resources.begin(
            endpoint, slug=given["slug"], label=given["label"], draft=draft, author=author
        )
    except ResourceRefusedError as error:
        form.add_error("slug", str(error))
        return None


def _save(one: Resource, form: ResourceForm, request: HttpRequest) -> Resource | None:
    draft, edition = _checked(one.endpoint, form), request.POST.get("edition", "")
    if draft is None:
        return None
    try:
        read = int(edition) if edition.isdecimal() and len(edition) < 10 else 0
        return resources.save(
            one.pk, draft, label=form.cleaned_data["label"], edition=read, author=request.user
        )
    except ResourceRefusedError as error:
        form.add_error(None, str(error))
        return None


def _checked(endpoint: Endpoint, form: ResourceForm) -> dict[str, Any] | None:
    """The definition, looked at beside the database; None where the form says what is wrong."""
    try:
        draft = form.definition()
        resources.checked(endpoint, draft)
    except DefinitionError as error:
        for fault in error.faults:
            form.add_error(None, fault)
        return None
    except ResourceRefusedError as error:
        form.add_error(None, str(error))
        return None
    return draft


def _choose(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    client, has_files = resources.client_of(endpoint), resources.has_files(endpoint)
    insert = (
        "by a file of each row, where they look" if has_files else "by an insert into the table"
    )
    context = {
        "endpoint": head(endpoint),
        "has_files": has_files,
        "relations": [{"name": one.name, "kind": _kind(one)} for one in client.relations()],
        "creates": [
            {"value": "", "label": "not at all: it is only read"},
            {"value": INSERT, "label": insert},
            *(
                {"value": p.name, "label": f"by the procedure {p.name}"}
                for p in client.procedures()
            ),
        ],
    }
    return render(request, "integrations/resource_choose.html", context)


def _kind(one: Relation) -> str:
    if one.is_file:
        return "file"
    return "view" if one.is_view else "table"


def _away(request: HttpRequest, endpoint: Endpoint, error: CrossdockError) -> HttpResponse:
    context = {"endpoint": head(endpoint), "away": str(error)}
    return render(request, "integrations/resource_choose.html", context, status=503)


def _page(
    request: HttpRequest, endpoint: Endpoint, form: ResourceForm, *, title: str, back: str,
    edition: int = 0,
) -> HttpResponse:  # fmt: skip
    context = {
        "endpoint": head(endpoint), "form": form, "title": title, "back_url": back,
        "edition": edition, "relation": form.relation.name, "creates": form.creates,
        "types": {one.column: one.types for one in form.shown},
    }  # fmt: skip
    return render(
        request, "integrations/resource_edit.html", context, status=422 if form.errors else 200
    )
