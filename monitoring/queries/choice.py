"""Which cases somebody wants to see: a view of the desk and filters."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.utils import timezone

from monitoring.models import ExceptionCase, Lease, Team
from monitoring.queries import search
from portal.core import clock
from portal.customers.models import Customer

State = ExceptionCase.State
IS_OPEN: Final = Q(closed_at=None)
IS_OF_DOCUMENTS: Final = Q(
    origin=ExceptionCase.Origin.DOCUMENTS
)  # they hold them; others wait for some
TO_WORK: Final = Q(state__in=ExceptionCase.TO_WORK)
GROUP: Final = "group:"
ME, NOBODY, PERSON, TEAM = "me", "nobody", "person-", "team-"


class Choice(NamedTuple):
    """A view and filters; what is blank does not narrow.

    `customer`: a slug, or “group:” and a group's slug.
    `holder`: "me", "nobody", "person-7" or "team-3". `text`: numbers and words, see `search`.
    """

    view: str = ""
    customer: str = ""
    cause: str = ""
    endpoint: str = ""
    severity: int | None = None
    tag: str = ""
    holder: str = ""
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether a filter is set, beside the view."""
        return any(self[1:])


def running() -> Q:
    """Leases that hold: not ended, and their time is not over."""
    return Q(ended_at=None, until__gt=clock.now())


def of_person(person: Any) -> Q:
    """Cases that are the person's own, or their team's."""
    return Q(assignee_id=person.pk) | Q(team__in=Team.objects.filter(members=person.pk))


def leased(person: Any = None) -> Q:
    """Cases that somebody works on, or that `person` does."""
    leases = Lease.objects.filter(running(), **({"person_id": person.pk} if person else {}))
    return Q(pk__in=leases.values("case"))


def free() -> Q:
    """Cases to work that nobody works on and that are nobody's."""
    return TO_WORK & Q(assignee=None, team=None) & ~leased()


def for_taking(person: Any) -> Q:
    """Cases to work that nobody works on and that are nobody else's."""
    return TO_WORK & (Q(assignee=None, team=None) | of_person(person)) & ~leased()


def today() -> tuple[datetime, datetime]:
    """From midnight to midnight, where the reader is."""
    now = timezone.localtime(clock.now())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight + timedelta(days=1)


def closed_today() -> Q:
    """Ended since midnight."""
    begins, ends = today()
    return Q(closed_at__gte=begins, closed_at__lt=ends)


def _cutoff_today() -> Q:
    begins, ends = today()
    return IS_OPEN & Q(cutoff_at__gte=begins, cutoff_at__lt=ends)


_VIEWS: Final[dict[str, Callable[[Any], Q]]] = {
    "": lambda _: IS_OPEN,
    "mine": lambda person: IS_OPEN & (of_person(person) | leased(person)),
    "free": lambda _: IS_OPEN & free(),
    "today": lambda _: _cutoff_today(),
    "back": lambda _: IS_OPEN & Q(times_back__gt=0),
    "waiting": lambda _: IS_OPEN & Q(state=State.WAITING),
    "snoozed": lambda _: IS_OPEN & Q(state=State.SNOOZED),
    "s1": lambda _: IS_OPEN & Q(severity=1),
    "closed": lambda _: closed_today(),
}
VIEWS: Final = tuple(_VIEWS)


def in_view(view: str, person: Any) -> Q:
    """The cases of a view: all that are open for one that does not exist."""
    return _VIEWS.get(view, _VIEWS[""])(person)


def wanted(choice: Choice, person: Any) -> Q:
    """The cases of a choice, as a condition. A searched text costs a query of its own."""
    shown = in_view(choice.view, person)
    found = search.found(choice.text) if choice.text else None
    if found is None:
        return shown & _narrowed(choice, person)
    meant = Q(pk__in=found.holding)
    if choice.view == "":  # who names a case, or what it held, asks for it however it ended
        named = Q(number=found.number) if found.number else Q(pk__in=())
        return (shown & found.words | meant | named) & _narrowed(choice, person)
    return shown & (found.words | meant) & _narrowed(choice, person)


def _narrowed(choice: Choice, person: Any) -> Q:
    columns: dict[str, Any] = {
        "code": choice.cause,
        "endpoint__slug": choice.endpoint,
        "severity": choice.severity,
    }
    asked = [Q(**{column: value}) for column, value in columns.items() if value]
    if choice.customer:
        asked.append(_of_customer(choice.customer))
    if choice.tag:
        asked.append(Q(tags__contains=[choice.tag]))
    if choice.holder:
        asked.append(_held(choice.holder, person))
    return reduce(and_, asked, Q())


def _of_customer(named: str) -> Q:
    """Cases of the customer, or of a group's."""
    slug = named.removeprefix(GROUP)
    if slug == named:
        return Q(customer__slug=named)
    return Q(customer__in=Customer.objects.filter(groups__slug=slug).values("pk"))


def _held(holder: str, person: Any) -> Q:
    if holder == ME:
        return of_person(person)
    if holder == NOBODY:
        return Q(assignee=None, team=None)
    for prefix, column in ((PERSON, "assignee_id"), (TEAM, "team_id")):
        key = holder.removeprefix(prefix)
        if key != holder and key.isascii() and key.isdigit() and len(key) < 10:
            return Q(**{column: int(key)})
    return Q(pk__in=())
