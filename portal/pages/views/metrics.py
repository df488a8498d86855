"""Where Prometheus asks: on the platform's own host, with a token, and nowhere while there is none."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.pages import metrics as figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@requires(OPEN_TO_ALL)
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of all partners, for whoever has the token of the installation."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        refused = "Give the token of the installation: Authorization: Bearer …\n"
        answer = HttpResponse(refused, status=401, content_type="text/plain; charset=utf-8")
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    return HttpResponse(figures.page(), content_type=CONTENT_TYPE)
