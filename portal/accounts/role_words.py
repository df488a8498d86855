"""What the roles of customers' people are called in the reader's language, by their first names."""

from typing import Final

from django.utils.translation import gettext, gettext_noop

_FIRST: Final = (gettext_noop("Customer owner"), gettext_noop("Customer viewer"))


def said(label: str) -> str:
    """A label as it is read; one that the partner wrote stays as it is."""
    return gettext(label) if label in _FIRST else label
