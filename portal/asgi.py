"""What the web server runs: the door under /in/, the pages for everything else."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from psycopg.conninfo import make_conninfo

from portal.core.bodies import REFUSAL, Bodies, BodyRefusedError
from portal.wsgi import application as pages_wsgi

from integrations.door.app import PREFIX, Door  # isort: skip  needs Django set up

_PAGE_THREADS = 8
Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


def _conninfo() -> str:
    database = settings.DATABASES["default"]
    return make_conninfo(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"] or None,
        host=database["HOST"] or None,
        port=database["PORT"] or None,
        **database["OPTIONS"],
    )


_door = Door(_conninfo(), Bodies(most=settings.DOOR_MAX_BODY))
_bodies = Bodies(most=settings.PAGES_MAX_BODY)
# Typed as Any: Django's and a2wsgi's annotations of the same protocols differ.
_pages: Any = WSGIMiddleware(cast(Any, pages_wsgi), workers=_PAGE_THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"].startswith(PREFIX):
        await _door(scope, receive, send)
    elif scope["type"] == "http":
        await _page(scope, receive, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    """A page gets a thread when its body is there: a slow sender must not keep one waiting."""
    announced = dict(scope["headers"]).get(b"content-length", b"0").decode("latin-1")
    body = b""
    try:
        _bodies.check(announced)
        body = await _bodies.read(receive)
    except BodyRefusedError as refused:
        if refused.reason == "cut":
            return
        scope = {**scope, REFUSAL: refused.status}

    async def gathered() -> Event:
        return {"type": "http.request", "body": body, "more_body": False}

    with _bodies.held(body):
        await _pages(scope, gathered, send)
