"""Everybody who signs in here: our own people and those of customers, and who is invited."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.addresses import kept, with_values
from integrations.views.filters import search
from monitoring.views.addresses import number
from portal.accounts.domain.inviting import NOT_OUR_OWN
from portal.accounts.models import Person, Role
from portal.accounts.queries import people as known
from portal.accounts.queries.people import SIZE, Asked
from portal.accounts.rules import requires
from portal.pages import works_for_words
from portal.pages.views import people_words
from portal.tenants.current import is_platform

SIDES = (("", "Everybody"), ("staff", "Our own"), ("customers", "Customers’"))
STATES = (("active", "Active"), ("ended", "Access ended"))
_FILTERS = ("view", "customer", "role", "state", "q")


@requires("people.manage", "platform.people")
def people(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    roles = list(Role.objects.order_by("for_customers", "label"))
    names = dict(people_words.customers())
    asked = _asked(request, roles, names)
    rows, more = _page(request, asked)
    works_for = {} if is_platform() else works_for_words.said(rows)
    first = "after" not in request.GET
    invited = known.invited(asked)[:SIZE] if first else []
    active = any(request.GET.get(name) for name in _FILTERS)
    context = {
        "tabs": [] if is_platform() else _tabs(request),
        "filters": _filters(asked, roles, names),
        "search": search(request, "Name or email"),
        "kept": kept(request, "view"),
        "clear_url": request.path if active else "",
        "invited": [
            people_words.awaited(
                one, one.role.label if one.role else "", names.get(one.customer_id or 0, ""),
                why_not=NOT_OUR_OWN if by.is_limited and one.customer_id is None else "",
            )
            for one in invited
        ],
        "people": [people_words.row(person, names, works_for) for person in rows],
        "sided": not is_platform(),
        "empty": None if rows else "Nobody here matches.",
        "pager": {"shown": spoken.counted(len(rows), "person", "people"), "older_url": more},
    }  # fmt: skip
    return render(request, "people/people.html", context)


def _asked(request: HttpRequest, roles: list[Role], names: dict[int, str]) -> Asked:
    """What the address asks for; what it names and is not there asks for nothing."""
    state, side = request.GET.get("state", ""), request.GET.get("view", "")
    role = next((one.pk for one in roles if one.slug == request.GET.get("role")), None)
    customer = number(request.GET, "customer")
    return Asked(
        side=side if side in ("staff", "customers") else "",
        customer_id=customer if customer in names else None,
        role_id=role,
        active={"active": True, "ended": False}.get(state),
        text=request.GET.get("q", "").strip(),
    )


def _page(request: HttpRequest, asked: Asked) -> tuple[list[Person], str]:
    """A page of people, and the address of the next."""
    found = known.listed(asked)
    after = number(request.GET, "after")
    rows = list((known.after(found, after) if after else found)[: SIZE + 1])
    more = with_values(request, after=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    return rows[:SIZE], more


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    counts = known.sides()
    numbers = {"": sum(counts.values()), **counts}
    chosen = request.GET.get("view", "")
    return [
        {
            "label": label,
            "url": with_values(request, view=side),
            "count": f"{numbers[side]:,}",
            "current": side == chosen,
        }
        for side, label in SIDES
    ]


def _filters(asked: Asked, roles: list[Role], names: dict[int, str]) -> list[dict[str, Any]]:
    state = {True: "active", False: "ended"}.get(asked.active) if asked.active is not None else ""
    customers = [(str(pk), name) for pk, name in names.items()]
    chosen_role = next((one.slug for one in roles if one.pk == asked.role_id), "")
    selects = [
        _select("customer", "Customer", customers, str(asked.customer_id or "")),
        _select("role", "Role", [(one.slug, one.label) for one in roles], chosen_role),
        _select("state", "State", STATES, state or ""),
    ]
    return [select for select in selects if select["options"]]


def _select(name: str, label: str, options: Any, chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "chosen": value == chosen} for value, text in options
        ],
        "active": bool(chosen),
    }
