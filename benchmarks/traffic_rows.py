"""Months of documents, written batch by batch as the pipeline writes them: messages with their events."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

CUSTOMERS, SHOPS = 20, 40  # two shops a customer, and a system each that takes
BATCH = 20_000
ENDS = datetime(2026, 4, 6, tzinfo=UTC)  # after Europe and America changed their clocks
_PARTIES = (
    """INSERT INTO customers_customer (slug, name, time_zone, currency, extensions, policies, calendar,
        config_version, created_at)
    SELECT 'customer' || n, 'Customer ' || n, 'UTC', 'USD', '{}', '{}', c.calendar, 1, now()
    FROM generate_series(2, %(customers)s::int) n, (SELECT calendar FROM customers_customer LIMIT 1) c
    WHERE (SELECT count(*) FROM customers_customer) < %(customers)s""",
    """INSERT INTO integrations_endpoint SELECT (e).* FROM (
        SELECT jsonb_populate_record(pattern.i, jsonb_build_object('id', 1000 + n, 'slug', 'endpoint' || n,
            'label', 'Endpoint ' || n, 'customer_id', 1 + n %% %(customers)s)) AS e
        FROM generate_series(1, 2 * %(shops)s::int) n,
        (SELECT i FROM integrations_endpoint i LIMIT 1) pattern) made ON CONFLICT DO NOTHING""",
)
# Two messages a step: an order that came in, and the same on its way to a system.
_BATCH = """
WITH n AS (
    SELECT n, 1 + n %% %(shops)s AS shop, %(ends)s - (%(steps)s - n) * %(every)s::interval AS at,
        (100 * exp(2 * random()))::int AS ms, n %% 97 = 0 AS late, n %% 53 = 0 AS held
    FROM generate_series(%(first)s::int, %(last)s::int) n
), came AS (
    SELECT n.*, ('019c0000-0000-7000-8000-' || lpad(to_hex(2 * n), 12, '0'))::uuid AS id,
        ('019c0000-0000-7000-8000-' || lpad(to_hex(2 * n + 1), 12, '0'))::uuid AS sent_id FROM n
), messages AS (
    INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type, topic, state,
        business_key, flow_id, part, mapping, attempts, lane, created_at, updated_at)
    SELECT id, 'in', 1000 + shop, 1 + shop %% %(customers)s, 'order', 'order',
        CASE WHEN held THEN 'superseded' ELSE 'applied' END, 'PO-' || n, NULL, 0, '', 0, 5, at, at FROM came
    UNION ALL
    SELECT sent_id, 'out', 1000 + %(shops)s + shop, 1 + shop %% %(customers)s, 'order', '',
        'confirmed', 'PO-' || n, shop, 0, '', 1, 2, at, at FROM came WHERE NOT held
)
INSERT INTO integrations_messageevent (message_id, at, from_state, to_state, actor, cause, answer)
SELECT e.* FROM came CROSS JOIN LATERAL (VALUES
    (id, at, '', 'received', '', '', NULL::jsonb),
    (id, at + ms * interval '1 ms', 'received', CASE WHEN held THEN 'held' ELSE 'applied' END, '', '',
        NULL),
    (CASE WHEN held THEN id END, at + interval '20 minutes', 'held', 'superseded', '', '', NULL),
    (CASE WHEN NOT held THEN sent_id END, at + ms * interval '1 ms', '', 'waiting', '', '', NULL),
    (CASE WHEN late AND NOT held THEN sent_id END, at + 2 * ms * interval '1 ms', 'sending', 'waiting',
        '', '', jsonb_build_object('ms', ms)),
    (CASE WHEN NOT held THEN sent_id END, at + 3 * ms * interval '1 ms', 'sending', 'confirmed', '', '',
        jsonb_build_object('ms', ms))
) AS e(message_id, at, from_state, to_state, actor, cause, answer) WHERE e.message_id IS NOT NULL
"""


def fill(connection: psycopg.Connection, *, messages: int, days: int) -> Iterator[int]:
    """Write so many messages over so many days, beside one customer and one endpoint as patterns.
    Yields the events of each batch once they are written."""
    sizes = {"customers": CUSTOMERS, "shops": SHOPS}
    for text in _PARTIES:
        connection.execute(text, sizes)
    steps = messages // 2
    every = f"{days * 86_400 / steps} seconds"
    for first in range(1, steps + 1, BATCH):
        last = min(first + BATCH - 1, steps)
        done = connection.execute(
            _BATCH,
            {**sizes, "steps": steps, "every": every, "ends": ENDS, "first": first, "last": last},
        )
        yield done.rowcount
    connection.execute("ANALYZE")
