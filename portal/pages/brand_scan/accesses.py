"""Support accesses made for a scan, whatever the partner's customers allow: nobody is told of them."""

from datetime import timedelta
from typing import Any, Final

from portal.accounts.models import Person
from portal.accounts.roles import PARTNER_ROLES
from portal.core import clock
from portal.customers.models import Customer
from portal.pages.brand_scan.visiting import somebody
from portal.support.models import SupportAccess

_MINUTES: Final = 60


def granted(**fields: Any) -> SupportAccess | None:
    """One of the platform's people may look as the owner at the first customer; None where there is no
    customer. Only within `taken_back`."""
    customer = Customer.objects.order_by("pk").first()
    if customer is None:
        return None
    owner = next(role for role in PARTNER_ROLES if role.slug == "owner")
    house = fields.get("house", SupportAccess.House.PLATFORM)
    person = somebody(owner._replace(slug=f"looked-at-{house}"), customer_id=customer.pk)
    now = clock.now()
    made = {
        "house": house, "staff_name": "Dana Sample",
        "state": SupportAccess.State.GRANTED, "minutes": _MINUTES,
        "reason": "You wrote that an order is missing on your page.",
        "asked_at": now, "granted_at": now, "granted_by": person.name, **fields,
    }  # fmt: skip
    return SupportAccess.objects.create(
        customer=customer, person=person, person_name=person.name, **made
    )


def running(staff: Person | None) -> SupportAccess | None:
    """The same, begun: of `staff`, or of one of the platform's people."""
    now = clock.now()
    begun: dict[str, Any] = {
        "state": SupportAccess.State.RUNNING, "begun_at": now, "ends_at": now + timedelta(minutes=_MINUTES),
    }  # fmt: skip
    if staff:
        house = SupportAccess.House.PARTNER
        begun |= {"house": house, "staff": staff, "staff_name": staff.name}
    return granted(**begun)
