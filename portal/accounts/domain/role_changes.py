"""Changing what roles may do: first what would change, in words, then all of it or nothing."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import transaction

from portal.accounts.domain import reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person, Role
from portal.accounts.roles import ALWAYS_THEIRS, MANAGE_PEOPLE, PERMISSIONS

SECOND_FACTOR = "second-factor"  # stands in the matrix like a right, and is none
STALE = "The roles were changed since you opened this page. Look at them again, then change yours."


class Change(NamedTuple):
    """One cell of the matrix that becomes another: a right, or the second factor."""

    role_id: int
    right: str
    given: bool


def digest(roles: Iterable[Role]) -> str:
    """Changes when any of the roles does: whoever saves has seen exactly these."""
    seen = [
        [role.pk, role.label, sorted(role.permissions), role.requires_mfa]
        for role in sorted(roles, key=lambda role: role.pk)
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def holds(role: Role, right: str) -> bool:
    """Whether the cell is checked."""
    return role.requires_mfa if right == SECOND_FACTOR else right in role.permissions


def why_not(by: Person, role: Role, right: str) -> str:
    """Why `by` cannot change this cell; "" when they can."""
    if right != SECOND_FACTOR and right not in PERMISSIONS:
        return f"There is no right {right}. Load the page again."
    if right != SECOND_FACTOR and right not in reach.rights(for_customers=role.for_customers):
        return f"{role.label} cannot have “{PERMISSIONS[right]}”: it is not for roles of this kind."
    if right in ALWAYS_THEIRS and holds(role, right):
        return f"“{PERMISSIONS[right]}” is the customer's own and cannot be taken from them."
    if not reach.covers(by, role):
        return f"{role.label} may do more than you. Ask somebody who may do all of it."
    if not role.for_customers and right != SECOND_FACTOR and right not in by.role.permissions:
        return f"You cannot give or take “{PERMISSIONS[right]}”: you do not have it yourself."
    return ""


def between(
    by: Person, roles: Sequence[Role], checked: Collection[tuple[int, str]]
) -> list[Change]:
    """What a sheet of cells changes about `roles`. Cells that `by` cannot change are left as they are,
    since no sheet sends them; RefusedError for one that is checked all the same."""
    known = {role.pk: role for role in roles}
    for number, right in sorted(checked):
        if number not in known:
            raise RefusedError("There is no such role any more. Load the page again.")
        why = why_not(by, known[number], right)
        if why and not (right in PERMISSIONS and holds(known[number], right)):
            raise RefusedError(why)
    return [
        Change(role.pk, right, not holds(role, right))
        for role in roles
        for right in (SECOND_FACTOR, *reach.rights(for_customers=role.for_customers))
        if ((role.pk, right) in checked) != holds(role, right) and not why_not(by, role, right)
    ]


def must_be_possible(by: Person, changes: Iterable[Change], roles: dict[int, Role]) -> None:
    """RefusedError, which says what is in the way of `changes`. `roles` stay as they are."""
    changed = _with(by, changes, roles)
    reach.must_be_managed(changed.values())


@transaction.atomic
def apply(by: Person, changes: Sequence[Change], *, seen: str) -> int:
    """Make all of the changes; they count from everybody's next click. Returns how many roles changed.

    RefusedError as for `must_be_possible`, and when the roles are not those of the digest `seen`.
    """
    roles = reach.locked_roles()
    touched = {change.role_id for change in changes}
    sides = {roles[number].for_customers for number in touched if number in roles}
    if digest(role for role in roles.values() if role.for_customers in sides) != seen:
        raise RefusedError(STALE)
    changed = _with(by, changes, roles)
    reach.must_be_managed(changed.values())
    for number in touched:
        changed[number].save(update_fields=["permissions", "requires_mfa"])
    return len(touched)


def _with(by: Person, changes: Iterable[Change], roles: dict[int, Role]) -> dict[int, Role]:
    """Copies of the roles with the changes in them."""
    copies = {number: _copy(role) for number, role in roles.items()}
    for change in changes:
        role = roles.get(change.role_id)
        why = why_not(by, role, change.right) if role else STALE
        if why:
            raise RefusedError(why)
        _must_not_be_own(by, change)
        _put(copies[change.role_id], change)
    return copies


def _copy(role: Role) -> Role:
    names = [field.attname for field in Role._meta.concrete_fields]
    copy = Role(**{name: getattr(role, name) for name in names})
    copy._state.adding, copy._state.db = False, role._state.db
    return copy


def _put(role: Role, change: Change) -> None:
    if change.right == SECOND_FACTOR:
        role.requires_mfa = change.given
        return
    held = (
        {*role.permissions, change.right} if change.given else {*role.permissions} - {change.right}
    )
    role.permissions = [right for right in PERMISSIONS if right in held]


def _must_not_be_own(by: Person, change: Change) -> None:
    if change.right in MANAGE_PEOPLE and not change.given and change.role_id == by.role_id:
        raise RefusedError(
            f"You cannot take “{PERMISSIONS[change.right]}” from your own role. Ask somebody else"
            " who manages people."
        )
