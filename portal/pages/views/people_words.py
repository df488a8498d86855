"""People, their roles and what these let them do, as pages say it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.views import spoken
from portal.accounts.models import Person, Role
from portal.accounts.roles import AREAS, PERMISSIONS, area_of
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.current import is_platform

_ORDER = {area: place for place, area in enumerate(dict.fromkeys(AREAS.values()))}


def customers() -> list[tuple[int, str]]:
    """Whom people can belong to besides the house itself; the platform has nobody like that."""
    return [] if is_platform() else list(Customer.objects.values_list("pk", "name"))


def by_area(rights: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Rights under the words of their groups, in the order of the rail."""
    held = [right for right in PERMISSIONS if right in set(rights)]
    held.sort(key=lambda right: _ORDER.get(area_of(right), len(_ORDER)))
    return [(area, list(group)) for area, group in groupby(held, key=area_of)]


def may(role: Role) -> list[dict[str, Any]]:
    """[{area, words}]: what a role lets somebody do."""
    return [
        {"area": area, "words": [PERMISSIONS[right] for right in rights]}
        for area, rights in by_area(role.permissions)
    ]


def state(person: Person) -> dict[str, str]:
    if person.is_active:
        return {"shape": "", "word": "active"}
    return {"shape": "waiting", "word": "access ended"}


def last_seen(person: Person) -> str:
    return spoken.moment(person.last_login) or "never"


def row(
    person: Person, names: dict[int, str], works_for: dict[int, str] | None = None
) -> dict[str, Any]:
    return {
        "url": f"/people/{person.pk}/",
        "name": person.name,
        "email": person.email,
        "role": person.role.label,
        "customer": names.get(person.customer_id or 0, ""),
        "works_for": (works_for or {}).get(person.pk, ""),
        "last": last_seen(person),
        "state": state(person),
    }


def awaited(one: Any, role: str, customer: str = "", *, why_not: str = "") -> dict[str, Any]:
    """An open invitation: a row of ours, or one that a customer reads of its own. `why_not`: why whoever
    looks can neither send it again nor withdraw it."""
    over = one.expires_at <= clock.now()
    return {
        "pk": one.pk,
        "name": one.name,
        "email": one.email,
        "role": role,
        "customer": customer,
        "by": one.invited_by,
        "why_not": why_not,
        "state": {"shape": "risk", "word": _("its time is over")}
        if over
        else {
            "shape": "waiting",
            "word": _("until %(day)s")
            % {"day": spoken.day(timezone.localtime(one.expires_at).date())},
        },
    }
