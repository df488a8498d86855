"""A POST that is sent twice takes effect once: the first answer is kept for a day under its key.

The answer is stored in the transaction of what it tells, so that neither stands without the other. Whoever
runs holds an advisory lock, which PostgreSQL frees when a worker dies. An answer that refused is not kept:
nothing happened, and the request may be mended under the same key. What is shown once is not kept at all:
a repeat finds null in its place.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import KeptAnswer
from portal.api.problems import ProblemError, from_error, refuse
from portal.core import clock
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit

KEPT_FOR: Final = timedelta(hours=24)
HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_LONGEST: Final = 200


def once(
    request: Request, run: Callable[[], Response], *, unkept: Collection[str] = ()
) -> Response:
    """What `run` answers, or answered when this key was first sent. Without a key it simply runs.

    `unkept`: fields of the answer that nobody is told twice.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not 0 < len(key) <= _LONGEST or not key.isprintable():
        raise refuse(f"{HEADER} has 1 to {_LONGEST} printable characters.", at=HEADER)
    holder = {"person_id": request.user.pk, "token_id": getattr(request.auth, "pk", None)}
    with _alone(f"{current_schema()}/{holder}/{key}"):
        return _kept(request, key, holder) or _run_and_keep(request, run, key, holder, unkept)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise ProblemError("running", headers={"Retry-After": "1"})
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _kept(request: Request, key: str, holder: dict[str, Any]) -> Response | None:
    with beyond_limit():
        found = KeptAnswer.objects.filter(
            **holder, key=key, kept_at__gt=clock.now() - KEPT_FOR
        ).first()
    if found is None:
        return None
    if found.request_digest != _digest(request):
        raise ProblemError("key-reused")
    headers = {**found.headers, REPLAYED: "true"}
    return Response(found.body, status=found.status, headers=headers)


def _run_and_keep(
    request: Request,
    run: Callable[[], Response],
    key: str,
    holder: dict[str, Any],
    unkept: Collection[str],
) -> Response:
    with transaction.atomic():
        response, refused = _run(run)
        if response is not None:
            _keep(request, response, key, holder, unkept)
    if refused is not None:
        raise refused
    return response  # type: ignore[return-value]


def _run(run: Callable[[], Response]) -> tuple[Response | None, Exception | None]:
    """What is refused is not rolled back: its verb kept what it meant to keep, such as why it failed."""
    try:
        return run(), None
    except Exception as error:
        if from_error(error) is None:
            raise
        return None, error


def _keep(
    request: Request,
    response: Response,
    key: str,
    holder: dict[str, Any],
    unkept: Collection[str],
) -> None:
    now, body = clock.now(), response.data
    if unkept:
        body = {**body, **dict.fromkeys(unkept)}
    with beyond_limit():
        KeptAnswer.objects.filter(kept_at__lte=now - KEPT_FOR).delete()
        KeptAnswer.objects.create(
            **holder, key=key, request_digest=_digest(request), status=response.status_code,
            headers=dict(response.headers), body=body, kept_at=now,
        )  # fmt: skip


def _digest(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request._request.body).hexdigest()
