"""Changing who somebody is here: their name, and what they may do."""

from django.db import transaction

from portal.accounts.domain import reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person, Role
from portal.tenants.rows import beyond_limit


def change(by: Person, pk: int, *, name: str, role_id: int) -> Person:
    """Give somebody a name and a role. What they may do counts from their next click.

    Person.DoesNotExist, or RefusedError: somebody who may do more or works for more customers, a role that
    may do more, one of the other kind, one's own role, or the last one who manages people.
    """
    with beyond_limit(), transaction.atomic():
        return _changed(by, pk, name=name, role_id=role_id)


def _changed(by: Person, pk: int, *, name: str, role_id: int) -> Person:
    roles = reach.locked_roles()
    person = Person.objects.select_related("role").select_for_update(of=("self",)).get(pk=pk)
    if person.pk != by.pk:
        reach.must_cover(by, person.role)
    reach.must_work_within(by, person)
    if role_id != person.role_id:
        _must_fit(by, person, roles.get(role_id))
        reach.must_be_managed(roles.values(), without=_number(person, roles[role_id]))
        person.role = roles[role_id]
    person.name = name
    person.save(update_fields=["name", "role"])
    return person


def _must_fit(by: Person, person: Person, role: Role | None) -> None:
    if role is None:
        raise RefusedError("There is no such role any more. Load the page again.")
    if person.pk == by.pk:
        raise RefusedError("Nobody changes their own role. Ask somebody else who manages people.")
    if role.for_customers != person.is_customer:
        whose = "customers' people" if role.for_customers else "your own people"
        raise RefusedError(f"{role.label} is for {whose}. Invite {person.name} anew for that.")
    reach.must_cover(by, role)


def _number(person: Person, role: Role) -> int:
    """Whom not to count among those who manage people: the person, unless the new role does, too."""
    return 0 if reach.manages(role) else person.pk
