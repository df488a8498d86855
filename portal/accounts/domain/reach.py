"""How far somebody's own rights reach over other people and over roles.

Nobody gives a right they do not hold, and nobody changes somebody who may do more than they. Rights of
customers' people are apart from those of staff, so whoever manages people gives them all.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.accounts.domain import limits
from portal.accounts.models import Person, Role
from portal.accounts.roles import MANAGE_PEOPLE, PERMISSIONS, PLATFORM_ROLES
from portal.tenants.current import is_platform

OWN, HUB, PLATFORM = "own.", "hub.", "platform."
_MOST_NAMED = 3


class RefusedError(ValueError):
    """It is not done; the text says why, and what else to do."""


def covers(by: Person, role: Role) -> bool:
    """Whether `by` may give and take this role: they hold every right of it."""
    held = held_by(by)
    if role.for_customers and not by.is_customer:
        return not MANAGE_PEOPLE.isdisjoint(held)
    return role.for_customers == by.is_customer and set(role.permissions) <= held


def held_by(by: Person) -> frozenset[str]:
    """The rights of somebody; of a program that asks in their name, those of its token."""
    return frozenset(by.role.permissions) if by.granted is None else by.granted


def must_cover(by: Person, role: Role) -> None:
    """RefusedError when the role may do more than `by`."""
    if covers(by, role):
        return
    if role.for_customers != by.is_customer:
        raise RefusedError(
            _("%(label)s is not a role you can give. Choose one of the list.")
            % {"label": role.label}
        )
    more = [right for right in role.permissions if right not in held_by(by)]
    raise RefusedError(
        f"{role.label} may do more than you: {words(more)}. Ask somebody who may do all of it."
    )


def why_not(by: Person, person: Person) -> str:
    """Why `by` may not change this person, or end their access, in a sentence; "" where they may: they may
    do, and work for, all that the person does. About oneself others decide; see the verbs."""
    if by.pk != person.pk and not covers(by, person.role):
        return f"{person.name} may do more than you. Ask somebody who may do all of it."
    if not limits.works_within(person, by=by):
        return (
            f"{person.name} works for more customers than you do."
            " Ask somebody who works for all of them."
        )
    return ""


def must_work_within(by: Person, person: Person) -> None:
    """RefusedError when the person works for customers that `by` does not work for."""
    if not limits.works_within(person, by=by):
        raise RefusedError(why_not(by, person))


def manages(role: Role) -> bool:
    """Whether whoever has the role manages people and roles."""
    return not MANAGE_PEOPLE.isdisjoint(role.permissions)


def roles_within(by: Person) -> list[Role]:
    """The roles that `by` may give, by name, those of staff first."""
    found = Role.objects.order_by("for_customers", "label")
    return [role for role in found if covers(by, role)]


def locked_roles() -> dict[int, Role]:
    """All roles by number, locked: whoever changes who may do what does it one after the other, so
    that two at once cannot leave nobody who manages people. Inside a transaction only."""
    return {role.pk: role for role in Role.objects.select_for_update().order_by("pk")}


def must_be_managed(roles: Iterable[Role], *, without: int = 0) -> None:
    """RefusedError when nobody active would manage people: with `roles` as they are given, and
    without the person of that number."""
    holding = [role.pk for role in roles if manages(role)]
    left = Person.objects.filter(is_active=True, role_id__in=holding).exclude(pk=without)
    if not left.exists():
        raise RefusedError(
            "Nobody would be left who manages people. Give somebody else that right first."
        )


def rights(*, for_customers: bool) -> list[str]:
    """Every permission a role of this side may hold here, in the order of the table."""
    if for_customers:
        return [right for right in PERMISSIONS if right.startswith(OWN)]
    if is_platform():
        seeded = {right for seed in PLATFORM_ROLES for right in seed.permissions}
        return [right for right in PERMISSIONS if right.startswith(PLATFORM) or right in seeded]
    return [right for right in PERMISSIONS if not right.startswith((OWN, HUB, PLATFORM))]


def words(some: Iterable[str]) -> str:
    """Rights in words: the first three, and how many more."""
    named = [PERMISSIONS.get(right, right) for right in some]
    more = len(named) - _MOST_NAMED
    listed = "; ".join(named[:_MOST_NAMED])
    return f"{listed}; and {more} more" if more > 0 else listed
