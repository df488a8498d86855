"""What an endpoint's tables, or kinds of files, are published as: the list, and one with its history."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.domain import resource_calls, resources
from integrations.domain.resource_calls import Opened, UnfitRowError
from integrations.domain.resources import ResourceRefusedError
from integrations.models import Endpoint, Resource, ResourceHour
from integrations.resources.definition import DefinitionError
from integrations.resources.relations import RowRefusedError
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.errors import CrossdockError

SAMPLE = 5
_NUMBERS = frozenset({"integer", "decimal"})
MOST = 200
DAY_HOURS = 24
_SHAPES = {"draft": "waiting", "published": "good", "retired": "snoozed"}


def load_endpoint(slug: str) -> Endpoint:
    """The endpoint, if it is of a kind whose tables or files can be published."""
    found = Endpoint.objects.select_related("customer").filter(slug=slug).first()
    if found is None or not resources.can_have(found):
        raise Http404
    return found


def load(slug: str, resource: str) -> Resource:
    """One of its resources."""
    of = Resource.objects.select_related("endpoint__customer", "customer")
    found = of.filter(endpoint=load_endpoint(slug), slug=resource).first()
    if found is None:
        raise Http404
    return found


@requires("endpoints.view")
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    endpoint = load_endpoint(slug)
    found = endpoint.resources.all()[:MOST]
    context = {
        "endpoint": head(endpoint),
        "resources": [_row(one) for one in found],
        "nothing": f"No {what_of(endpoint)} of it is published yet. What is published is read, and rows in"
        " it are created, over the API; its changes are told as events.",
        "new_url": f"{url_of(endpoint)}new/" if may(request, "mappings.edit") else "",
    }
    return render(request, "integrations/resources.html", context)


def _row(one: Resource) -> dict[str, Any]:
    said = one.definition or one.draft or {}
    return {
        "label": one.label,
        "slug": one.slug,
        "url": f"{one.slug}/",
        "relation": said.get("relation", ""),
        "creates": "yes" if said.get("create") else "no",
        **_state(one),
        "at": spoken.moment(one.published_at),
    }


def _state(one: Resource) -> dict[str, str]:
    word = one.get_state_display()
    if one.state == Resource.State.PUBLISHED and one.draft is not None:
        word = f"{word}, with a draft"
    shape = "risk" if one.last_error else _SHAPES[one.state]
    return {"shape": shape, "word": word}


@requires("endpoints.view")
def resource(request: HttpRequest, slug: str, resource: str) -> HttpResponse:
    return page(request, load(slug, resource))


def page(request: HttpRequest, one: Resource, *, refused: tuple[str, ...] = ()) -> HttpResponse:
    """The page; `refused`: why something was not done."""
    address = request.build_absolute_uri(f"/api/v1/resources/{one.endpoint.slug}/")
    why_not = resources.why_not_published(one, request.user) if one.draft is not None else ""
    context = {
        "endpoint": head(one.endpoint),
        "resource": {"label": one.label, "slug": one.slug, **_state(one)},
        "edition": one.edition,
        "refused": refused,
        "address": f"{address}{one.slug}/" if one.definition else "",
        "openapi": f"{address}openapi.json" if one.definition else "",
        "tokens_url": "/tokens/" if may(request, "tokens.manage") else "",
        "facts": _facts(one),
        "fields": fields(one),
        "creates": _creates(one, one.draft or one.definition or {}),
        "draft": one.draft and {"by": one.author_name, "why_not": why_not},
        "may": {
            "edit": may(request, "mappings.edit"),
            "publish": one.draft is not None and not why_not and may(request, "changes.publish"),
            "retire": one.state == Resource.State.PUBLISHED and may(request, "changes.publish"),
        },
        "sample": _sample(request, one),
        "steps": [
            {"at": spoken.moment(s.at), "actor": s.actor, "verb": s.verb, "text": s.text}
            for s in one.steps.all()[:50]
        ],
        "rows": [
            {"at": spoken.moment(r.at), "actor": r.actor, "key": r.key, "token": r.token,
             "shape": "good" if r.outcome in ("made", "there") else "bad", "word": r.get_outcome_display()}
            for r in one.rows.all()[:20]
        ] if may(request, "payloads.view") else [],
    }  # fmt: skip
    status = 409 if refused else 200
    return render(request, "integrations/resource.html", context, status=status)


def head(endpoint: Endpoint) -> dict[str, str]:
    return {
        "label": endpoint.label, "customer": endpoint.customer.name,
        "url": f"/endpoints/{endpoint.slug}/", "resources_url": url_of(endpoint),
        "what": what_of(endpoint),
    }  # fmt: skip


def what_of(endpoint: Endpoint) -> str:
    """What is published of it, in words."""
    return "kind of file" if resources.has_files(endpoint) else "table or view"


def url_of(endpoint: Endpoint) -> str:
    return f"/endpoints/{endpoint.slug}/resources/"


def may(request: HttpRequest, permission: str) -> bool:
    return bool(request.user.may(permission))  # type: ignore[union-attr]


def _facts(one: Resource) -> list[dict[str, str]]:
    said = one.definition or one.draft or {}
    since = clock.now() - timedelta(hours=DAY_HOURS)
    hours = ResourceHour.objects.filter(resource=one, hour__gte=since)
    sums = hours.aggregate(*map(Sum, ("calls", "rows", "made", "failed")))
    rows = [
        (what_of(one.endpoint).capitalize(), str(said.get("relation", ""))),
        ("Calls in 24 h", f"{sums['calls__sum'] or 0}, {sums['failed__sum'] or 0} failed"),
        ("Rows told", str(sums["rows__sum"] or 0)),
        ("Rows made", str(sums["made__sum"] or 0)),
        ("Changes", _followed(one)),
    ]
    if resources.has_files(one.endpoint) and one.definition:
        rows.insert(1, ("File", one.cursor.get("file") or "none has come yet"))
    if one.published_at:
        rows.append(("Published", f"{spoken.moment(one.published_at)} by {one.published_by}"))
    if one.retired_at:
        rows.append(("Retired", spoken.moment(one.retired_at)))
    return [{"label": label, "value": value} for label, value in rows]


def _followed(one: Resource) -> str:
    if one.due_at is None:
        return "not told"
    if one.last_error and resources.has_files(one.endpoint):
        return f"of the file before: the newest is not taken. {one.last_error}"
    if one.last_error:
        return f"not seen, {one.failures} times in a row: {one.last_error}"
    return "told as resource.changed"


def fields(one: Resource) -> list[dict[str, Any]]:
    """The fields of what is published and of the draft, with what becomes of each."""
    now = {f["name"]: f for f in (one.definition or {}).get("fields", ())}
    then = {f["name"]: f for f in (one.draft or {}).get("fields", ())}
    keys = (one.draft or one.definition or {}).get("key", ())
    found = []
    for name in dict.fromkeys([*now, *then]):
        said = then.get(name) or now[name]
        found.append({**said, "is_key": name in keys, "becomes": _becomes(one, name, now, then)})
    return found


def _becomes(one: Resource, name: str, now: dict[str, Any], then: dict[str, Any]) -> str:
    if one.draft is None or one.definition is None or now.get(name) == then.get(name):
        return ""
    if name not in then:
        return "goes"
    return "changes" if name in now else "new"


def _creates(one: Resource, said: dict[str, Any]) -> dict[str, Any] | None:
    create = said.get("create")
    if not create:
        return None
    if resources.has_files(one.endpoint):
        how = "a file of that row in the folder for our files"
    else:
        how = create.get("procedure") or f"an insert into {said['relation']}"
    return {"how": how, "fields": create["fields"], "once_by": ", ".join(create["once_by"])}


def _sample(request: HttpRequest, one: Resource) -> dict[str, Any] | None:
    """The first rows as callers see them, when somebody asks who may see documents."""
    if one.definition is None:
        return None
    if not may(request, "payloads.view"):
        return {"hidden": "What rows say is for those who may see documents."}
    if "sample" not in request.GET:
        return {"url": "?sample#sample"}
    try:
        found = resource_calls.sample(Opened(one), most=SAMPLE)
    except (CrossdockError, RowRefusedError, UnfitRowError) as error:
        return {"refused": f"{error}"}
    columns = [(field["name"], field["type"] in _NUMBERS) for field in one.definition["fields"]]
    return {
        "columns": columns,
        "rows": [[(name, row[name], is_number) for name, is_number in columns] for row in found],
    }


@requires("changes.publish")
@require_POST
def publish(request: HttpRequest, slug: str, resource: str) -> HttpResponse:
    """Let the draft that was read hold for callers."""
    one = load(slug, resource)
    edition = request.POST.get("edition", "")
    try:
        read = int(edition) if edition.isdecimal() and len(edition) < 10 else 0
        resources.publish(one.pk, actor=request.user, edition=read)
    except DefinitionError as error:
        return page(request, load(slug, resource), refused=error.faults)
    except (ResourceRefusedError, CrossdockError) as error:
        return page(request, load(slug, resource), refused=(str(error),))
    messages.success(request, f"{one.label} answers from now on as it was written")
    return redirect(f"/endpoints/{slug}/resources/{resource}/")


@requires("changes.publish")
def retire(request: HttpRequest, slug: str, resource: str) -> HttpResponse:
    """Ask, then answer nobody any more."""
    one = load(slug, resource)
    back = f"/endpoints/{slug}/resources/{resource}/"
    if request.method == "POST":
        try:
            resources.retire(one.pk, actor=request.user.name)  # type: ignore[union-attr]
        except ResourceRefusedError as error:
            return page(request, load(slug, resource), refused=(str(error),))
        messages.success(request, f"{one.label} answers nobody any more")
        return redirect(back)
    context = {
        "crumbs": [{"label": one.endpoint.label, "url": url_of(one.endpoint)},
                   {"label": one.label, "url": back}],
        "question": f"Retire {one.label}?",
        "danger_text": "Callers get 404 from the next call on, and changes are not told. What it said"
        " becomes a draft, to be published again.",
        "verb": "Retire",
        "back_url": back,
    }  # fmt: skip
    return render(request, "asks_first.html", context)
