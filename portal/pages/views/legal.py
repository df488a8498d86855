"""What the law asks a partner to say: open to everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.pages.brand_shown import LEGAL
from portal.tenants import prose


@requires(OPEN_TO_ALL)
def legal(request: HttpRequest, name: str) -> HttpResponse:
    """Imprint, privacy or terms; 404 where the partner wrote none."""
    text = getattr(request.brand.legal, name, "") if name in LEGAL else ""  # type: ignore[attr-defined]
    if not text:
        raise Http404
    return render(request, "legal.html", {"title": LEGAL[name], "parts": prose.parts(text)})
