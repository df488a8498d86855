"""The frame of a person's own pages, on every side of the house."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def shown(
    request: HttpRequest, part: str, *, title: str, status: int = 200, **facts: Any
) -> HttpResponse:
    """A page that shows `accounts/<part>_part.html`, with the way back to whatever it is a part of."""
    context = {
        "part": f"accounts/{part}_part.html",
        "title": title,
        "back": _back(request),
        **facts,
    }
    return render(request, "accounts/page.html", context, status=status)


def _back(request: HttpRequest) -> dict[str, str] | None:
    security = reverse("security")
    if request.path != security:
        return {"label": _("Security"), "url": security}
    if request.lacks_second_step:  # type: ignore[attr-defined]
        return None
    return {"label": _("Your settings"), "url": "/you/"}
