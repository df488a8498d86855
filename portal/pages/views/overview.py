"""What moved today, what waits, what is late; then the customers, worst first."""

from datetime import datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.models import Endpoint
from integrations.queries import traffic
from integrations.queries.traffic import Moved
from integrations.views import spoken
from integrations.views.endpoint_words import object_words
from monitoring.models import ExceptionCase
from monitoring.queries import risk
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer

NO_CUSTOMER = (
    "No customer yet. Describe the first one in a configuration file, with its systems and flows,"
    " and have it loaded: manage.py apply."
)
ORDER = ("order", "shipment", "inventory", "availability", "return", "invoice", "product")


class Cases(NamedTuple):
    """A customer's open cases: how many, the worst of them, what is at risk."""

    open: int = 0
    severity: int = 9
    worst: str = ""
    at_risk: str = "none"


@requires("overview.view")
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime(clock.now())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moved, cases = traffic.moved(midnight), _cases()
    day_ago = _hour(clock.now()) - timedelta(hours=23)
    hourly = traffic.new_orders(min(day_ago, midnight))
    rows = _customers(request, moved, cases, hourly=hourly, midnight=midnight)
    context = {
        "day": f"{now:%a} {now.day} {now:%b}, {now:%H:%M} {now.tzname()}",
        "sentences": _sentences(request, moved, cases, orders=sum(row["orders"] for row in rows)),
        "moved": _moved(moved),
        "customers": rows,
        "empty": None if rows else {"text": NO_CUSTOMER, "action": None},
        "still": None if moved else _still(request),
        "late_after": spoken.span(traffic.LATE_AFTER),
    }
    return render(request, "integrations/overview.html", context)


def _still(request: HttpRequest) -> dict[str, Any]:
    """Instead of the documents, on a day without any: where to look whether they can come."""
    may_look = request.user.may("endpoints.view")  # type: ignore[union-attr]
    action = {"label": "See what is connected", "url": "/endpoints/"} if may_look else None
    return {"text": "No document has moved today.", "action": action}


def _cases() -> dict[int, Cases]:
    found: dict[int, Cases] = {}
    rows = (
        ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES)
        .values_list("customer_id")
        .annotate(n=Count("pk"), severity=Min("severity"))
        .order_by("customer_id")
    )
    worst, at_risk = _worst(), risk.by_customer()
    for customer_id, count, severity in rows:
        money = [spoken.money(a, currency) for currency, a in at_risk[customer_id] if currency]
        found[customer_id] = Cases(
            count, severity, worst.get(customer_id, ""), " + ".join(money) or "none"
        )
    return found


def _worst() -> dict[int, str]:
    """The title of each customer's worst open case."""
    rows = (
        ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES)
        .order_by("customer_id", "severity", "-at_risk", "opened_at")
        .distinct("customer_id")
    )
    return dict(rows.values_list("customer_id", "title"))


def _moved(moved: dict[tuple[int, str], Moved]) -> list[dict[str, Any]]:
    """One row per object type, all customers together; types nobody uses are left out."""
    sums: dict[str, Moved] = {}
    for (_, object_type), one in moved.items():
        sums[object_type] = sums.get(object_type, Moved()).plus(one)
    ranked = sorted(sums, key=lambda t: (ORDER.index(t) if t in ORDER else len(ORDER), t))
    return [
        {
            "label": "Stock to shops" if t == "availability" else object_words(t),
            "url": "/orders/" if t == "order" else "",
            "received": f"{sums[t].received:,}",
            "delivered": f"{sums[t].delivered:,}",
            "waiting": f"{sums[t].waiting:,}",
            "oldest": spoken.age(sums[t].oldest) or "none",
            "held": f"{sums[t].held:,}",
            "late": sums[t].late,
        }
        for t in ranked
    ]


def _sentences(
    request: HttpRequest,
    moved: dict[tuple[int, str], Moved],
    cases: dict[int, Cases],
    *,
    orders: int,
) -> list[dict[str, Any]]:
    """What is late, what waits for a person, what moved."""
    total = reduce(Moved.plus, moved.values(), Moved())
    open_cases = sum(one.open for one in cases.values())
    desk = {"label": "Open the desk", "url": "/desk/"}
    link = desk if open_cases and request.user.may("desk.view") else None  # type: ignore[union-attr]
    late, came = _late(total), _orders(moved, orders)
    if open_cases:
        held = spoken.counted(total.held, "document")
        waits = {
            "shape": "risk",
            "text": f"{spoken.counted(open_cases, 'case')} open, {held} held.",
        }
    else:
        waits = {"shape": "good", "text": "Nothing is held."}
    return [late, {**waits, "link": link}, came]


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


def _orders(moved: dict[tuple[int, str], Moved], count: int) -> dict[str, Any]:
    if not count:
        return {"shape": "", "text": "No order has come since midnight."}
    sent = sum(one.delivered for (_, object_type), one in moved.items() if object_type == "order")
    came = spoken.counted(count, "order has come", "orders have come")
    went = spoken.counted(sent, "delivery", "deliveries")
    return {"shape": "", "text": f"{came} since midnight, {went} took effect."}


def _customers(
    request: HttpRequest,
    moved: dict[tuple[int, str], Moved],
    cases: dict[int, Cases],
    *,
    hourly: dict[int, dict[datetime, int]],
    midnight: datetime,
) -> list[dict[str, Any]]:
    day_ago = _hour(clock.now()) - timedelta(hours=23)
    sums: dict[int, Moved] = {}
    for (customer_id, _), one in moved.items():
        sums[customer_id] = sums.get(customer_id, Moved()).plus(one)
    rows = []
    for customer in Customer.objects.all():
        state, open_cases = sums.get(customer.pk, Moved()), cases.get(customer.pk, Cases())
        orders = hourly.get(customer.pk, {})
        rows.append(
            {
                **_customer(request, customer, state, open_cases),
                "orders": sum(n for at, n in orders.items() if at >= midnight),
                "strip": _strip(orders, day_ago),
            }
        )
    return sorted(rows, key=lambda row: (row["rank"], -row["late"], row["name"]))


def _customer(
    request: HttpRequest, customer: Customer, state: Moved, cases: Cases
) -> dict[str, Any]:
    rank, shape, word = _health(state, cases)
    at_desk = cases.open and request.user.may("desk.view")  # type: ignore[union-attr]
    return {
        "rank": rank,
        "name": customer.name,
        "url": f"/orders/?customer={customer.slug}",
        "shape": shape,
        "word": word,
        "waiting": f"{state.waiting:,}",
        "late": state.late,
        "cases": cases.open,
        "cases_url": f"/desk/?customer={customer.slug}" if at_desk else "",
        "at_risk": cases.at_risk,
    }


def _health(state: Moved, cases: Cases) -> tuple[int, str, str]:
    if cases.severity == 1:
        return 0, "bad", cases.worst
    if state.late:
        return 1, "bad", cases.worst or f"{spoken.counted(state.late, 'document')} late"
    if cases.open:
        return 2, "risk", cases.worst
    return 3, "good", "moving"


def _strip(orders: dict[datetime, int], first: datetime) -> dict[str, Any]:
    counts = [orders.get(first + timedelta(hours=n), 0) for n in range(24)]
    most = max(counts)
    slots = [
        {"x": n * 10, "y": 36 - height, "height": height, "part": ""}
        for n, count in enumerate(counts)
        for height in [max(round(32 * count / most), 2) if count else 0]
    ]
    return {"slots": slots, "text": f"{spoken.counted(sum(counts), 'order')} in 24 h"}


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
