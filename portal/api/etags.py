"""Which version of a thing an answer shows: strong ETags, made of what is said (RFC 9110 §8.8.3)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from portal.api.problems import ProblemError
from portal.tenants.current import current_schema


def of_data(data: Any) -> str:
    """Of an answer's JSON."""
    return of_bytes(JSONRenderer().render(data))


def of_bytes(body: bytes) -> str:
    """Of a file."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names it: then it need not be sent."""
    return _names(request.headers.get("If-None-Match", ""), etag)


@contextmanager
def one_at_a_time(path: str) -> Iterator[None]:
    """Between the look and the write no other request changes what is at `path`."""
    with transaction.atomic(), connection.cursor() as cursor:
        name = f"{current_schema()}{path}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [name])
        yield


def require_match(request: Request, etag: str) -> None:
    """Let a write through only where `If-Match` names what stands now: else 428 or 412."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise ProblemError("precondition-required")
    if not _names(given, etag, weak=False):
        raise ProblemError("changed", headers={"ETag": etag})


def _names(header: str, etag: str, *, weak: bool = True) -> bool:
    """`*` is anything. A weak tag is as good for reading, and none for writing."""
    given = [one.strip() for one in header.split(",")]
    return "*" in given or any((one.removeprefix("W/") if weak else one) == etag for one in given)
