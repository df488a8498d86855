"""What a person sees when a request fails: in the site's brand, without asking the database."""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from portal.core.ids import short, uuid7
from portal.pages import context

log = structlog.get_logger()


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: an old tab, or another site's doing."""
    return _page(request, 403, reason="The page was open for too long. Load it again and repeat.")


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault; the reference leads from what the person tells us to the log."""
    reference = short(uuid7())
    log.error("page failed", reference=reference, path=request.path, method=request.method)
    return _page(request, 500, reference=reference)


def _page(request: HttpRequest, status: int, **facts: Any) -> HttpResponse:
    shown = context.plain(request) if hasattr(request, "tenant") else {}
    return HttpResponse(
        render_to_string(f"errors/{status}.html", {**shown, **facts}), status=status
    )
