"""Panels: parts of a page that renew themselves while somebody looks at them.

A page shows its panels whole, so that it works without scripts. `static/js/panels.js` asks for each one
that can be seen every three seconds; what has not changed since is answered with nothing.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe


class Panel(NamedTuple):
    """`context` asks the database, in few queries, and gives what `template` shows. The template gets
    nothing else: no request, no person, no token of a form. `title` is text, which may be translated when
    it is shown; blank where the tables say it."""

    title: Any
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]


Panels = Mapping[str, Panel]


def shown(request: HttpRequest, panels: Panels, *, base: str) -> list[dict[str, Any]]:
    """Every panel as `components/panel.html` takes it: {id, title, url, html}. `base` ends with a slash,
    and has each panel under its slug."""
    return [_shown(request, slug, panel, base=base) for slug, panel in panels.items()]


def answer(request: HttpRequest, panels: Panels, slug: str, *, base: str) -> HttpResponse:
    """One panel again, or 204 where it is as `had` in the address says. 404 for a slug of none."""
    if slug not in panels:
        raise Http404
    made = _shown(request, slug, panels[slug], base=base)
    if request.GET.get("had") == made["mark"]:
        return HttpResponse(status=204)
    return HttpResponse(render_to_string("components/panel.html", {"panel": made}))


def _shown(request: HttpRequest, slug: str, panel: Panel, *, base: str) -> dict[str, Any]:
    html = render_to_string(panel.template, panel.context(request))
    mark = hashlib.sha256(html.encode()).hexdigest()[:16]
    chosen = [(name, str(value)) for name, value in request.GET.items() if name != "had"]
    query = urlencode([*chosen, ("had", mark)])
    return {
        "id": f"panel-{slug}",
        "title": str(panel.title),
        "url": f"{base}{slug}/?{query}",
        "mark": mark,
        "html": _safe(html),
    }


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  rendered from our own template a line above
