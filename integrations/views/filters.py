"""Parts of the filter bar that several lists share."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from integrations.views.addresses import with_values
from portal.customers.models import Customer, CustomerGroup

GROUP: Final = "group:"  # in the select of customers, before a group's slug
Row = TypeVar("Row", bound=Model)


class Whose(NamedTuple):
    """Whose things a list shows: one customer's, a group's, or everybody's."""

    customer: Customer | None = None
    group: CustomerGroup | None = None

    def __bool__(self) -> bool:
        return self.customer is not None or self.group is not None

    def of(self, found: QuerySet[Row], *, column: str = "customer") -> QuerySet[Row]:
        """Of these rows those of the chosen; `column`: the way from a row to its customer."""
        if self.customer:
            return found.filter(**{column: self.customer.pk})
        if self.group:
            return found.filter(**{f"{column}__in": self.group.members.values("pk")})
        return found

    def ids(self) -> frozenset[int] | None:
        """The chosen customers' ids; None for everybody."""
        if self.customer:
            return frozenset({self.customer.pk})
        return frozenset(self.group.members.values_list("pk", flat=True)) if self.group else None


def whose_filter(request: HttpRequest) -> tuple[dict[str, Any], Whose]:
    """The select of customers with a second section of groups, and whom was chosen. An address may name
    a group by itself: `?group=west`."""
    asked = asked_for(request.GET)
    select, customer = customer_filter(request)
    groups = list(CustomerGroup.objects.all())
    group = next((one for one in groups if asked == GROUP + one.slug), None)
    if groups:
        select["sections"] = sections(select.pop("options"), groups, chosen=asked)
    select["active"] = bool(customer or group)
    return select, Whose(customer, group)


def asked_for(query: Any) -> str:
    """What an address says of customers, as the select has it: a slug, or “group:” and a slug."""
    named = str(query.get("customer", ""))
    group = str(query.get("group", ""))
    return named or (GROUP + group if group else "")


def sections(
    customers: Sequence[dict[str, Any]], groups: Iterable[CustomerGroup], *, chosen: str
) -> list[dict[str, Any]]:
    """The two sections of the select."""
    options = [
        {"value": GROUP + one.slug, "label": one.label, "chosen": chosen == GROUP + one.slug}
        for one in groups
    ]
    return [
        {"label": "Customers", "options": customers},
        {"label": "Groups", "options": options},
    ]


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
            "label": gettext(label),
            "url": with_values(request, view=view),
            "count": None,
            "current": view == chosen,
        }
        for view, label in views
    ]


def search(request: HttpRequest, placeholder: str) -> dict[str, str]:
    return {"name": "q", "value": request.GET.get("q", "").strip(), "placeholder": placeholder}
