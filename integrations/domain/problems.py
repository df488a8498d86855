"""Problems of messages: opened in one place, closed in one place, and told to the floor above."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import connection

from integrations.canonical.problem import Problem, storable
from integrations.cutoffs import Cutoff
from integrations.domain.causes import ONE_PER_SENDER, PLACE_IS_NO_CAUSE, normalised, value_is_cause
from portal.core import events

_NAMESPACE = UUID("5d3f1f0e-6f0c-5a57-9a55-7a0f3f1d2c11")
LONGEST_TEXT = 500
_INDEX = re.compile(r"\[\d+\]")


class Trouble(NamedTuple):
    """The problems of one message, with where it belongs."""

    message_id: UUID
    customer_id: int
    endpoint_id: int
    object_type: str
    problems: Sequence[Problem]
    amount: Decimal | None = None
    currency: str = ""
    cutoff: Cutoff | None = None


class Opened(NamedTuple):
    """One problem as stored."""

    message_id: UUID
    customer_id: int
    endpoint_id: int
    object_type: str
    problem: Problem
    fingerprint: UUID
    amount: Decimal | None
    currency: str
    cutoff: Cutoff | None = None


class Closing(NamedTuple):
    """What a person closed on a message: the last they closed there up to a moment."""

    message_id: UUID
    at: datetime
    by: str


class ProblemsOpened(NamedTuple):
    """Published in the transaction that stores them. `taken_back`: they were closed by what is undone."""

    opened: list[Opened]
    taken_back: bool = False


class ProblemsClosed(NamedTuple):
    """These causes have fewer open problems now. `actor` empty: the pipeline found them gone."""

    fingerprints: list[UUID]
    actor: str
    cause: str


def fingerprint(endpoint_id: int, object_type: str, problem: Problem) -> UUID:
    """One id per cause: endpoint, object type, code, path without line numbers, and value.

    The value does not count where it only names the document, see `causes`.
    """
    wherever = problem.code in ONE_PER_SENDER | PLACE_IS_NO_CAUSE
    path = "" if wherever else _INDEX.sub("[]", problem.path)
    value = normalised(problem.code, problem.value) if value_is_cause(problem.code, path) else ""
    name = f"{endpoint_id}|{object_type}|{problem.code}|{path}|{value}"
    return uuid5(_NAMESPACE, name)


def open_problems(troubles: Iterable[Trouble]) -> None:
    """Store the problems and publish them."""
    opened = [
        Opened(
            t.message_id,
            t.customer_id,
            t.endpoint_id,
            t.object_type,
            problem,
            fingerprint(t.endpoint_id, t.object_type, problem),
            t.amount,
            t.currency,
            t.cutoff,
        )
        for t in troubles
        for problem in (Problem(*map(storable, p)) for p in t.problems)
    ]
    if not opened:
        return
    rows = [
        (o.message_id, o.customer_id, o.endpoint_id, o.problem.code[:40], o.problem.path[:200],
         o.problem.value[:200], o.problem.text[:LONGEST_TEXT], o.fingerprint,
         o.amount, o.currency, *_columns(o.cutoff))
        for o in opened
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_problem (message_id, customer_id, endpoint_id, code, path, value,
                text, fingerprint, amount, currency, cutoff_at, cutoff_kind, cutoff_site, closed_by)
            SELECT *, '' FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                %s::text[], %s::text[], %s::uuid[], %s::numeric[], %s::text[], %s::timestamptz[],
                %s::text[], %s::text[])
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
    events.publish(ProblemsOpened(opened))


def _columns(cutoff: Cutoff | None) -> tuple[datetime | None, str, str]:
    return (cutoff.at, cutoff.kind, cutoff.site) if cutoff else (None, "", "")


def messages_held_for(customer_id: int, code: str, values: Sequence[str]) -> list[UUID]:
    """Held messages of a customer with an open problem of this code about one of `values`."""
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.message_id FROM integrations_problem p"
            " JOIN integrations_message m ON m.id = p.message_id AND m.state = 'held'"
            " WHERE p.customer_id = %s AND p.code = %s AND p.value = ANY(%s) AND p.closed_at IS NULL",
            [customer_id, code, list(values)],
        )
        return [row[0] for row in cursor.fetchall()]


def held_with(code: str, message_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these messages that are held, with an open problem of this code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT m.id FROM integrations_message m JOIN integrations_problem p"
            " ON p.message_id = m.id AND p.code = %s AND p.closed_at IS NULL"
            " WHERE m.id = ANY(%s) AND m.state = 'held'",
            [code, list(message_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def close_problems(message_ids: Sequence[UUID], *, actor: str, cause: str) -> None:
    """Close what is open on these messages and publish the causes."""
    if message_ids:
        _close("message_id", message_ids, actor=actor, cause=cause)


def close_all(code: str, *, endpoint_id: int, cause: str) -> None:
    """Close whatever is open with this code at an endpoint: it does not count any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_problem WHERE closed_at IS NULL AND code = %s"
            " AND endpoint_id = %s",
            [code, endpoint_id],
        )
        _close("id", [row[0] for row in cursor.fetchall()], actor="", cause=cause)


def close_of_record(code: str, record_id: UUID, *, path: str | None, cause: str) -> None:
    """Close what is open with this code on any message of a record; with a `path` only what stands there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM integrations_message m JOIN integrations_problem p"
            " ON p.message_id = m.id AND p.code = %s AND p.closed_at IS NULL"
            " WHERE m.record_id = %s AND (%s::text IS NULL OR p.path = %s)",
            [code, record_id, path, path],
        )
        _close("id", [row[0] for row in cursor.fetchall()], actor="", cause=cause)


def reopen(closings: Sequence[Closing], *, actor: str, cause: str) -> None:
    """Open again what these closed, and close what was found in their messages since."""
    if not closings:
        return
    found_since = _open_on([closing.message_id for closing in closings])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH c AS (SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[])
                AS c(message_id, at, by)
            ), last AS (
                SELECT p.message_id, p.closed_by, max(p.closed_at) AS closed_at
                FROM c JOIN integrations_problem p ON p.message_id = c.message_id
                    AND p.closed_by = c.by AND p.closed_at <= c.at
                GROUP BY 1, 2
            )
            UPDATE integrations_problem p SET closed_at = NULL, closed_by = ''
            FROM last JOIN integrations_message m ON m.id = last.message_id
            WHERE (p.message_id, p.closed_by, p.closed_at)
                = (last.message_id, last.closed_by, last.closed_at)
            RETURNING p.message_id, p.customer_id, p.endpoint_id, m.object_type, p.code, p.path,
                p.value, p.text, p.fingerprint, p.amount, p.currency
            """,
            [list(column) for column in zip(*closings, strict=True)],
        )
        opened = [_opened(*row) for row in cursor.fetchall()]
    if opened:  # before the others close, so that a cause found again keeps its case
        events.publish(ProblemsOpened(opened, taken_back=True))
    _close("id", found_since, actor=actor, cause=cause)


def _opened(*row: Any) -> Opened:
    message_id, customer_id, endpoint_id, object_type, *problem = row[:8]
    return Opened(message_id, customer_id, endpoint_id, object_type, Problem(*problem), *row[8:11])


def _open_on(message_ids: Sequence[UUID]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_problem WHERE message_id = ANY(%s) AND closed_at IS NULL",
            [list(message_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def _close(chosen: str, ids: Sequence[Any], *, actor: str, cause: str) -> None:
    """Close the open ones of those whose column `chosen` is among `ids`, and publish the causes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_problem SET closed_at = now(), closed_by = %s"
            f" WHERE {chosen} = ANY(%s) AND closed_at IS NULL RETURNING fingerprint",
            [actor, list(ids)],
        )
        closed = sorted({row[0] for row in cursor.fetchall()})
    if closed:
        events.publish(ProblemsClosed(closed, actor, cause))
