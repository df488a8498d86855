"""The door in this process, on an event loop of its own, as a web server would call it."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from psycopg.conninfo import make_conninfo

from integrations.door.app import Door
from portal.core.bodies import BUDGET, WITHIN, Bodies
from tests import pipeline

NAME = "crossdock-door-test"
MOST = 10 * 1024 * 1024
SILENCE = object()  # among the chunks: the connection stays open and nothing more comes


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any  # what JSON says, or the bytes of what is none


class Post(NamedTuple):
    """One request. `chunks` as the server hands them over; None ends the connection early, SILENCE
    leaves it open."""

    path: str
    chunks: Sequence[Any]
    headers: dict[str, str]
    method: str = "POST"


def signed(path: str, body: bytes, *, secret: str = pipeline.SECRET, **headers: str) -> Post:
    """A document as a sender with the secret posts it; `event="7"` gives it an event id."""
    sent = {"x-hub-signature-256": pipeline.signature(body, secret)}
    if "event" in headers:
        sent["x-event-id"] = headers["event"]
    return Post(path, [body], sent)


def conninfo(**changes: Any) -> str:
    """How the door connects in production, with a name by which its sessions are found."""
    database = settings.DATABASES["default"]
    return make_conninfo(
        **{
            "dbname": database["NAME"],
            "user": database["USER"],
            "password": database["PASSWORD"] or None,
            "host": database["HOST"] or None,
            "port": database["PORT"] or None,
            "application_name": NAME,
            **database["OPTIONS"],
            **changes,
        }
    )


class RunningDoor:
    """A door and the thread its event loop runs in."""

    def __init__(self, *, within: float = WITHIN, budget: int = BUDGET, **changes: Any) -> None:
        bodies = Bodies(most=MOST, within=within, budget=budget)
        self.door = Door(conninfo(**changes), bodies)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def send(self, *posts: Post) -> list[Answer]:
        """All at once; the answers in the order of the requests."""
        return asyncio.run_coroutine_threadsafe(self._send(posts), self._loop).result(60)

    async def _send(self, posts: Sequence[Post]) -> list[Answer]:
        return await asyncio.gather(*(call(self.door, post) for post in posts))

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if self.door._ready is not None:
            await self.door._pool.close()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def call(door: Door, post: Post) -> Answer:
    """One request by the rules of ASGI 3."""
    chunks = list(post.chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        chunk = chunks.pop(0) if chunks else None
        if chunk is SILENCE:
            await asyncio.Event().wait()
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    headers = [
        (key.encode("latin-1"), value.encode("latin-1")) for key, value in post.headers.items()
    ]
    scope = {"type": "http", "method": post.method, "path": post.path, "headers": headers}
    await door(scope, receive, send)
    start, body = sent
    named = {key.decode(): value.decode() for key, value in start["headers"]}
    is_json = named.get("content-type") == "application/json"
    return Answer(start["status"], named, json.loads(body["body"]) if is_json else body["body"])
