"""How pure packages say something: as it is written in them, unless a reader's language is set.

Pages and mails set it (`portal.core.tongue`). Documents set it aside: their bytes are the same whoever asks,
and so are they for everybody who has not said what they read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import NamedTuple


class Speech(NamedTuple):
    """A language: `one` says a text in it, `many` the form that goes with a number. `marks`: from 1,234.5 as
    Python writes it to the reader's marks, for `str.translate`. `month`: April, or Apr when `short`."""

    one: Callable[[str], str]
    many: Callable[[str, str, int], str]
    marks: Callable[[], Mapping[int, str]]
    month: Callable[[date, bool], str]


_current: ContextVar[Speech | None] = ContextVar("speech", default=None)


@contextmanager
def speak(speech: Speech | None) -> Iterator[None]:
    """Say everything so within the block; None: as it is written."""
    token = _current.set(speech)
    try:
        yield
    finally:
        _current.reset(token)


def gettext_noop(text: str) -> str:
    """`text` as it is: it is marked, and said in the reader's language later."""
    return text


def gettext(text: str) -> str:
    """`text` in the reader's language."""
    speech = _current.get()
    return speech.one(text) if speech else text


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text that goes with `number`, in the reader's language."""
    speech = _current.get()
    if speech:
        return speech.many(one, many, number)
    return one if number == 1 else many


def again(said: str, texts: Iterable[str]) -> str:
    """What one of `texts` said and was kept in English, in the reader's language; anything else as it is."""
    for text in texts:
        pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(text))
        if found := re.fullmatch(pattern, said, re.S):
            return gettext(text) % found.groupdict()
    return said


def figures(text: str) -> str:
    """A number that was written as Python does (1,234.5), with the reader's marks."""
    speech = _current.get()
    return text.translate(speech.marks()) if speech else text


def month(on: date, *, short: bool = False) -> str:
    """April; Apr when `short`."""
    speech = _current.get()
    return speech.month(on, short) if speech else f"{on:%b}" if short else f"{on:%B}"
