"""A partner of twelve busy weeks, written set by set: what came, what went out, what people did about it.

Half of the messages came in (`desk_rows`), half went out again. Their events are written without the
triggers that sum them; the sums are made from them afterwards, as `traffic rebuild` does.
"""

import psycopg

from benchmarks import desk_rows
from benchmarks.bulk import without_indexes

WEEKS = 12
TABLES = ("integrations_message", "integrations_messageevent")
WAITING, LEASES, RULE_FIXES, OPEN_LEGS = 2_000, 20_000, 2_000, 2_000
_SETS = (
    """INSERT INTO integrations_flow (id, slug, object_type, source_id, target_id, customer_id, latency,
        every_minutes, routed, enabled, drift)
    SELECT 1000 + n, 'flow' || n, 'order', 1000 + n, 1000 + 1 + (n + 19) %% %(endpoints)s,
        e.customer_id, 'realtime', 5, false, true, 'warn'
    FROM generate_series(1, %(endpoints)s) n JOIN integrations_endpoint e ON e.id = 1000 + n""",
    """INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type, topic,
        state, business_key, part, mapping, attempts, lane, flow_id, created_at, updated_at)
    SELECT (lpad(to_hex((extract(epoch FROM at.at) * 1000)::bigint), 12, '0') || '70008000'
            || lpad(to_hex(n), 12, '0'))::uuid, 'out', f.target_id, f.customer_id, 'order', 'order',
        CASE WHEN n > %(messages)s - %(waiting)s THEN 'waiting' ELSE 'delivered' END, 'PO-' || n, 0,
        'pattern order out v1', 1, 5, f.id, at.at, now()
    FROM generate_series(1, %(messages)s) n
    JOIN integrations_flow f ON f.id = 1000 + 1 + n %% %(endpoints)s, LATERAL (
        SELECT now() - (%(messages)s - n) * %(apart)s * interval '1 second' + interval '1 second' AS at
    ) AS at""",
    "ALTER TABLE integrations_messageevent DISABLE TRIGGER USER",
    """INSERT INTO integrations_messageevent (message_id, at, from_state, to_state, actor, cause)
    SELECT id, created_at, '', CASE direction WHEN 'in' THEN 'received' ELSE 'waiting' END, '', ''
    FROM integrations_message""",
    """INSERT INTO integrations_messageevent (message_id, at, from_state, to_state, actor, cause, answer)
    SELECT m.id, m.created_at + took.s * interval '1 second',
        CASE m.direction WHEN 'in' THEN 'received' ELSE 'sending' END, m.state, '', '',
        CASE m.direction WHEN 'out' THEN jsonb_build_object('ms', round(took.s * 400)) END
    FROM integrations_message m, LATERAL (
        SELECT exp(hashtext(m.id::text)::float8 / 2147483648 * 2.5) AS s) AS took
    WHERE m.state IN ('applied', 'delivered', 'held')""",
    "ALTER TABLE integrations_messageevent ENABLE TRIGGER USER",
    "ALTER TABLE integrations_record DISABLE TRIGGER USER",
    """INSERT INTO integrations_record (id, customer_id, object_type, business_key, version, state, body,
        content_hash, number, party, currency, numbers, handle, handles, happened_at, created_at, updated_at)
    SELECT (lpad(to_hex((extract(epoch FROM at.at) * 1000)::bigint), 12, '0') || '7000'
            || lpad(to_hex(32768), 4, '0') || lpad(to_hex(n), 12, '0'))::uuid,
        1 + n %% %(customers)s, 'order', 'shop/R-' || n, 1, 'released', '{}',
        sha256(n::text::bytea), 'R-' || n, '', 'USD', ARRAY['R-' || n], 'R' || n, ARRAY['R' || n],
        at.at, at.at, at.at
    FROM generate_series(1, %(today)s) n, LATERAL (
        SELECT now() - n * %(apart)s * interval '1 second' AS at) AS at""",
    "ALTER TABLE integrations_record ENABLE TRIGGER USER",
    """INSERT INTO monitoring_leg (customer_id, kind, subject, endpoint_id, order_id, number, began_at,
        ended_at, outcome)
    SELECT 1 + n %% %(customers)s, (ARRAY['transmit', 'ship', 'confirm', 'invoice'])[1 + n %% 4],
        gen_random_uuid(), 0, gen_random_uuid(), 'R-' || n, now() - n * interval '7 seconds',
        CASE WHEN n > %(open_legs)s THEN now() END, CASE WHEN n > %(open_legs)s THEN 'done' ELSE '' END
    FROM generate_series(1, %(legs)s) n""",
    """INSERT INTO monitoring_lease (case_id, person_id, person_name, token, began_at, beat_at, until,
        ended_at, ending)
    SELECT 1001 + n %% %(cases)s, (SELECT min(id) FROM accounts_person), 'Ana', gen_random_uuid(),
        at.at, at.at, at.at, at.at, 'released'
    FROM generate_series(1, %(leases)s) n, LATERAL (
        SELECT now() - n * interval '5 minutes' AS at) AS at""",
    """INSERT INTO monitoring_remedyrule (id, code, path, value, remedy, terms, words, state, most_documents,
        most_amount, most_per_day, suggestions_needed, evidence, proposed_by, approved_by, "right", fired,
        accepted, reversed, missed, declined, handed_back, minutes_saved, off_reason, off_by)
    VALUES (1, 'unknown_sku', '', '', 'retry', '{}', 'try again', 'acting', 50, 2000, 50, 30, '{}', 'Ana',
        'Ben', 0, 0, 0, 0, 0, 0, 0, 0, '', '')""",
    """INSERT INTO monitoring_fix (case_id, remedy, terms, words, state, rule_id, person_name, documents,
        digest, at_once, trouble, check_seconds, finished_at, closed_case)
    SELECT 1001 + n %% %(cases)s, 'retry', '{}', 'try again', 'done', 1, '', 1, '', true, '', 0,
        now() - n * interval '15 minutes', true FROM generate_series(1, %(rule_fixes)s) n""",
    """INSERT INTO monitoring_fixitem (fix_id, position, message_id, verdict, code, reason, targets, outcome,
        told, currency, revalued, released_at)
    SELECT id, 1, gen_random_uuid(), 'pass', '', '', '{}', 'passed', '', '', false, finished_at
    FROM monitoring_fix""",
)


def fill(connection: psycopg.Connection, *, messages: int) -> None:
    """The rows of `messages` messages, beside one customer, one endpoint and one case that are there as
    patterns. Sums are not made here."""
    half = messages // 2
    apart = WEEKS * 7 * 86_400 / half
    sizes = {
        "messages": half, "apart": apart, "endpoints": desk_rows.ENDPOINTS,
        "customers": desk_rows.CUSTOMERS, "cases": desk_rows.CASES, "waiting": WAITING,
        "today": min(int(86_400 / apart), half), "legs": half // 5, "open_legs": OPEN_LEGS,
        "leases": LEASES, "rule_fixes": RULE_FIXES,
    }  # fmt: skip
    with without_indexes(connection, *TABLES):
        desk_rows.fill(connection, messages=half, apart=apart)
        for text in _SETS:
            connection.execute(text, sizes)
    connection.execute("VACUUM ANALYZE")


_TAKE = """
DO $$ BEGIN FOR n IN 1..{documents} LOOP
    WITH taken AS (
        INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type, topic,
            state, business_key, part, mapping, attempts, lane, created_at, updated_at)
        SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7000'
                || substr(md5(random()::text), 1, 16))::uuid, 'in', id, customer_id, 'order', 'order',
            'applied', 'NEW-' || n, 0, '', 0, 5, now(), now()
        FROM integrations_endpoint WHERE id = 1001 + n % {endpoints} RETURNING id)
    INSERT INTO integrations_messageevent (message_id, at, from_state, to_state, actor, cause)
    SELECT id, now(), e.was, e.becomes, '', '' FROM taken,
        (VALUES ('', 'received'), ('received', 'applied')) AS e (was, becomes);
END LOOP; END $$
"""


def take(connection: psycopg.Connection, *, documents: int) -> None:
    """Documents that come now, each in a statement of its own, with the triggers that sum them. All are
    committed at once."""
    connection.execute(_TAKE.format(documents=documents, endpoints=desk_rows.ENDPOINTS))
