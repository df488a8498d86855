"""Evidence to measure promises by, in March 2026."""

from datetime import datetime, timedelta
from uuid import uuid4

from monitoring import slo
from monitoring.domain import measuring
from monitoring.models import Leg, Objective, Outage
from portal.core import clock


def at(text):
    """`03-10 08:00` of 2026, UTC."""
    return datetime.fromisoformat(f"2026-{text}+00:00")


MARCH = slo.Interval(at("03-01 00:00"), at("04-01 00:00"))
APRIL_1 = at("04-01 00:00")


def leg(place, kind, began, ended=None, *, endpoint=None, number="1001", outcome=None, **fields):
    state = outcome if outcome is not None else ("done" if ended else "")
    return Leg.objects.create(
        customer_id=place.pk, kind=kind, subject=fields.pop("subject", uuid4()),
        endpoint_id=endpoint.pk if endpoint else 0, number=number, began_at=at(began),
        ended_at=at(ended) if ended else None, outcome=state, **fields,
    )  # fmt: skip


def orders(place, kind, count, *, day="03-10", minutes=1, **fields):
    """So many that took so long, one a minute from 08:00 on."""
    began = at(f"{day} 08:00")
    return Leg.objects.bulk_create(
        Leg(
            customer_id=place.pk, kind=kind, subject=uuid4(), number=str(n), outcome="done",
            began_at=began + timedelta(minutes=n), ended_at=began + timedelta(minutes=n + minutes), **fields,
        )
        for n in range(count)
    )  # fmt: skip


def outage(place, endpoint, began, ended=None):
    return Outage.objects.create(
        customer=place.customer, endpoint=endpoint, code="timeout", text="No answer in 10 s",
        began_at=at(began), ended_at=at(ended) if ended else None,
    )  # fmt: skip


def promised(place, sli):
    return Objective.objects.filter(customer=place.pk, sli=sli).order_by("-version").first()


def measured(place, *, now):
    """Every objective of the customer measured as of an instant."""
    with clock.freeze(at(now) if isinstance(now, str) else now):
        for _ in range(200):
            if not measuring.work():
                return
    raise AssertionError("measuring did not come to rest")
