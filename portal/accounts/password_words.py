"""Whether a password is good enough, in our words."""

from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from portal.accounts.models import Person

_WORDS: Final = {
    "password_too_short": gettext_noop(
        "Take at least {min_length} characters. A few words that make no sense together are easy to keep."
    ),
    "password_too_common": gettext_noop(
        "This is one of the passwords that are tried first. Take another one."
    ),
    "password_too_similar": gettext_noop(
        "This is too much like your name or address. Take another one."
    ),
    "password_entirely_numeric": gettext_noop("Take letters, too, and not only digits."),
}


def problems(password: str, *, person: Person) -> list[str]:
    """What is wrong with a password for `person`, who need not be stored; none when it will do."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return [_said(one) for one in error.error_list]
    return []


def _said(one: Any) -> str:
    words = _WORDS.get(one.code)
    return gettext(words).format(**(one.params or {})) if words else " ".join(one.messages)
