"""A browser in which somebody acts as a customer's person: it says so, and everything is asked anew with
each request.

While it lasts they may look, and nothing else: no answer that binds, no setting, no person, no secret.
What is not named here is refused.
"""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.domain.limits import customers_of
from portal.accounts.models import Person
from portal.core import clock
from portal.core.links import digest
from portal.support import endings
from portal.support.domain import ledger, platform_staff, states
from portal.support.domain.handing import SALT
from portal.support.models import Handover, LedgerEntry, SupportAccess

ACTING: Final = "acting"
PERMISSION: Final = "support.access"
# Of what a customer's person may do: to see. People, consent, secrets and whatever comes are not in it.
MAY: Final = frozenset(
    {
        "own.orders", "own.stock", "own.invoices", "own.questions", "own.service", "own.statements",
        "own.bills",
    }
)  # fmt: skip
# What every page needs besides, by the names of its addresses.
# Of these nothing is the customer's: they are the same for everybody.
NOBODYS: Final = frozenset({"brand-css", "brand-logo", "brand-icon", "legal"})
# Parts that pages ask for every few seconds.
RENEWED: Final = frozenset({"own-home-panel", "rail"})
LOOKS: Final = NOBODYS | {"home", "rail"}
# A person's own, though what it needs is theirs to see: which mails they get.
PERSONAL: Final = frozenset({"own-notifications"})
VERBS: Final = frozenset({"support-end", "theme", "logout"})
_LINK_OVER: Final = gettext_noop("This link was used already, or is over. Ask for another one.")
_MINUTE: Final = timedelta(minutes=1)


def begin(request: HttpRequest, access: SupportAccess, *, by: Person) -> None:
    """`by` acts as the access says, in this browser, from now on. NotNowError of `states`."""
    if access.staff_id != by.pk:
        raise states.NotNowError(
            _("Only %(name)s may begin it: they asked.") % {"name": access.staff_name}
        )
    begun = states.begin(access)
    request.session[ACTING] = begun.pk


def begin_as_guest(request: HttpRequest, token: str) -> SupportAccess:
    """Somebody of the platform's comes in by their link, which works once. NoLinkError, NotNowError."""
    found = find_handover(token)
    if not platform_staff.may_still(found.access.staff_key):
        raise states.NotNowError(f"{found.access.staff_name} may not do this any more.")
    now = clock.now()
    used = Handover.objects.filter(pk=found.pk, used_at=None, expires_at__gt=now).update(
        used_at=now
    )
    if not used:
        raise states.NotNowError(_(_LINK_OVER))
    begun = states.begin(found.access)
    request.session.flush()
    request.session[ACTING] = begun.pk
    request.session.set_expiry(begun.minutes * 60)
    return begun


def find_handover(token: str) -> Handover:
    """The way in that a token opens; NotNowError when it is over, NoLinkError for one that is none."""
    found = (
        Handover.objects.filter(digest=digest(token, salt=SALT)).select_related("access").first()
    )
    if found is None or found.used_at or clock.now() >= found.expires_at:
        raise states.NotNowError(_(_LINK_OVER))
    return found


def running(request: HttpRequest) -> tuple[SupportAccess, Person] | None:
    """The access this browser acts by and the person it acts as, or nothing: it ended, or whoever acts may
    no more."""
    pk = request.session.get(ACTING)
    access = (
        SupportAccess.objects.select_related("customer", "person__role").filter(pk=pk or 0).first()
    )
    if access is None or not access.is_running(clock.now()):
        if access is not None:
            states.settle(access.customer_id)
        return None
    if why := _may_no_more(request, access):
        states.end(access, how=why)
        return None
    assert access.person is not None
    return access, _only_looking(access.person)


def _may_no_more(request: HttpRequest, access: SupportAccess) -> str:
    staff: Any = request.user
    if access.person is None or not access.person.is_active:
        return endings.LEFT % {"name": access.person_name}
    if access.person.customer_id != access.customer_id:
        return endings.OTHER_CUSTOMER % {"name": access.person_name}
    if access.house == SupportAccess.House.PLATFORM:
        if staff.is_authenticated:
            return endings.SIGNED_IN % {"name": staff.name}
        may = platform_staff.may_still(access.staff_key)
        return "" if may else endings.MAY_NOT % {"name": access.staff_name}
    if not staff.is_authenticated or staff.pk != access.staff_id:
        return endings.LOGGED_OUT % {"name": access.staff_name}
    if not staff.may(PERMISSION):
        return endings.MAY_NOT % {"name": access.staff_name}
    if staff.is_limited and access.customer_id not in customers_of(staff):
        return endings.NOT_THEIRS % {"name": access.staff_name}
    return ""


def _only_looking(person: Person) -> Person:
    """The person with no more than what may be looked at. It cannot be saved."""
    person.granted = frozenset(person.role.permissions) & MAY
    return person


def leave(request: HttpRequest) -> bool:
    """This browser acts for nobody any more; whether somebody of the house is still signed in with it."""
    request.session.pop(ACTING, None)
    staff: Any = getattr(request, "staff", request.user)
    if staff.is_authenticated:
        return True
    request.session.flush()
    request.user = AnonymousUser()
    return False


def looked(access: SupportAccess, *, page: str, path: str, renews: bool = False) -> None:
    """Tell the ledger of something that was looked at. What `renews` itself is told once a minute."""
    path = path[:300]
    if not (renews and _was_told(access, path)):
        ledger.of_access(access, LedgerEntry.Kind.LOOKED, page=page, path=path)


def _was_told(access: SupportAccess, path: str) -> bool:
    just_now = clock.now() - _MINUTE
    found = LedgerEntry.objects.filter(access=access, kind=LedgerEntry.Kind.LOOKED)
    return found.filter(at__gt=just_now, said__path=path).exists()
