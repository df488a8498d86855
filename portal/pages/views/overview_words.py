"""What the overview says in sentences: what is late, what waits, what came, each with what changed."""

from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from integrations.models import Endpoint
from integrations.queries import volumes
from integrations.queries.traffic import Moved
from integrations.queries.windows import outward
from integrations.views import spoken
from integrations.views.filters import Whose
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.core.manner import number
from portal.pages.views.overview_customers import Cases

DAY = timedelta(days=1)
_ENOUGH = 10  # orders yesterday, before a percentage says anything


def sentences(
    request: HttpRequest,
    moved: dict[tuple[int, str], Moved],
    cases: dict[int, Cases],
    whose: Whose,
    *,
    orders: int,
    midnight: datetime,
) -> list[dict[str, Any]]:
    """Three of them: {shape, text, link}."""
    total = reduce(Moved.plus, moved.values(), Moved())
    than = _than_yesterday(moved, whose, midnight=midnight)
    return [
        _late(total, whose),
        _waits(request, total, cases, whose),
        _orders(moved, orders, than=than),
    ]


def _late(total: Moved, whose: Whose) -> dict[str, Any]:
    down = whose.of(Endpoint.objects.filter(breaker__state__state="open"))
    names = ", ".join(down.values_list("label", flat=True)[:3])
    link = {"label": "Endpoints", "url": "/endpoints/"} if names else None
    if not total.late:
        if names:
            return {"shape": "bad", "text": f"{names}: no connection.", "link": link}
        return {"shape": "good", "text": "Nothing is late."}
    text = f"{spoken.counted(total.late, 'document is', 'documents are')} late"
    why = f", because {names} cannot be reached." if names else "."
    return {"shape": "bad", "text": text + why, "link": link}


def _waits(
    request: HttpRequest, total: Moved, cases: dict[int, Cases], whose: Whose
) -> dict[str, Any]:
    count = sum(one.open for one in cases.values())
    if not count:
        return {"shape": "good", "text": "Nothing is held." + _changed(whose), "link": None}
    desk = {"label": "Open the desk", "url": "/desk/"}
    held = spoken.counted(total.held, "document")
    text = f"{spoken.counted(count, 'case')} open, {held} held." + _changed(whose)
    may_work = request.user.may("desk.view")  # type: ignore[union-attr]
    return {"shape": "risk", "text": text, "link": desk if may_work else None}


def _changed(whose: Whose) -> str:
    """What opened and what was closed within a day; blank where nothing did."""
    since = clock.now() - DAY
    in_a_day = Q(closed_at=None, opened_at__gte=since) | Q(closed_at__gte=since)
    found = whose.of(ExceptionCase.objects.filter(in_a_day))
    told = found.aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=since)),
        closed=Count("pk", filter=Q(closed_at__gte=since)),
    )
    if not any(told.values()):
        return ""
    return f" In 24 h {number(told['opened'])} opened and {number(told['closed'])} were closed."


def _orders(moved: dict[tuple[int, str], Moved], count: int, *, than: str) -> dict[str, Any]:
    of_orders = [one for (_, object_type), one in moved.items() if object_type == "order"]
    if not count:
        return {"shape": "", "text": "No order has come since midnight." + than}
    sent = sum(one.delivered for one in of_orders)
    came = spoken.counted(count, "order has come", "orders have come")
    went = spoken.counted(sent, "delivery", "deliveries")
    return {"shape": "", "text": f"{came} since midnight, {went} took effect.{than}"}


def _than_yesterday(
    moved: dict[tuple[int, str], Moved], whose: Whose, *, midnight: datetime
) -> str:
    """How many order documents came, beside those up to this time of yesterday."""
    today = sum(one.came for (_, object_type), one in moved.items() if object_type == "order")
    yesterday = outward(midnight - DAY, clock.now() - DAY)
    ids = whose.ids()
    only: dict[str, Any] = {} if ids is None else {"customer_id": ids}
    before = volumes.total(yesterday, object_type="order", direction="in", **only).received
    if before < _ENOUGH:
        return ""
    if today == before:
        return " As many documents of orders as by this time yesterday."
    more = "more" if today > before else "fewer"
    share = abs(today - before) / before
    return f" {share:.0%} {more} documents of orders than by this time yesterday.".replace(
        "%", " %"
    )


def saved(customers: list[dict[str, Any]]) -> str:
    """What rules did in 28 days; blank where they did nothing."""
    times = sum(row["by_rules"] for row in customers)
    if not times:
        return ""
    length = spoken.span(timedelta(minutes=sum(row["saved_minutes"] for row in customers)))
    resolved = spoken.counted(times, "case")
    return f"In 28 days rules resolved {resolved}: about {length} of people's time."
