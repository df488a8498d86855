"""Making roles out of others, renaming them, and deleting those that nobody has."""

from django.db import transaction
from django.utils.text import slugify

from portal.accounts.domain import reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Person, ProviderRule, Role
from portal.accounts.models.invitation import OPEN

_LONGEST_SLUG = 40


@transaction.atomic
def copy(by: Person, *, of_id: int, label: str) -> Role:
    """A new role that may do what another may. RefusedError for a name that is taken, and for a role
    that may do more than `by`."""
    roles = reach.locked_roles()
    if of_id not in roles:
        raise RefusedError("There is no such role any more. Load the page again.")
    original = roles[of_id]
    reach.must_cover(by, original)
    _must_be_free(label, roles)
    return Role.objects.create(
        slug=_slug(label, taken={role.slug for role in roles.values()}),
        label=label,
        permissions=original.permissions,
        for_customers=original.for_customers,
        requires_mfa=original.requires_mfa,
    )


@transaction.atomic
def rename(by: Person, pk: int, *, label: str) -> Role:
    """Role.DoesNotExist, or RefusedError as for `copy`."""
    roles = reach.locked_roles()
    role = _of(roles, pk)
    reach.must_cover(by, role)
    _must_be_free(label, {other: one for other, one in roles.items() if other != pk})
    role.label = label
    role.save(update_fields=["label"])
    return role


@transaction.atomic
def delete(by: Person, pk: int) -> Role:
    """Role.DoesNotExist, or RefusedError: somebody has it, whether they may sign in or not, or is
    invited to it."""
    role = _of(reach.locked_roles(), pk)
    reach.must_cover(by, role)
    if Person.objects.filter(role=role).exists():
        raise RefusedError(f"{role.label} has people. Give them another role first.")
    if Invitation.objects.filter(OPEN, role=role).exists():
        raise RefusedError(f"Somebody is invited as {role.label}. Withdraw that invitation first.")
    if rule := ProviderRule.objects.filter(role=role).select_related("provider").first():
        raise RefusedError(f"{rule.provider.name} gives {role.label}. Remove that rule first.")
    role.delete()
    return role


def _of(roles: dict[int, Role], pk: int) -> Role:
    if pk not in roles:
        raise Role.DoesNotExist
    return roles[pk]


def _must_be_free(label: str, roles: dict[int, Role]) -> None:
    if label.lower() in {role.label.lower() for role in roles.values()}:
        raise RefusedError(f"There is a role named {label}. Choose another name.")


def _slug(label: str, *, taken: set[str]) -> str:
    stem = slugify(label)[: _LONGEST_SLUG - 4] or "role"
    names = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
