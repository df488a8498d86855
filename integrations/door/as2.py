"""AS2 at the door: a message is stored, then answered with its receipt; a receipt is kept for its message.

A receipt is given for what is stored, and not before. Taking a message apart costs processor time, so it is
done beside the event loop, a few at a time.
"""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from psycopg import sql
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from integrations.connectors.inbound import Refused
from integrations.door import as2_judge
from integrations.door.admission import Admission
from integrations.door.as2_judge import Post, Receipt, Unread
from integrations.door.groups import GroupCommit, wake
from integrations.formats import as2
from integrations.formats.as2.disposition import UNKNOWN_PARTNER
from integrations.queries.intake import Arrival
from portal.core import clock
from portal.core.bodies import Bodies
from portal.core.ids import uuid7

LANE: Final = "as2"
AT_ONCE: Final = 2  # messages that are taken apart at the same time
# Refusals are answered at full quarters of a second: how long one took shall not say how far it came.
BEAT: Final = 0.25
MOST_REFUSALS: Final = 100  # receipts of refused messages that wait to be posted, per endpoint
LARGEST_RECEIPT: Final = 1024 * 1024
_LONGEST_ADDRESS: Final = 2000
_NOT_TAKEN: Final = "The message was not taken."

_EARLIER: Final = """
    SELECT mic, mic_algorithm, receipt_headers, receipt_body, deliver_to FROM {came}
    WHERE endpoint_id = %s AND message_id = %s AND mic <> '' ORDER BY id DESC LIMIT 1
"""
_SAME: Final = """
    UPDATE {came} SET due_at = CASE WHEN deliver_to <> '' THEN now() END, attempts = 0
    WHERE endpoint_id = %s AND message_id = %s AND mic = %s AND mic_algorithm = %s
    RETURNING mic, mic_algorithm, receipt_headers, receipt_body, deliver_to
"""
_KEEP: Final = """
    INSERT INTO {came} (endpoint_id, message_id, mic, mic_algorithm, receipt_headers, receipt_body,
        deliver_to, due_at, attempts, said)
    VALUES (%s, %s, %s, %s, %s, %s, %s, CASE WHEN %s THEN now() END, 0, '')
    ON CONFLICT (endpoint_id, message_id, mic, mic_algorithm) DO NOTHING
"""
# The receipt of what was refused, which the partner wants posted: such rows go when it is, and are few.
_REFUSE: Final = """
    INSERT INTO {came} AS c (endpoint_id, message_id, mic, mic_algorithm, receipt_headers, receipt_body,
        deliver_to, due_at, attempts, said)
    SELECT %(endpoint)s, %(id)s, '', '', %(headers)s, %(body)s, %(to)s, now(), 0, '' WHERE %(most)s > (
        SELECT count(*) FROM {came} WHERE endpoint_id = %(endpoint)s AND mic = '' AND due_at IS NOT NULL)
    ON CONFLICT (endpoint_id, message_id, mic, mic_algorithm) DO UPDATE
        SET receipt_headers = excluded.receipt_headers, receipt_body = excluded.receipt_body,
            deliver_to = excluded.deliver_to, due_at = now(), attempts = 0
"""
_RECEIPT: Final = """
    UPDATE {went} SET receipt_headers = %s, receipt_body = %s, receipt_at = now(), unread = true
    WHERE endpoint_id = %s AND message_id = %s AND state NOT IN ('proven', 'unasked')
"""
_KNOWN: Final = "SELECT 1 FROM {went} WHERE endpoint_id = %s AND message_id = %s"


class Reply(NamedTuple):
    """What a sender is answered with 200."""

    headers: Mapping[str, str]
    body: bytes


class Turned(NamedTuple):
    """A reply that says no, for what reason of those that are counted, and what exactly."""

    reply: Reply
    reason: str
    said: str


_EMPTY: Final = Reply({}, b"")


class As2:
    """Takes what is posted to endpoints that speak AS2."""

    def __init__(self, pool: AsyncConnectionPool, groups: GroupCommit, bodies: Bodies) -> None:
        self._pool, self._groups, self._bodies = pool, groups, bodies
        self._threads = ThreadPoolExecutor(AT_ONCE, "as2")

    async def take(
        self, admission: Admission, headers: Mapping[str, str], body: bytes
    ) -> Reply | Turned:
        """Store what came, and what it is answered. Raises Refused and StoreFailedError."""
        began = time.monotonic()
        post = Post(
            headers,
            body,
            admission.agreement,  # type: ignore[arg-type]
            await self._earlier(admission, as2_judge.message_id(headers)),
            f"<{uuid7().hex}@as2>",
            self._bodies.most,
        )
        with self._bodies.held(body):
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._threads, as2_judge.judge, post, clock.now())
        if isinstance(found, as2.Received):
            return await self._store(admission, found)
        if isinstance(found, Receipt):
            return await self._keep_receipt(admission, found, body)
        await _on_the_beat(began)
        if isinstance(found, Unread):
            raise Refused(400, found.reason, "The receipt does not count.", said=found.text)
        return await self._turn(admission, found)

    async def _turn(self, admission: Admission, refused: as2.Refused) -> Turned:
        reason, said, answer = refused.disposition.reason, refused.text, refused.answer
        if answer and not answer.deliver_to:
            return Turned(Reply(answer.headers, answer.body), reason, said)
        if answer and await self._do(_REFUSE, admission, {
            "endpoint": admission.endpoint_id, "id": refused.about.message_id,
            "headers": Jsonb(answer.headers), "body": answer.body, "to": answer.deliver_to,
            "most": MOST_REFUSALS,
        }):  # fmt: skip
            await self._wake(admission)
            return Turned(_EMPTY, reason, said)
        status = 403 if reason == UNKNOWN_PARTNER else 400
        raise Refused(status, reason, _NOT_TAKEN, said=said)

    async def _wake(self, admission: Admission) -> None:
        async with self._pool.connection() as connection:
            await wake(connection, admission.schema, LANE, {str(admission.endpoint_id)})

    async def _earlier(self, admission: Admission, message_id: str) -> as2.Earlier | None:
        if not message_id:
            return None
        row = await self._one(_EARLIER, admission, [admission.endpoint_id, message_id])
        return _earlier_of(row) if row else None

    async def _store(self, admission: Admission, taken: as2.Received) -> Reply:
        document = as2_judge.document(taken)
        arrival = Arrival(admission.endpoint_id, admission.customer_id, document)
        await self._groups.store(admission.schema, arrival)
        answer = await self._kept(admission, taken)
        if answer is None:
            return _EMPTY
        if answer.deliver_to:
            await self._wake(admission)
            return _EMPTY
        return Reply(answer.headers, answer.body)

    async def _kept(self, admission: Admission, taken: as2.Received) -> as2.Answer | None:
        """The answer that is given now and to every repeat. Somebody may have stored the same message at the
        same moment: then theirs is the one."""
        mic, answer = taken.content.mic, taken.answer
        key = [admission.endpoint_id, taken.about.message_id, mic.digest, mic.algorithm]
        if taken.earlier is None:
            kept = [
                *key,
                Jsonb(answer.headers) if answer else None,
                answer.body if answer else None,
                _storable(answer.deliver_to) if answer else "",
                bool(answer and answer.deliver_to),
            ]
            if await self._do(_KEEP, admission, kept):
                return answer
        row = await self._one(_SAME, admission, key)
        return _earlier_of(row).answer if row else answer

    async def _keep_receipt(self, admission: Admission, receipt: Receipt, body: bytes) -> Reply:
        if len(body) > LARGEST_RECEIPT:
            raise Refused(413, "size", "A receipt may have at most 1 MB.")
        key = [admission.endpoint_id, receipt.message_id]
        new = await self._do(_RECEIPT, admission, [Jsonb(receipt.headers), body, *key])
        if not new and not await self._one(_KNOWN, admission, key):
            text = "No message of ours has the id that the receipt names."
            raise Refused(400, "receipt", text)
        await self._wake(admission)
        return _EMPTY

    async def _one(self, query: str, admission: Admission, values: Any) -> Any:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_in(admission.schema, query), values)
            return await cursor.fetchone()

    async def _do(self, query: str, admission: Admission, values: Any) -> int:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_in(admission.schema, query), values)
            return cursor.rowcount


def _in(schema: str, query: str) -> sql.Composed:
    tables = {name: sql.Identifier(schema, f"integrations_as2{name}") for name in ("came", "went")}
    return sql.SQL(query).format(**tables)


def _earlier_of(row: Any) -> as2.Earlier:
    mic, algorithm, headers, body, deliver_to = row
    answer = as2.Answer(headers, bytes(body), deliver_to) if headers is not None else None
    return as2.Earlier(as2.Mic(mic, algorithm), answer)


def _storable(address: str) -> str:
    """An address a partner wrote. One that is cut cannot be called, and stands beside that it could not."""
    return address.replace("\0", "")[:_LONGEST_ADDRESS]


async def _on_the_beat(began: float) -> None:
    await asyncio.sleep(BEAT - (time.monotonic() - began) % BEAT)
