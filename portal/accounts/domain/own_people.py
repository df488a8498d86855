"""What a customer's person does about the people of the same customer.

Under the row limit they may only read, so whoever it is about is looked for under it, and only the verb
itself runs beyond it; the verb asks once more how far their rights reach.
"""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from portal.accounts.domain import inviting, leaving, reach
from portal.accounts.domain.inviting import TakenError
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Person, Role
from portal.accounts.queries import colleagues
from portal.tenants.rows import beyond_limit

Made = TypeVar("Made")


class NotTheirsError(LookupError):
    """There is no such person or invitation of their own customer."""


def roles(by: Person) -> list[Role]:
    """The roles they may give."""
    with beyond_limit():
        return reach.roles_within(by)


def invite(by: Person, *, email: str, name: str, role_id: int) -> tuple[Invitation, str]:
    """Invite somebody of their own customer. Returns and raises as `inviting.invite`, but what is known
    of an address outside of their customer stays untold."""
    known = {one.email for one in colleagues.colleagues()}
    known |= {one.email for one in colleagues.awaited()}
    with beyond_limit():
        role = Role.objects.filter(pk=role_id).first()
        if role is None:
            raise RefusedError(_("There is no such role any more. Load the page again."))
        try:
            return inviting.invite(
                by, email=email, name=name, role=role, customer_id=by.customer_id
            )
        except TakenError:
            if email.strip().lower() in known:
                raise
            raise RefusedError(_("This address cannot be invited. Ask us to help you.")) from None


def resend(by: Person, pk: int) -> tuple[Invitation, str]:
    """NotTheirsError, or RefusedError as for `inviting.resend`."""
    return _about_invitation(pk, lambda: inviting.resend(by, pk))


def withdraw(by: Person, pk: int) -> Invitation:
    """NotTheirsError, or RefusedError as for `inviting.withdraw`."""
    return _about_invitation(pk, lambda: inviting.withdraw(by, pk))


def deactivate(by: Person, pk: int) -> Person:
    """NotTheirsError, or RefusedError as for `leaving.deactivate`."""
    return _about_person(pk, lambda: leaving.deactivate(by, pk))


def reactivate(by: Person, pk: int) -> Person:
    """NotTheirsError, or RefusedError as for `leaving.reactivate`."""
    return _about_person(pk, lambda: leaving.reactivate(by, pk))


def _about_person(pk: int, verb: Callable[[], Made]) -> Made:
    if pk not in {one.pk for one in colleagues.colleagues()}:
        raise NotTheirsError
    with beyond_limit():
        return verb()


def _about_invitation(pk: int, verb: Callable[[], Made]) -> Made:
    if pk not in {one.pk for one in colleagues.awaited()}:
        raise NotTheirsError
    try:
        with beyond_limit():
            return verb()
    except Invitation.DoesNotExist:  # it ended between the look and the verb
        raise NotTheirsError from None
