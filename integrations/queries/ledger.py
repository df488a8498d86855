"""The books of the message store: what came, where it stands, and whether anything went astray.

Every check reads one snapshot, in which the pipeline's transactions are whole: what one of them
finds is not a document on its way.
"""

from collections import Counter
from typing import NamedTuple

from django.db import connection, transaction

from integrations.queries import ledger_doubled, ledger_lost

WAITING = ("received", "waiting", "sending")
COUNTED = ("held", "delivered", "confirmed", "superseded", "skipped")
_NO_CONTAINER = (
    "m.id NOT IN (SELECT parent_id FROM integrations_message WHERE parent_id IS NOT NULL)"
)


class Finding(NamedTuple):
    """One message or record that breaks the books: `kind` is lost or effects_doubled."""

    kind: str
    id: str
    why: str


class Ledger(NamedTuple):
    """Counts by name, and what lies behind those that must be zero."""

    counts: dict[str, int]
    findings: list[Finding]


def balance() -> Ledger:
    """The books of the current schema.

    received: documents that came in; a file that was taken apart counts as its documents.
    duplicates: times a document came again and was answered without effect.
    waiting: documents not yet translated, and messages not yet sent or being sent.
    held, superseded, skipped: of both directions. delivered: sent, not yet confirmed by the target.
    lost: documents and messages that `ledger_lost` finds astray. effects_doubled: sent messages
    beyond the first for one effect, as `ledger_doubled` finds them.
    """
    with transaction.atomic():
        _read_whole_tables()
        findings, states = _findings(), _states()
    found = Counter(finding.kind for finding in findings)
    counts = {
        "received": _received(),
        "duplicates": _duplicates(),
        "waiting": sum(states[state] for state in WAITING),
        **{state: states[state] for state in COUNTED},
        "lost": found["lost"],
        "effects_doubled": found["effects_doubled"],
    }
    return Ledger(counts, findings)


def _read_whole_tables() -> None:
    """Everything is asked for, and a plan that looks rows up one by one takes its time squared."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")


def _findings() -> list[Finding]:
    checks = [("lost", *check) for check in ledger_lost.CHECKS]
    checks += [("effects_doubled", *check) for check in ledger_doubled.CHECKS]
    statement = " UNION ALL ".join(f"SELECT %s, c.id::text, %s FROM ({c[2]}) AS c" for c in checks)
    values = [value for kind, why, _ in checks for value in (kind, why)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = [Finding(*row) for row in cursor.fetchall()]
    # A message astray in two ways is one message.
    return list({(f.kind, f.id): f for f in sorted(found, reverse=True)}.values())[::-1]


def _states() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.state, count(*) FROM integrations_message m WHERE {_NO_CONTAINER} GROUP BY 1"
        )
        return Counter(dict(cursor.fetchall()))


def _received() -> int:
    return _number(
        f"SELECT count(*) FROM integrations_message m WHERE m.direction = 'in' AND {_NO_CONTAINER}"
    )


def _duplicates() -> int:
    return _number("SELECT count(*) FROM integrations_messageevent WHERE to_state = 'duplicate'")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
