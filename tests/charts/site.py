"""The gallery as a page of its own: our templates, our static files, our content policy, no database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.template import engines
from whitenoise.middleware import WhiteNoiseMiddleware

from portal.pages.middleware import BrowserRules
from portal.tenants.colour import derive, stylesheet
from tests.charts import gallery

PAGE = """{% extends "base.html" %}{% load charts %}
{% block title %}Gallery{% endblock %}
{% block scripts %}{% chart_scripts %}{% endblock %}
{% block body_class %}portal{% endblock %}
{% block body %}<main class="portal-page" id="work" tabindex="-1"><h1>Gallery</h1>
{% for chart in charts %}{% include "components/chart.html" with level="h2" %}{% endfor %}
<h2>Whose time</h2>{% include "components/proportion.html" with title="Whose time" %}
<h2>Weeks</h2>{% include "components/spark.html" %}
<h2>Flows</h2>{% include "components/flow_graph.html" with title="Flows" %}
<h2>Trace</h2>{% include "components/waterfall.html" with title="Order 1009" %}</main>{% endblock %}"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def _page(request: HttpRequest) -> HttpResponse:
    if request.path == "/brand.css":
        css = stylesheet(derive(request.GET.get("colour", "#0e5a68")))
        return HttpResponse(css, content_type="text/css")
    context = {
        **gallery.context(),
        "brand": {"name": "Kestrel", "initial": "K"},
        "theme": request.COOKIES.get("theme", "system"),
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context))


def application() -> Any:
    handler = WhiteNoiseMiddleware(BrowserRules(_page))

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        response = handler(WSGIRequest(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        body = b"".join(response)
        request_finished.disconnect(close_old_connections)  # there is no database here
        response.close()
        request_finished.connect(close_old_connections)
        return [body]

    return app


@contextmanager
def running() -> Iterator[str]:
    """The address the page has meanwhile."""
    with make_server("127.0.0.1", 0, application(), handler_class=_Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
