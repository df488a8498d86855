"""What a customer's person does about an access to their data: found under the row limit, done beyond."""

from collections.abc import Callable

from portal.accounts.models import Person
from portal.support import endings
from portal.support.domain import states
from portal.support.models import SupportAccess
from portal.tenants.rows import beyond_limit


class NotTheirsError(LookupError):
    """There is no such access to data of their own customer."""


def grant(by: Person, pk: int) -> SupportAccess:
    """It may begin. NotTheirsError; NotNowError of `states`."""
    return _about(by, pk, lambda access: states.grant(access, by=by.name))


def refuse(by: Person, pk: int) -> SupportAccess:
    """It never begins. Errors as `grant`."""
    return _about(by, pk, lambda access: states.refuse(access, by=by.name))


def end(by: Person, pk: int) -> SupportAccess:
    """It is over at the next thing they ask for. NotTheirsError."""
    return _about(
        by, pk, lambda access: states.end(access, how=endings.ENDED_IT % {"name": by.name})
    )


def close_what_is_over(by: Person) -> None:
    """What time has ended is over, also where nobody asked for anything since."""
    if by.customer_id is not None:
        with beyond_limit():
            states.settle(by.customer_id)


def _about(by: Person, pk: int, verb: Callable[[SupportAccess], None]) -> SupportAccess:
    access = SupportAccess.objects.filter(pk=pk, customer_id=by.customer_id or 0).first()
    if access is None:
        raise NotTheirsError
    with beyond_limit():
        states.settle(access.customer_id)
        verb(access)
    return access
