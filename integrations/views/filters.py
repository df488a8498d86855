"""Parts of the filter bar that several lists share."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from integrations.views.addresses import with_values
from portal.customers.models import Customer


def customer_filter(request: HttpRequest) -> tuple[dict[str, Any], Customer | None]:
    """The select of customers, and the chosen one."""
    slug = request.GET.get("customer", "")
    customers = list(Customer.objects.all())
    chosen = next((c for c in customers if c.slug == slug), None)
    options = [{"value": c.slug, "label": c.name, "chosen": c == chosen} for c in customers]
    select = {"name": "customer", "label": "Customer", "options": options, "active": bool(chosen)}
    return select, chosen


def tabs(
    request: HttpRequest, views: Sequence[tuple[str, str]], *, chosen: str
) -> list[dict[str, Any]]:
    """A tab for each saved view (name, label)."""
    return [
        {
            "label": label,
            "url": with_values(request, view=view),
            "count": None,
            "current": view == chosen,
        }
        for view, label in views
    ]


def search(request: HttpRequest, placeholder: str) -> dict[str, str]:
    return {"name": "q", "value": request.GET.get("q", "").strip(), "placeholder": placeholder}
