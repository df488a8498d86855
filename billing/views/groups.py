"""Lists of money told by groups of customers. The platform bills partners: it has no groups."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from integrations.views.filters import GROUP, Row
from portal.customers.models import Customer, CustomerGroup
from portal.tenants.current import is_platform


def known() -> dict[str, CustomerGroup]:
    """The groups by slug."""
    return {} if is_platform() else {one.slug: one for one in CustomerGroup.objects.all()}


def of_group(
    found: QuerySet[Row], slug: str, *, column: str = "account__customer_id"
) -> QuerySet[Row]:
    """Of these rows those of the group's customers."""
    members = Customer.objects.filter(groups__slug=slug)
    return found.filter(**{f"{column}__in": members.values("pk")})


def select(request: HttpRequest) -> tuple[list[dict[str, Any]], str]:
    """The select of groups, where there are any, and the slug that is chosen in it."""
    groups = known()
    slug = request.GET.get("group", "")
    chosen = slug if slug in groups else ""
    options = [
        {"value": one.slug, "label": one.label, "chosen": one.slug == chosen}
        for one in groups.values()
    ]
    found = {"name": "group", "label": "Group", "options": options, "active": bool(chosen)}
    return ([found] if groups else []), chosen


def section(groups: dict[str, CustomerGroup], *, chosen: str) -> dict[str, Any]:
    """The second section of a select of accounts."""
    options = [
        {"value": GROUP + one.slug, "label": one.label, "chosen": chosen == GROUP + one.slug}
        for one in groups.values()
    ]
    return {"label": "Groups", "options": options}
