"""Signing in, step by step. Every way of it ends in `complete`.

After a right password a person with a second step is *pending*: the session knows whose password was
right and nothing else, for five minutes, in this browser. Nobody is signed in before `complete`.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.domain import (
    authenticators,
    factors,
    lockout,
    passkeys,
    recovery,
    sessions,
    ways,
)
from portal.accounts.domain.lockout import Tried
from portal.accounts.domain.passkeys import NotAcceptedError, Place
from portal.accounts.domain.ways import OtherWayError
from portal.accounts.models import Person
from portal.core import clock, words
from portal.core.sender import address_of

BACKEND: Final = "portal.accounts.backends.EmailBackend"
PENDING_FOR: Final = timedelta(minutes=5)
_PENDING: Final = "pending"
_CHALLENGE: Final = "challenge"
log = structlog.get_logger()


class OverError(Exception):
    """The step before was never taken, or too long ago: back to the start."""


class Pending(NamedTuple):
    """Who took the first step, where they were going, and which step it was."""

    person: Person
    onward: str
    how: str


def by_password(request: HttpRequest, *, email: str, password: str) -> Person:
    """Whose they are. WrongError for nobody's, LockedError when it was tried too often, and OtherWayError
    for a right password of somebody who signs in by a provider only."""
    tried = Tried(address_of(request), email)
    found = lockout.checked(
        tried, lambda: auth.authenticate(request, username=email, password=password)
    )
    assert isinstance(found, Person)
    ways.must_be_open(found)
    return found


def go_on(request: HttpRequest, person: Person, *, onward: str, how: str = "password") -> bool:
    """After a first step: signed in (True), or pending if the person has a second step (False)."""
    if not factors.has_one(person):
        complete(request, person, how=how)
        return True
    request.session.flush()
    request.session[_PENDING] = {
        "person": person.pk,
        "password": person.get_session_auth_hash(),
        "at": clock.now().timestamp(),
        "onward": onward,
        "how": how,
    }
    request.session.set_expiry(int(PENDING_FOR.total_seconds()))
    return False


def pending(request: HttpRequest) -> Pending | None:
    """Who has the second step before them in this browser; nobody after five minutes, or once the
    password was changed or the person has left."""
    kept = request.session.get(_PENDING)
    if not kept or _age(kept["at"]) > PENDING_FOR:
        return None
    person = Person.objects.select_related("role").filter(pk=kept["person"], is_active=True).first()
    if person is None or person.get_session_auth_hash() != kept["password"]:
        return None
    return Pending(person, kept["onward"], kept["how"])


def by_code(request: HttpRequest, code: str) -> Pending:
    """The second step by a code of the app or a recovery code: signed in. OverError without a first step;
    WrongError and LockedError as for passwords: wrong codes are counted with wrong passwords."""
    waiting = pending(request)
    if waiting is None:
        raise OverError
    tried = Tried(address_of(request), waiting.person.email)
    how = lockout.checked(tried, lambda: _by_which_code(waiting.person, code))
    complete(request, waiting.person, how=f"{waiting.how} and {how}")
    return waiting


_WAYS: Final = (
    gettext_noop("password"),
    gettext_noop("password and code"),
    gettext_noop("password and recovery code"),
    gettext_noop("password and passkey"),
    gettext_noop("passkey"),
    gettext_noop("invitation"),
    gettext_noop("%(provider)s, second step there"),
    gettext_noop("%(provider)s and recovery code"),
    gettext_noop("%(provider)s and code"),
    gettext_noop("%(provider)s and passkey"),
)


def way_said(how: str) -> str:
    """A way of signing in, as sessions keep it, in the reader's language."""
    return words.again(how, _WAYS)


def _by_which_code(person: Person, code: str) -> str | None:
    digits = "".join(code.split())
    if digits.isdigit():
        return "code" if authenticators.use(person, digits) else None
    return "recovery code" if recovery.use(person, code) else None


def ask_for_passkey(request: HttpRequest, place: Place) -> dict[str, object]:
    """Options for the browser: any passkey for this site, or of whoever has the second step before them."""
    waiting = pending(request)
    asked = passkeys.ask_to_use(place, waiting.person if waiting else None)
    keep_challenge(request, asked.state)
    if waiting is None:
        request.session.set_expiry(int(PENDING_FOR.total_seconds()))
    return asked.options


def by_passkey(request: HttpRequest, place: Place, answer: str) -> Pending:
    """Signed in by a passkey, alone or after the password. NotAcceptedError, and LockedError for a sender
    who was wrong too often. An account that waits is open to its passkeys: nobody guesses those."""
    state, waiting = take_challenge(request), pending(request)
    if state is None:
        raise NotAcceptedError(_("That took too long, or was answered before. Try again."))
    tried = Tried(address_of(request))
    lockout.is_open(tried)
    try:
        person = passkeys.use(place, state=state, answer=answer)
    except NotAcceptedError:
        lockout.counted(tried)
        raise
    if waiting and waiting.person.pk != person.pk:
        raise NotAcceptedError(
            _("That passkey is not one of %(email)s.") % {"email": waiting.person.email}
        )
    if waiting is None:
        _must_be_open(person)
    how = f"{waiting.how} and passkey" if waiting else "passkey"
    complete(request, person, how=how)
    return Pending(person, waiting.onward if waiting else "", how)


def _must_be_open(person: Person) -> None:
    try:
        ways.must_be_open(person)
    except OtherWayError as error:
        raise NotAcceptedError(str(error)) from None


def complete(
    request: HttpRequest, person: Person, *, how: str, second_step_elsewhere: bool = False
) -> None:
    """The person is signed in: a session with a new key, noted with the way in which it began.

    `how`: a few words, such as "password and code". Whoever calls this has seen enough to know who it is.
    `second_step_elsewhere`: they passed one at a provider that is trusted with it.
    """
    if not person.is_active:
        raise PermissionDenied
    request.session.pop(_PENDING, None)
    request.session.pop(_CHALLENGE, None)
    auth.login(request, person, backend=BACKEND)
    sessions.begin(request, person, how=how)
    sessions.note_second_step(request, elsewhere=second_step_elsewhere)
    lockout.forgive(person.email)
    lockout.tidy()
    sessions.tidy()
    log.info("signed in", person=person.pk, how=how)


def keep_challenge(request: HttpRequest, state: dict[str, str]) -> None:
    """Keep what a passkey has to answer."""
    request.session[_CHALLENGE] = {"state": state, "at": clock.now().timestamp()}


def take_challenge(request: HttpRequest) -> dict[str, str] | None:
    """What a passkey had to answer: once, and within five minutes."""
    kept = request.session.pop(_CHALLENGE, None)
    return kept["state"] if kept and _age(kept["at"]) <= PENDING_FOR else None


def _age(seconds: float) -> timedelta:
    return clock.now() - datetime.fromtimestamp(seconds, UTC)
