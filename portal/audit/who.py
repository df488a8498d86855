"""Who acts, as whom and why, while a request or a command runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from auditlog.context import auditlog_value


class Who(NamedTuple):
    """`by`: a name, blank for the house by itself. `as_whom` and `why`: where they act for somebody else."""

    by: str = ""
    as_whom: str = ""
    why: str = ""


_NOBODY: Final = Who()
_who: ContextVar[Who] = ContextVar("who acts", default=_NOBODY)


def acts() -> Who:
    """Whoever acts now."""
    return _who.get()


@contextmanager
def acting(who: Who) -> Iterator[None]:
    """Whatever is written inside was done by `who`."""
    token = _who.set(who)
    try:
        yield
    finally:
        _who.reset(token)


@contextmanager
def from_elsewhere(who: Who) -> Iterator[None]:
    """As `acting`, for somebody who is a person of another schema: entries name them, and never take their
    number for that of a person here."""
    told = auditlog_value.get({})
    actor = told.get("actor")
    told["actor"] = None
    try:
        with acting(who):
            yield
    finally:
        told["actor"] = actor
