"""Legal holds: what must be kept although it is old, or a person asks that it be erased."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.core import clock
from portal.privacy.models import LegalHold, RetentionMark


def in_force() -> QuerySet[LegalHold]:
    """The holds that count today."""
    today = clock.now().date()
    lasting = Q(until__isnull=True) | Q(until__gte=today)
    return LegalHold.objects.filter(lasting, lifted_at=None).select_related("customer")


def held_customers() -> list[int]:
    """Customers all of whose data is held."""
    found = in_force().filter(customer__isnull=False).values_list("customer_id", flat=True)
    return sorted({pk for pk in found if pk is not None})


def blocking(terms: Sequence[str], customers: Sequence[int]) -> list[LegalHold]:
    """The holds that forbid erasing a person: of one of these terms, or of a customer who has their data."""
    wanted = {term.strip().casefold() for term in terms}
    return [
        hold
        for hold in in_force()
        if hold.customer_id in customers or (hold.person and hold.person.casefold() in wanted)
    ]


def place(
    *, customer_id: int | None, person: str, reason: str, until: date | None, actor: str
) -> LegalHold:
    """Hold all of a customer's data, or a person's wherever it is."""
    return LegalHold.objects.create(
        customer_id=customer_id, person="" if customer_id else person.strip(), reason=reason,
        until=until, placed_by=actor, placed_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def lift(pk: int, *, actor: str, reason: str) -> LegalHold | None:
    """End a hold; None where it is over already. What it kept from being removed is looked at anew."""
    hold = LegalHold.objects.select_for_update().filter(pk=pk, lifted_at=None).first()
    if hold is None:
        return None
    hold.lifted_at, hold.lifted_by, hold.lift_reason = clock.now(), actor, reason
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    RetentionMark.objects.update(looked_to=0)
    return hold
