"""Work that somebody asked for and nobody waits for."""

from collections.abc import Callable

import structlog
from django.http import HttpResponseBase

log = structlog.get_logger()


def afterwards(response: HttpResponseBase, work: Callable[[], None]) -> None:
    """Do `work` once the answer has left, in the same thread and schema.

    How long the answer takes then says nothing about the work: whether there was anybody to send a mail
    to. It is done once; a process that dies in between has not done it.
    """

    def done() -> None:
        try:
            work()
        except Exception:  # the edge: nobody is left to be told
            log.exception("work after an answer failed")

    response._resource_closers.append(done)  # type: ignore[attr-defined]
