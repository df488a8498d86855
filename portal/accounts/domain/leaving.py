"""Leaving: whoever left signs in no more, and is signed out at once."""

from django.db import transaction

from portal.accounts.domain import reach, sessions
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person


@transaction.atomic
def deactivate(by: Person, pk: int) -> Person:
    """Let somebody sign in no more, and end their sessions. What they did stays under their name.

    Person.DoesNotExist, or RefusedError: oneself, somebody who may do more, or the last one who manages
    people.
    """
    roles = reach.locked_roles()
    person = _locked(pk)
    if person.pk == by.pk:
        raise RefusedError("Nobody ends their own access. Ask somebody else who manages people.")
    reach.must_cover(by, person.role)
    if not person.is_customer:
        reach.must_be_managed(roles.values(), without=person.pk)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person)
    return person


@transaction.atomic
def reactivate(by: Person, pk: int) -> Person:
    """Let somebody sign in again, with the password they had. Errors as for `deactivate`."""
    reach.locked_roles()
    person = _locked(pk)
    reach.must_cover(by, person.role)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


def _locked(pk: int) -> Person:
    return Person.objects.select_related("role").select_for_update(of=("self",)).get(pk=pk)
