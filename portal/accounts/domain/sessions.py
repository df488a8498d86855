"""Where somebody is signed in: keeping it up to date, and ending it."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from portal.accounts.models import Person, Session
from portal.accounts.session_store import ADDRESS, AGENT, HOW, SEEN, SIGNED_IN, SessionStore
from portal.core import clock
from portal.core.sender import address_of

IDLE_OF_STAFF: Final = timedelta(hours=12)
IDLE_OF_CUSTOMERS: Final = timedelta(days=30)
WRITTEN_EVERY: Final = timedelta(minutes=1)
FRESH: Final = timedelta(minutes=10)
_CONFIRMED: Final = "confirmed"
_SECOND_STEP: Final = "second_step_elsewhere"


def begin(request: HttpRequest, person: Person, *, how: str) -> None:
    """Note in the session that `person` has signed in, in which way and from where."""
    now = clock.now().timestamp()
    noted = {SIGNED_IN: now, SEEN: now, _CONFIRMED: now, HOW: how, **_where(request)}
    request.session.update(noted)
    request.session.set_expiry(int(_idle(person).total_seconds()))


def note_second_step(request: HttpRequest, *, elsewhere: bool) -> None:
    """Note whether the person passed a second step at a provider that is trusted with it."""
    request.session[_SECOND_STEP] = elsewhere


def had_second_step(request: HttpRequest) -> bool:
    """Whether this session began with a second step at a provider."""
    return bool(request.session.get(_SECOND_STEP))


def _where(request: HttpRequest) -> dict[str, str]:
    return {ADDRESS: address_of(request), AGENT: request.META.get("HTTP_USER_AGENT", "")[:300]}


def is_over(request: HttpRequest, person: Person) -> bool:
    """Whether the session was left alone for too long."""
    return clock.now() - _at(request, SEEN) > _idle(person)


def see(request: HttpRequest) -> None:
    """Note that the session is in use; nothing is written more often than once a minute."""
    if clock.now() - _at(request, SEEN) >= WRITTEN_EVERY:
        request.session.update({SEEN: clock.now().timestamp(), **_where(request)})


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last ten minutes."""
    return clock.now() - _at(request, _CONFIRMED) <= FRESH


def confirm(request: HttpRequest) -> None:
    """The person has shown again who they are."""
    request.session[_CONFIRMED] = clock.now().timestamp()


def _at(request: HttpRequest, name: str) -> datetime:
    return datetime.fromtimestamp(request.session.get(name, 0), UTC)


def _idle(person: Person) -> timedelta:
    return IDLE_OF_CUSTOMERS if person.is_customer else IDLE_OF_STAFF


def of(person: Person) -> list[Session]:
    """Where the person is signed in, the browser used last first."""
    live = Session.objects.filter(person=person, seen_at__gte=clock.now() - _idle(person))
    return list(live.defer("session_data").order_by("-seen_at", "pk"))


def reference(session_key: str) -> str:
    """What a page calls a session: its key would open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


def end(person: Person, named: str) -> bool:
    """End the person's session with that reference; whether there was one."""
    keys = [one.pk for one in of(person) if reference(one.pk) == named]
    return _end(Session.objects.filter(pk__in=keys)) == 1


def end_all(person: Person, but: str | None = None) -> int:
    """End the person's sessions, except the one with the key `but`. Returns how many."""
    return _end(Session.objects.filter(person=person).exclude(pk=but or ""))


def _end(sessions: Any) -> int:
    return int(sessions.delete()[0])


def tidy() -> None:
    """Delete what has run out."""
    SessionStore.clear_expired()
