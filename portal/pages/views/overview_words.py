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
    *,
    orders: int,
    midnight: datetime,
) -> list[dict[str, Any]]:
    """Three of them: {shape, text, link}."""
    total = reduce(Moved.plus, moved.values(), Moved())
    return [_late(total), _waits(request, total, cases), _orders(moved, orders, midnight=midnight)]


def _late(total: Moved) -> dict[str, Any]:
    down = Endpoint.objects.filter(breaker__state__state="open").values_list("label", flat=True)
    names = ", ".join(down[:3])
    link = {"label": "Endpoints", "url": "/endpoints/"} if names else None
    if not total.late:
        if names:
            return {"shape": "bad", "text": f"{names}: no connection.", "link": link}
        return {"shape": "good", "text": "Nothing is late."}
    text = f"{spoken.counted(total.late, 'document is', 'documents are')} late"
    why = f", because {names} cannot be reached." if names else "."
    return {"shape": "bad", "text": text + why, "link": link}


def _waits(request: HttpRequest, total: Moved, cases: dict[int, Cases]) -> dict[str, Any]:
    count = sum(one.open for one in cases.values())
    if not count:
        return {"shape": "good", "text": "Nothing is held." + _changed(), "link": None}
    desk = {"label": "Open the desk", "url": "/desk/"}
    held = spoken.counted(total.held, "document")
    text = f"{spoken.counted(count, 'case')} open, {held} held." + _changed()
    may_work = request.user.may("desk.view")  # type: ignore[union-attr]
    return {"shape": "risk", "text": text, "link": desk if may_work else None}


def _changed() -> str:
    """What opened and what was closed within a day; blank where nothing did."""
    since = clock.now() - DAY
    found = ExceptionCase.objects.filter(
        Q(closed_at=None, opened_at__gte=since) | Q(closed_at__gte=since)
    )
    told = found.aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=since)),
        closed=Count("pk", filter=Q(closed_at__gte=since)),
    )
    if not any(told.values()):
        return ""
    return f" In 24 h {number(told['opened'])} opened and {number(told['closed'])} were closed."


def _orders(
    moved: dict[tuple[int, str], Moved], count: int, *, midnight: datetime
) -> dict[str, Any]:
    of_orders = [one for (_, object_type), one in moved.items() if object_type == "order"]
    than = _than_yesterday(sum(one.came for one in of_orders), midnight=midnight)
    if not count:
        return {"shape": "", "text": "No order has come since midnight." + than}
    sent = sum(one.delivered for one in of_orders)
    came = spoken.counted(count, "order has come", "orders have come")
    went = spoken.counted(sent, "delivery", "deliveries")
    return {"shape": "", "text": f"{came} since midnight, {went} took effect.{than}"}


def _than_yesterday(today: int, *, midnight: datetime) -> str:
    """How many order documents came, beside those up to this time of yesterday."""
    yesterday = outward(midnight - DAY, clock.now() - DAY)
    before = volumes.total(yesterday, object_type="order", direction="in").received
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
