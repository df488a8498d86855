"""A desk of a busy partner, written set by set: a million messages, a hundred thousand of them held."""

import psycopg

MESSAGES, PROBLEMS, CASES = 1_000_000, 100_000, 5_000
CUSTOMERS, ENDPOINTS = 20, 60
_SETS = (
    """INSERT INTO customers_customer (slug, name, time_zone, currency, extensions, policies, calendar,
        config_version, created_at)
    SELECT 'customer' || n, 'Customer ' || n, 'UTC', 'USD', '{}', '{}', c.calendar, 1, now()
    FROM generate_series(2, %(customers)s) n, (SELECT calendar FROM customers_customer LIMIT 1) c""",
    """INSERT INTO integrations_endpoint SELECT (e).* FROM (
        SELECT jsonb_populate_record(pattern.i, jsonb_build_object('id', 1000 + n, 'slug', 'endpoint' || n,
            'label', 'Endpoint ' || n, 'customer_id', 1 + n %% %(customers)s)) AS e
        FROM generate_series(1, %(endpoints)s) n,
        (SELECT i FROM integrations_endpoint i LIMIT 1) pattern) made""",
    """INSERT INTO integrations_message (id, direction, endpoint_id, customer_id, object_type, topic,
        state, business_key, part, mapping, attempts, lane, created_at, updated_at)
    SELECT (lpad(to_hex((extract(epoch FROM at.at) * 1000)::bigint), 12, '0') || '70008000'
            || lpad(to_hex(n), 12, '0'))::uuid, 'in',
        1000 + 1 + n %% %(endpoints)s, 1 + (1 + n %% %(endpoints)s) %% %(customers)s, 'order', 'order',
        CASE WHEN n > %(messages)s - %(every)s * %(problems)s AND n %% %(every)s = 0 THEN 'held'
        ELSE 'applied' END, 'PO-' || n, 0, '', 0, 5, at.at, now()
    FROM generate_series(1, %(messages)s) n, LATERAL (
        SELECT now() - (%(messages)s - n) * %(apart)s * interval '1 second' AS at) AS at""",
    """INSERT INTO integrations_problem (message_id, customer_id, endpoint_id, code, path, value, text,
        fingerprint, amount, currency, cutoff_at, cutoff_kind, cutoff_site, closed_by, opened_at)
    SELECT m.id, m.customer_id, m.endpoint_id, 'unknown_sku', 'lines[0].sku', 'SKU-' || c,
        'SKU-' || c || ' is not known', ('00000000-0000-4000-8000-' || lpad(to_hex(c), 12, '0'))::uuid,
        100 + c %% 900, 'USD', now() + (c %% 4000) * interval '1 minute', 'pickup', 'RNO1', '',
        m.created_at
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM integrations_message WHERE state = 'held') m,
        LATERAL (SELECT 1 + m.n %% %(cases)s AS c) AS k""",
    """INSERT INTO monitoring_exceptioncase SELECT (e).* FROM (
        SELECT jsonb_populate_record(pattern.i, jsonb_build_object('number', 1000 + n, 'fingerprint',
            '00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'), 'customer_id', p.customer_id,
            'endpoint_id', p.endpoint_id, 'value', 'SKU-' || n, 'title', 'SKU SKU-' || n || ' is not known',
            'severity', 1 + n %% 4, 'documents', %(problems)s / %(cases)s, 'at_risk', 2000 + n,
            'state', CASE WHEN n %% 10 = 0 THEN 'waiting' WHEN n %% 3 = 0 THEN 'open' ELSE 'new' END,
            'cutoff_at', now() + (n %% 4000) * interval '1 minute', 'cutoff_site', 'RNO1',
            'began_at', now() - n * interval '1 minute', 'opened_at', now() - n * interval '1 minute',
            'resolve_due', now() + (n %% 480) * interval '1 minute')) AS e
        FROM generate_series(1, %(cases)s) n
        JOIN LATERAL (SELECT customer_id, endpoint_id FROM integrations_problem WHERE fingerprint =
            ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid LIMIT 1) p ON true,
        (SELECT i FROM monitoring_exceptioncase i LIMIT 1) pattern) made""",
    """INSERT INTO monitoring_casecause (case_id, fingerprint, is_open)
    SELECT number, fingerprint, true FROM monitoring_exceptioncase WHERE number > 1000""",
    """INSERT INTO monitoring_casespan (case_id, party, reason, began_at)
    SELECT number, 'us', 'opened', began_at FROM monitoring_exceptioncase WHERE number > 1000""",
    """INSERT INTO monitoring_caseevent (case_id, at, actor, action, text, for_customer, documents, messages)
    SELECT number, began_at, '', 'opened', 'Opened: ' || title, false, 0, '{}'
    FROM monitoring_exceptioncase WHERE number > 1000""",
)


def fill(connection: psycopg.Connection, *, messages: int = MESSAGES, apart: float = 1.0) -> None:
    """The rows, beside one customer, one endpoint and one case that are there already as patterns.
    `apart`: seconds between two messages, up to now. However many there are, as many are held: of a
    million the newest, of ten times as many every tenth of the newest million."""
    sizes = {
        "every": max(1, messages // (10 * PROBLEMS)),
        "messages": messages, "apart": apart, "problems": PROBLEMS, "cases": CASES, "customers": CUSTOMERS,
        "endpoints": ENDPOINTS,
    }  # fmt: skip
    for text in _SETS:
        connection.execute(text, sizes)
    connection.execute("ANALYZE")
