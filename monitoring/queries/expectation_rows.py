"""Writing what was seen and learned of many expectations in one statement."""

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from monitoring.models import Expectation

_VIEWED: Final = """
UPDATE monitoring_expectation e SET state = v.state, said = v.said, last_at = v.last_at, due_at = v.due_at,
    look_at = v.look_at, counted_at = v.counted_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[]) AS v(id, state, said, last_at, due_at, look_at, counted_at) WHERE e.id = v.id
"""
_LEARNED: Final = """
UPDATE monitoring_expectation e SET profile = v.profile::jsonb, rhythm = v.rhythm::jsonb,
    lag = v.lag::jsonb, learned_at = v.learned_at, learn_at = v.learn_at, look_at = v.look_at,
    state = v.state
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[], %s::text[])
    AS v(id, profile, rhythm, lag, learned_at, learn_at, look_at, state) WHERE e.id = v.id
"""


def write_viewed(looked: Sequence[Expectation]) -> None:
    """How they stand, and when to look again."""
    rows = [
        (one.pk, one.state, one.said, one.last_at, one.due_at, one.look_at, one.counted_at)
        for one in looked
    ]
    _write(_VIEWED, rows)


def write_learned(learned: Sequence[Expectation]) -> None:
    """What was learned of them, and when to learn anew."""
    rows = [
        (one.pk, _json(one.profile), _json(one.rhythm), _json(one.lag), one.learned_at, one.learn_at,
         one.look_at, one.state) for one in learned
    ]  # fmt: skip
    _write(_LEARNED, rows)


def _write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _json(content: dict[str, Any] | None) -> str | None:
    return None if content is None else json.dumps(content)
