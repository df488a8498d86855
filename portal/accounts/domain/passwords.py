"""Passwords: changing one's own, and a link by mail for whoever forgot theirs."""

from datetime import timedelta
from typing import Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.utils.http import base36_to_int, int_to_base36

from portal.accounts.domain import lockout, sessions
from portal.accounts.domain.lockout import Tried
from portal.accounts.models import Person
from portal.core.sender import address_of

LINK_LASTS: Final = timedelta(hours=1)  # settings.PASSWORD_RESET_TIMEOUT
_tokens: Final = PasswordResetTokenGenerator()


def is_right(request: HttpRequest, person: Person, password: str) -> None:
    """Nothing, if it is the person's password. WrongError and LockedError as at the login."""
    tried = Tried(address_of(request), person.email)
    lockout.checked(tried, lambda: person.check_password(password) or None)
    lockout.forgive(person.email)


def change(person: Person, password: str, *, but: str | None = None) -> None:
    """Set a password that was checked, and end the person's sessions, but for the one with the key `but`."""
    person.set_password(password)
    person.save(update_fields=["password"])
    sessions.end_all(person, but=but)


def ask_for_link(request: HttpRequest, email: str) -> None:
    """Count that somebody asks for a link. LockedError when it is too often, whether or not there is
    such a person."""
    lockout.counted(Tried(address_of(request), email, purpose="forgotten"))


def new_token(person: Person) -> str:
    """A token for the link: good for an hour, until the password is changed or the person logs in."""
    return f"{int_to_base36(person.pk)}-{_tokens.make_token(person)}"


def whose(token: str) -> Person | None:
    """Who may set a new password with it."""
    number, _, rest = token.partition("-")
    try:
        pk = base36_to_int(number)
    except ValueError:
        return None
    person = Person.objects.select_related("role").filter(pk=pk, is_active=True).first()
    return person if person and _tokens.check_token(person, rest) else None
