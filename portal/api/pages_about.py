"""Pages about the API: its description, as data and to try out, and what its errors mean."""

import json
from functools import cache
from typing import Any, Final

import yaml
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.api import etags
from portal.api import schema as schemas
from portal.core import problem_json

_JSON: Final = "application/vnd.oai.openapi+json"
_YAML: Final = "application/vnd.oai.openapi"


@requires(OPEN_TO_ALL)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON, or as YAML with `?format=yaml` or an Accept that names it. It says what there is
    and nothing of what anybody has."""
    accepted = request.headers.get("Accept", "")
    wants_yaml = request.GET.get("format") == "yaml" or "yaml" in accepted
    body, kind = (as_yaml(), _YAML) if wants_yaml else (_as_json(), _JSON)
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["ETag"] = etags.of_bytes(body)
    response["Vary"] = "Accept"
    return response


@cache
def _as_json() -> bytes:
    return json.dumps(_document(), separators=(",", ":")).encode()


@cache
def as_yaml() -> bytes:
    """The document as docs/openapi.yaml keeps it."""
    text: str = yaml.safe_dump(
        json.loads(json.dumps(_document())), sort_keys=False, allow_unicode=True, width=100
    )
    return text.encode()


@cache
def _document() -> dict[str, Any]:
    return schemas.document()


@requires(OPEN_TO_ALL)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, to read and to try."""
    return render(request, "api/docs.html")


@requires(OPEN_TO_ALL)
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every kind of error there is."""
    found = [_shown(slug) for slug in problem_json.KINDS]
    return render(request, "api/problems.html", {"problems": found, "one": False})


@requires(OPEN_TO_ALL)
@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """What one kind of error means: the address in its `type`."""
    if slug not in problem_json.KINDS:
        raise Http404
    return render(request, "api/problems.html", {"problems": [_shown(slug)], "one": True})


def _shown(slug: str) -> dict[str, Any]:
    return {"slug": slug, **problem_json.KINDS[slug]._asdict()}
