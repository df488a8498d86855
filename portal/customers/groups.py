"""Groups of customers: by contract, region or ERP, or for any other reason."""

from collections.abc import Collection

from django.db import transaction
from django.utils.text import slugify

from portal.core import clock
from portal.customers.models import Customer, CustomerGroup

_RESERVED = frozenset({"new"})  # an address of its own
_LONGEST = 40


class GroupUsedError(Exception):
    """The group is needed; the text says by what and what to do."""


@transaction.atomic
def make(label: str, *, kind: str, members: Collection[Customer], by: str) -> CustomerGroup:
    """A new group. Its slug is made of the label and stays."""
    group = CustomerGroup.objects.create(
        slug=_slug(label), label=label, kind=kind, made_by=by[:80], changed_by=by[:80]
    )
    group.members.set(members)
    return group


@transaction.atomic
def change(
    group: CustomerGroup, *, label: str, kind: str, members: Collection[Customer], by: str
) -> CustomerGroup:
    """The group with another label, kind and members. Whoever works for it has the new ones at once."""
    CustomerGroup.objects.select_for_update().get(pk=group.pk)
    CustomerGroup.objects.filter(pk=group.pk).update(
        label=label, kind=kind, changed_by=by[:80], changed_at=clock.now()
    )
    group.members.set(members)
    group.refresh_from_db()
    return group


def delete(group: CustomerGroup, *, used: Collection[str]) -> None:
    """Without the group, its customers stay as they are. GroupUsedError while something is `used` by it."""
    if used:
        raise GroupUsedError(
            f"{group.label} is used: {', '.join(used)}. Change these first, then delete the group."
        )
    group.delete()


def _slug(label: str) -> str:
    """Of the label; with a number where another group has it."""
    stem = slugify(label)[: _LONGEST - 4].strip("-") or "group"
    taken = set(CustomerGroup.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= _RESERVED
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )
