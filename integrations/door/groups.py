"""Group commit: documents that arrive together are stored together, and answered when durable."""

import asyncio
from collections import defaultdict
from collections.abc import Collection

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from integrations.connectors.inbound import Refused
from integrations.queries import intake
from integrations.queries.intake import Arrival
from portal.jobs.lanes import CHANNEL, WAKE_SQL

GATHER_SECONDS = 0.002
MOST_PER_GROUP = 256
Members = list[tuple[Arrival, asyncio.Future[None]]]
log = structlog.get_logger()


class StoreFailedError(Exception):
    """The database did not take the group; nothing of it is stored and senders may come again."""


class GroupCommit:
    """Collects arrivals for two milliseconds and stores each schema's in one statement."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._waiting: list[tuple[str, Arrival, asyncio.Future[None]]] = []
        self._wanted = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, schema: str, arrival: Arrival) -> None:
        """Return once `arrival` is durable. Raises StoreFailedError when it may come again, Refused
        when it can never be stored."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((schema, arrival, future))
        self._wanted.set()
        await future

    async def run(self) -> None:
        """Store groups until cancelled."""
        while True:
            await self._wanted.wait()
            await asyncio.sleep(GATHER_SECONDS)
            group, self._waiting = self._waiting[:MOST_PER_GROUP], self._waiting[MOST_PER_GROUP:]
            if not self._waiting:
                self._wanted.clear()
            by_schema = defaultdict(list)
            for schema, arrival, future in group:
                by_schema[schema].append((arrival, future))
            for schema, members in by_schema.items():
                task = asyncio.create_task(self._store_group(schema, members))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _store_group(self, schema: str, members: Members) -> None:
        arrivals = [arrival for arrival, _ in members]
        try:
            async with self._pool.connection() as connection:
                _, values = intake.values(arrivals)
                cursor = await connection.execute(intake.statement(schema), values)
                _answer(members, None)
                if early := await cursor.fetchall():
                    columns = [list(column) for column in zip(*early, strict=True)]
                    await connection.execute(intake.tell_duplicates(schema), columns)
                await wake(connection, schema, "translate", {str(a.customer_id) for a in arrivals})
        except (psycopg.DataError, UnicodeError) as error:
            await self._store_halves(schema, members, error)
        except (psycopg.Error, TimeoutError) as error:
            log.warning(
                "door could not store", schema=schema, documents=len(members), error=str(error)
            )
            _answer(members, StoreFailedError())

    async def _store_halves(self, schema: str, members: Members, error: Exception) -> None:
        """One document the database will never take must not fail the others of its group."""
        if len(members) == 1:
            log.warning("door got what cannot be stored", schema=schema, error=str(error))
            text = "The event id or the topic holds characters that cannot be stored."
            _answer(members, Refused(400, "unstorable", text))
            return
        middle = len(members) // 2
        for half in (members[:middle], members[middle:]):
            await self._store_group(schema, half)


def _answer(members: Members, failure: StoreFailedError | Refused | None) -> None:
    for _, future in members:
        if future.done():  # the sender left, or was answered before the wake-up failed
            continue
        if failure:
            future.set_exception(failure)
        else:
            future.set_result(None)


async def wake(
    connection: psycopg.AsyncConnection, schema: str, kind: str, keys: Collection[str]
) -> None:
    """Say that lanes of one kind have work now."""
    for key in keys:
        values = {"schema": schema, "kind": kind, "key": key}
        cursor = await connection.execute(WAKE_SQL.replace("%(at)s", "now()"), values)
        if cursor.rowcount:
            await connection.execute("SELECT pg_notify(%s, '')", [CHANNEL])
