"""What moved today, what waits, what is late; then the customers, worst first."""

from datetime import datetime
from functools import reduce
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.queries import traffic
from integrations.queries.traffic import Moved
from integrations.queries.windows import outward
from integrations.views import spoken
from integrations.views.endpoint_words import object_words
from integrations.views.filters import Whose, whose_filter
from portal.accounts.rules import requires
from portal.core import clock, manner, panels
from portal.core.manner import number
from portal.core.panels import Panel
from portal.pages.views import new_customer, overview_customers, overview_words

BASE = "/overview/"
NOBODY = "Nobody is in this group yet."
ORDER = ("order", "shipment", "inventory", "availability", "return", "invoice", "product")
MovedBy = dict[tuple[int, str], Moved]


def _customers(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    midnight, moved = _midnight(now), _today(request)
    whose = _whose(request)
    rows, cases = overview_customers.rows(request, moved, whose, now=now, midnight=midnight)
    orders = sum(row["orders"] for row in rows)
    return {
        "sentences": overview_words.sentences(
            request, moved, cases, whose, orders=orders, midnight=midnight
        ),
        "customers": rows,
        "saved": overview_words.saved(rows),
        "may_see_promises": request.user.may("promises.view"),  # type: ignore[union-attr]
        "may_see_margins": request.user.may("money.view"),  # type: ignore[union-attr]
        "empty": None if rows else _empty(request, whose),
    }


def _empty(request: HttpRequest, whose: Whose) -> dict[str, Any]:
    return {"text": NOBODY, "action": None} if whose else new_customer.begin(request.user)


def _documents(request: HttpRequest) -> dict[str, Any]:
    moved = _today(request)
    return {
        "moved": _moved(moved),
        "still": None if moved else _still(request),
        "late_after": spoken.span(traffic.LATE_AFTER),
    }


def _today(request: HttpRequest) -> MovedBy:
    """What moved since midnight: asked once for both parts of the page."""
    if not hasattr(request, "_moved_today"):
        now, ids = clock.now(), _whose(request).ids()
        moved = traffic.moved(outward(_midnight(now), now))
        if ids is not None:
            moved = {key: one for key, one in moved.items() if key[0] in ids}
        request._moved_today = moved  # type: ignore[attr-defined]
    return request._moved_today  # type: ignore[attr-defined, no-any-return]


def _whose(request: HttpRequest) -> Whose:
    """Of whom the page tells: asked for once."""
    return _filter(request)[1]


def _filter(request: HttpRequest) -> tuple[dict[str, Any], Whose]:
    if not hasattr(request, "_overview_whose"):
        request._overview_whose = whose_filter(request)  # type: ignore[attr-defined]
    return request._overview_whose  # type: ignore[attr-defined, no-any-return]


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _still(request: HttpRequest) -> dict[str, Any]:
    """Instead of the documents, on a day without any: where to look whether they can come."""
    may_look = request.user.may("endpoints.view")  # type: ignore[union-attr]
    action = {"label": "See what is connected", "url": "/endpoints/"} if may_look else None
    return {"text": "No document has moved today.", "action": action}


def _moved(moved: MovedBy) -> list[dict[str, Any]]:
    """One row per object type, all customers together; types nobody uses are left out."""
    sums: dict[str, Moved] = {}
    for (_, object_type), one in moved.items():
        sums[object_type] = reduce(Moved.plus, [sums.get(object_type, Moved()), one])
    ranked = sorted(sums, key=lambda t: (ORDER.index(t) if t in ORDER else len(ORDER), t))
    return [
        {
            "label": "Stock to shops" if t == "availability" else object_words(t),
            "url": "/orders/" if t == "order" else "",
            "received": number(sums[t].received),
            "delivered": number(sums[t].delivered),
            "waiting": number(sums[t].waiting),
            "oldest": spoken.age(sums[t].oldest) or "none",
            "held": number(sums[t].held),
            "late": sums[t].late,
        }
        for t in ranked
    ]


PANELS = {
    "customers": Panel("", "integrations/overview/customers.html", _customers),
    "documents": Panel("", "integrations/overview/documents.html", _documents),
}


@requires("overview.view")
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime(clock.now())
    context = {
        "day": f"{manner.weekday(now)} {spoken.day(now.date())}, {manner.time(now)} {now.tzname()}",
        "panels": panels.shown(request, PANELS, base=BASE),
        "filters": [_filter(request)[0]],
        "clear_url": request.path if _whose(request) else "",
    }
    return render(request, "integrations/overview.html", context)


@requires("overview.view")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel again, or nothing where it has not changed."""
    return panels.answer(request, PANELS, slug, base=BASE)
