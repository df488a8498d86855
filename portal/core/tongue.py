"""Which language somebody is spoken to in, and speaking it.

A language is the first of those that somebody chose: the person, their customer, the partner. A blank is no
choice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.conf import settings
from django.utils import dateformat, translation
from django.utils.translation import gettext, ngettext

from portal.core import manner, words
from portal.core.words import Speech

LANGUAGES: Final = dict(settings.LANGUAGES)


def first(*chosen: str) -> str:
    """The first that is chosen and that we speak; else the one our texts are written in."""
    return next((one for one in chosen if one in LANGUAGES), settings.LANGUAGE_CODE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in `language` within the block, also what pure packages say."""
    with translation.override(language), words.speak(_SPEECH):
        yield


@contextmanager
def as_documents() -> Iterator[None]:
    """As documents are written within the block: in one language and one manner, whoever asks for them."""
    with translation.override(settings.LANGUAGE_CODE), words.speak(None):
        yield


def _month(on: date, short: bool) -> str:
    return dateformat.format(on, "M" if short else "F")


_SPEECH: Final = Speech(gettext, ngettext, manner.marks, _month)
