"""Who signs in here, page by page, and who was invited to."""

from typing import Final, NamedTuple

from django.db.models import Count, Q, QuerySet

from portal.accounts.models import Invitation, Person
from portal.accounts.models.invitation import OPEN

SIZE: Final = 100


class Asked(NamedTuple):
    """What the list is narrowed to; None and "" are everybody. `side`: staff or customers."""

    side: str = ""
    customer_id: int | None = None
    role_id: int | None = None
    active: bool | None = None
    text: str = ""


def listed(asked: Asked) -> QuerySet[Person]:
    """People by name, with their roles."""
    found = Person.objects.select_related("role").filter(_common(asked)).order_by("name", "pk")
    return found if asked.active is None else found.filter(is_active=asked.active)


def after(found: QuerySet[Person], pk: int) -> QuerySet[Person]:
    """What follows a person in the list; all of it where there is no such person."""
    last = Person.objects.filter(pk=pk).values_list("name", flat=True).first()
    if last is None:
        return found
    return found.filter(Q(name__gt=last) | Q(name=last, pk__gt=pk))


def invited(asked: Asked) -> QuerySet[Invitation]:
    """Open invitations, newest first, with their roles; also those whose seven days are over."""
    found = Invitation.objects.select_related("role").filter(OPEN, _common(asked))
    return found if asked.active is None else found.none()


def _common(asked: Asked) -> Q:
    wanted = Q(name__icontains=asked.text) | Q(email__icontains=asked.text) if asked.text else Q()
    if asked.side:
        wanted &= Q(customer_id__isnull=asked.side == "staff")
    if asked.customer_id is not None:
        wanted &= Q(customer_id=asked.customer_id)
    if asked.role_id is not None:
        wanted &= Q(role_id=asked.role_id)
    return wanted


def by_role() -> dict[int, int]:
    """How many people who may sign in have each role."""
    active = Person.objects.filter(is_active=True)
    return dict(active.values_list("role_id").annotate(number=Count("pk")).order_by())


def sides() -> dict[str, int]:
    """How many people may sign in: {"staff", "customers"}."""
    active = Person.objects.filter(is_active=True)
    return active.aggregate(
        staff=Count("pk", filter=Q(customer_id=None)),
        customers=Count("pk", filter=~Q(customer_id=None)),
    )
