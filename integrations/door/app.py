"""The door: where webhooks are taken in. A thin path of its own beside the pages.

POST /in/<partner>/<endpoint> on any host name of the installation. The answer 200 means stored; to a
message over AS2 it may hold a receipt, which says what became of it.
No session, no tenant lookup by host, no Django request: nothing here depends on what is behind it.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from integrations.connectors.inbound import Refused
from integrations.door.admission import Addresses, Admission
from integrations.door.as2 import As2, Reply, Turned
from integrations.door.groups import GroupCommit, StoreFailedError
from integrations.queries.intake import Arrival
from portal.core import traces
from portal.core.bodies import Bodies, BodyRefusedError
from portal.core.errors import NeedsCredentials
from portal.tenants.lifecycle import ShutDoor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
PREFIX = "/in/"
CONFIG_CHANNEL = "crossdock_config"
# What a sender is told, by the reason that is counted.
REFUSALS = {
    "method": "Send documents with POST.",
    "address": "No endpoint takes documents at this address.",
    "size": "A document may have at most {most} MB.",
    "cut": "The connection ended before the document did.",
    "slow": "The document took too long to arrive.",
    "busy": "Too much is arriving at once. Send it again in a moment.",
    "store": "Not stored. Send it again in a moment.",
    "keys": "Messages cannot be opened here at the moment. Send it again later.",
}
# Programs send documents; a browser that is led here shows nothing and keeps nothing.
_FOR_BROWSERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
STORE_WITHIN = 5.0  # seconds without a database until senders are asked to come again
log = structlog.get_logger()


class ShutError(Exception):
    """The partner takes nothing now, or nothing any more. Whoever comes is answered unread."""

    def __init__(self, door: ShutDoor) -> None:
        super().__init__(door.text)
        self.door = door


class Door:
    """An ASGI application for paths under /in/."""

    def __init__(self, conninfo: str, bodies: Bodies) -> None:
        self._conninfo = conninfo
        self._bodies = bodies
        self._refusals: Counter[tuple[str, int, str]] = Counter()
        self._said: dict[tuple[str, int, str], str] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ready: asyncio.Future[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._open_once()
        try:
            with traces.span("door", partner=scope["path"][len(PREFIX) :].partition("/")[0]):
                reply = await self._take(scope, receive)
        except Refused as refused:
            retry_after = 5 if refused.status == 503 else None
            await answer(send, refused.status, refused.text, retry_after=retry_after)
        except ShutError as shut:
            door = shut.door
            await answer(send, door.status, door.text, retry_after=door.retry_after)
        except (StoreFailedError, psycopg.Error, TimeoutError):
            await answer(send, 503, REFUSALS["store"], retry_after=5)
        else:
            await (respond(send, reply) if reply else answer(send, 200, "stored"))

    async def _take(self, scope: Scope, receive: Receive) -> Reply | None:
        """Store what came. Returns what the sender is answered, where that is more than that it is stored."""
        if scope["method"] != "POST":
            raise Refused(405, "method", REFUSALS["method"])
        partner, _, slug = scope["path"][len(PREFIX) :].partition("/")
        try:
            admission = await self._addresses.find(partner, slug.rstrip("/"))
        except NeedsCredentials as error:
            log.warning("door cannot use what was entered", partner=partner, error=str(error))
            raise Refused(503, "keys", REFUSALS["keys"]) from error
        if admission is None:
            raise Refused(404, "address", REFUSALS["address"])
        if isinstance(admission, ShutDoor):
            raise ShutError(admission)
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            body = await self._body(receive, headers, admission)
            if _speaks_as2(admission, headers):
                return self._noted(admission, await self._as2.take(admission, headers, body))
            document = admission.connector.admit(headers, body, admission.connection)  # type: ignore[misc]
            arrival = Arrival(admission.endpoint_id, admission.customer_id, document)
            await self._groups.store(admission.schema, arrival)
        except Refused as refused:
            if refused.status >= 400:
                self._refuse(admission, refused.reason, refused.said)
            raise
        return None

    def _noted(self, admission: Admission, reply: Reply | Turned) -> Reply:
        if isinstance(reply, Reply):
            return reply
        self._refuse(admission, reply.reason, reply.said)
        return reply.reply

    def _refuse(self, admission: Admission, reason: str, said: str) -> None:
        key = (admission.schema, admission.endpoint_id, reason)
        self._refusals[key] += 1
        if said:
            self._said[key] = said[:300]

    async def _body(self, receive: Receive, headers: dict[str, str], admission: Admission) -> bytes:
        """What can be refused by its headers is refused unread."""
        try:
            self._bodies.check(headers.get("content-length", "0"))
            check = admission.connector.check_headers
            if check and not _speaks_as2(admission, headers):
                check(headers, admission.connection)
            return await self._bodies.read(receive)
        except BodyRefusedError as refused:
            text = REFUSALS[refused.reason].format(most=self._bodies.most // 2**20)
            raise Refused(refused.status, refused.reason, text) from None

    async def _open_once(self) -> None:
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._pool = AsyncConnectionPool(
                self._conninfo,
                min_size=2,
                max_size=4,
                timeout=STORE_WITHIN,
                # After a long outage the pool would wait up to a minute before it looks again.
                reconnect_timeout=STORE_WITHIN,
                kwargs={"autocommit": True},
                check=AsyncConnectionPool.check_connection,
                open=False,
            )
            await self._pool.open()
            self._addresses = Addresses(self._pool)
            self._groups = GroupCommit(self._pool)
            self._as2 = As2(self._pool, self._groups, self._bodies)
            for work in (self._groups.run, self._follow_changes, self._count_refusals):
                self._tasks.append(asyncio.create_task(work()))
            self._ready.set_result(None)
        await self._ready

    async def _follow_changes(self) -> None:
        while True:
            with contextlib.suppress(psycopg.Error):
                async with await AsyncConnection.connect(
                    self._conninfo, autocommit=True
                ) as listener:
                    await listener.execute(f"LISTEN {CONFIG_CHANNEL}")
                    self._addresses.forget_all()  # nobody told us of changes until now
                    async for notice in listener.notifies():
                        self._addresses.forget(notice.payload)
            await asyncio.sleep(1)

    async def _count_refusals(self) -> None:
        while True:
            await asyncio.sleep(1)
            counted, self._refusals = self._refusals, Counter()
            said, self._said = self._said, {}
            for (schema, endpoint_id, reason), count in counted.items():
                text = said.get((schema, endpoint_id, reason), "")
                try:
                    await self._count(schema, endpoint_id, reason=reason, count=count, said=text)
                except (psycopg.Error, TimeoutError) as error:
                    self._refusals[schema, endpoint_id, reason] += count
                    log.warning("door could not count refusals", error=str(error))

    async def _count(
        self, schema: str, endpoint_id: int, *, reason: str, count: int, said: str
    ) -> None:
        query = sql.SQL(
            "INSERT INTO {table} AS r (endpoint_id, hour, reason, count, said)"
            " VALUES (%s, date_trunc('hour', now()), %s, %s, %s)"
            " ON CONFLICT (endpoint_id, hour, reason) DO UPDATE SET count = r.count + excluded.count,"
            " said = coalesce(nullif(excluded.said, ''), r.said)"
        ).format(table=sql.Identifier(schema, "integrations_doorrefusal"))
        async with self._pool.connection() as connection:
            await connection.execute(query, [endpoint_id, reason, count, said.replace("\0", "")])


def _speaks_as2(admission: Admission, headers: dict[str, str]) -> bool:
    """Whether this is for the AS2 side of an endpoint; one that takes webhooks, too, tells them apart."""
    return bool(admission.agreement) and (
        admission.connector.admit is None or "as2-from" in headers
    )


async def respond(send: Send, reply: Reply) -> None:
    """Give a sender the answer that was made for it."""
    headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    length = (b"content-length", str(len(reply.body)).encode())
    headers = [*headers, length, *_FOR_BROWSERS]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def answer(send: Send, status: int, text: str, *, retry_after: int | None = None) -> None:
    """Tell a sender what became of what they sent."""
    body = json.dumps({"detail": text} if status >= 400 else {"status": text}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *_FOR_BROWSERS,
    ]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


__all__ = ["PREFIX", "Admission", "Door"]
