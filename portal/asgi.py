"""What the web server runs: the door under /in/, the pages for everything else."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from psycopg.conninfo import make_conninfo

from portal.wsgi import application as pages_wsgi

from integrations.door.app import PREFIX, Door  # isort: skip  needs Django set up

_PAGE_THREADS = 8


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


_door = Door(_conninfo(), max_body=settings.DOOR_MAX_BODY)
# Typed as Any: Django's and a2wsgi's annotations of the same protocols differ.
_pages: Any = WSGIMiddleware(cast(Any, pages_wsgi), workers=_PAGE_THREADS)


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    if scope["type"] == "http" and scope["path"].startswith(PREFIX):
        await _door(scope, receive, send)
    elif scope["type"] == "http":

        async def next_event() -> MutableMapping[
            str, Any
        ]:  # a2wsgi wants a coroutine, not a future
            return await receive()

        await _pages(scope, next_event, send)
