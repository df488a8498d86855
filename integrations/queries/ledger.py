"""The books of the message store: what came, where it stands, and whether anything went astray.

Every check reads one snapshot, in which the pipeline's transactions are whole: what one of them
finds is not a document on its way.
"""

from collections import Counter
from typing import NamedTuple

from django.db import connection, transaction

from integrations.queries import ledger_doubled, ledger_lost

COUNTED = ("held", "waiting", "delivered", "confirmed", "superseded", "skipped")
# State of a message → its name in the books: what came in and is not yet translated waits, too.
INBOUND = {
    "received": "waiting", "applied": "applied", "unchanged": "unchanged", "split": "split",
    "held": "held", "superseded": "superseded", "skipped": "skipped",
}  # fmt: skip
OUTBOUND = {
    "waiting": "waiting", "sending": "waiting", "delivered": "delivered", "confirmed": "confirmed",
    "held": "held", "superseded": "superseded", "skipped": "skipped",
}  # fmt: skip
_NO_CONTAINER = (
    "m.id NOT IN (SELECT parent_id FROM integrations_message WHERE parent_id IS NOT NULL)"
)


class Finding(NamedTuple):
    """One message or record that breaks the books: `kind` is lost or effects_doubled."""

    kind: str
    id: str
    why: str


class Ledger(NamedTuple):
    """Counts by name, the same by direction, and what lies behind those that must be zero."""

    counts: dict[str, int]
    inbound: dict[str, int]
    outbound: dict[str, int]
    payloads: dict[str, int]
    findings: list[Finding]


def balance() -> Ledger:
    """The books of the current schema.

    Every message counts once, except files that were taken apart: their documents count instead.
    `inbound` and `outbound` say where each message stands, and `sum` is all of that direction.
    received is the sum of `inbound`; waiting, held, superseded and skipped are those of both
    directions; delivered (sent, not yet confirmed by the target) and confirmed are of `outbound`.
    duplicates: times a document came again and was answered without effect; no message of its own.
    lost: documents and messages that `ledger_lost` finds astray. effects_doubled: sent messages
    beyond the first for one effect, as `ledger_doubled` finds them. Both count among the others.
    payloads: contents stored, and how many of them nothing names, see `_payloads`.
    """
    with transaction.atomic():
        _read_whole_tables()
        findings, states, payloads = _findings(), _states(), _payloads()
        duplicates = _duplicates()
    inbound, outbound = _by_state("in", INBOUND, states), _by_state("out", OUTBOUND, states)
    found = Counter(finding.kind for finding in findings)
    counts = {
        "received": inbound["sum"],
        "duplicates": duplicates,
        **{name: inbound.get(name, 0) + outbound.get(name, 0) for name in COUNTED},
        "lost": found["lost"],
        "effects_doubled": found["effects_doubled"],
    }
    return Ledger(counts, inbound, outbound, payloads, findings)


def _by_state(
    direction: str, names: dict[str, str], states: dict[tuple[str, str], int]
) -> dict[str, int]:
    counted = dict.fromkeys(names.values(), 0)
    for (where, state), number in states.items():
        if where == direction:
            name = names.get(state, state)  # a state there is not is a finding, and counts
            counted[name] = counted.get(name, 0) + number
    return {**counted, "sum": sum(counted.values())}


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


def _states() -> dict[tuple[str, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.direction, m.state, count(*) FROM integrations_message m"
            f" WHERE {_NO_CONTAINER} GROUP BY 1, 2"
        )
        return {(direction, state): number for direction, state, number in cursor.fetchall()}


def _payloads() -> dict[str, int]:
    """How many contents are stored, and how many no message, event or file names.

    Those are no loss: a known dedup key with other bytes is a repeat of the first, and a worker may
    be killed between storing what it sends and noting it. Many of them are worth a look.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS ("
            "SELECT 1 FROM integrations_message m WHERE m.payload_id = p.sha256)"
            " AND NOT EXISTS (SELECT 1 FROM integrations_messageevent e WHERE e.payload_id = p.sha256)"
            " AND NOT EXISTS (SELECT 1 FROM integrations_interchange i WHERE i.payload_id = p.sha256))"
            " FROM integrations_payload p"
        )
        stored, unnamed = cursor.fetchone()
    return {"stored": stored, "named_by_nothing": unnamed}


def _duplicates() -> int:
    return _number("SELECT count(*) FROM integrations_messageevent WHERE to_state = 'duplicate'")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
