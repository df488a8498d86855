"""Leaving: whoever left signs in no more, and is signed out at once.

Each verb looks whose access it is, and then works beyond the limit of whoever works for some customers only:
sessions are seen by nobody but their owner there.
"""

from django.db import transaction

from portal.accounts.domain import reach, sessions
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Person
from portal.tenants.rows import beyond_limit


def deactivate(by: Person, pk: int) -> Person:
    """Let somebody sign in no more, and end their sessions. What they did stays under their name.

    Person.DoesNotExist, or RefusedError: oneself, somebody who may do more or works for more customers, or
    the last one who manages people.
    """
    with beyond_limit(), transaction.atomic():
        return _deactivated(by, pk)


def _deactivated(by: Person, pk: int) -> Person:
    roles = reach.locked_roles()
    person = _locked(pk)
    if person.pk == by.pk:
        raise RefusedError("Nobody ends their own access. Ask somebody else who manages people.")
    reach.must_cover(by, person.role)
    reach.must_work_within(by, person)
    if not person.is_customer:
        reach.must_be_managed(roles.values(), without=person.pk)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person)
    return person


def reactivate(by: Person, pk: int) -> Person:
    """Let somebody sign in again, with the password they had. Errors as for `deactivate`."""
    with beyond_limit(), transaction.atomic():
        reach.locked_roles()
        person = _locked(pk)
        reach.must_cover(by, person.role)
        reach.must_work_within(by, person)
        person.is_active = True
        person.save(update_fields=["is_active"])
    return person


def _locked(pk: int) -> Person:
    return Person.objects.select_related("role").select_for_update(of=("self",)).get(pk=pk)
