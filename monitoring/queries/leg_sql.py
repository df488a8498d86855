"""The legs of a set of orders, in SQL: from records, messages and their events."""

from typing import Final

# Every leg there is of these orders: customer_id, kind, subject, endpoint_id, order_id, number, began_at,
# ended_at, outcome, message_id.
LEGS: Final = """
WITH o AS (
    SELECT r.id, r.customer_id, r.source_id, r.number, r.state, r.created_at, r.happened_at
    FROM integrations_record r WHERE r.id = ANY(%(orders)s) AND r.object_type = 'order'
), m AS (
    SELECT m.id, m.direction, m.endpoint_id, m.object_type, m.state, m.record_id, m.order_id,
        m.interchange_id, m.created_at, m.updated_at, e.site
    FROM integrations_message m JOIN o ON m.order_id = o.id
    JOIN integrations_endpoint e ON e.id = m.endpoint_id
), ev AS (
    SELECT e.message_id,
        min(e.at) FILTER (WHERE e.to_state = 'delivered') AS delivered_at,
        min(e.at) FILTER (WHERE e.to_state = 'confirmed') AS confirmed_at,
        min(e.at) FILTER (WHERE e.from_state = 'delivered' AND e.to_state = 'held') AS refused_at
    FROM integrations_messageevent e JOIN m ON m.id = e.message_id AND m.direction = 'out' GROUP BY 1
), steps AS (
    SELECT e.record_id, min(e.at) FILTER (WHERE e.to_state = 'released') AS released_at,
        min(e.at) FILTER (WHERE e.to_state = 'shipped') AS shipped_at
    FROM integrations_recordevent e JOIN o ON o.id = e.record_id GROUP BY 1
), first_in AS (
    SELECT DISTINCT ON (record_id) record_id, id, created_at FROM m
    WHERE direction = 'in' AND object_type = 'order' ORDER BY record_id, id
), sent AS (  -- an order at one warehouse, whatever its versions
    SELECT m.record_id, m.endpoint_id, min(ev.confirmed_at) AS confirmed_at,
        (array_agg(m.id ORDER BY ev.confirmed_at NULLS LAST, m.id))[1] AS message_id,
        bool_and(m.state IN ('superseded', 'skipped')) AS is_over
    FROM m LEFT JOIN ev ON ev.message_id = m.id
    WHERE m.direction = 'out' AND m.object_type = 'order' AND m.site <> '' GROUP BY 1, 2
), part AS (
    SELECT p.id, p.object_type, p.order_id, p.number, p.source_id, p.created_at, f.id AS message_id,
        coalesce(f.created_at, p.created_at) AS came_at
    FROM integrations_record p JOIN o ON p.order_id = o.id
    LEFT JOIN LATERAL (SELECT m.id, m.created_at FROM m WHERE m.record_id = p.id
        AND m.direction = 'in' ORDER BY m.id LIMIT 1) AS f ON true
    WHERE p.object_type IN ('shipment', 'invoice')
), shipped AS (
    SELECT DISTINCT ON (order_id, source_id) order_id, source_id, came_at, message_id FROM part
    WHERE object_type = 'shipment' ORDER BY order_id, source_id, came_at
), invoiced AS (
    SELECT DISTINCT ON (order_id) order_id, source_id, created_at, message_id FROM part
    WHERE object_type = 'invoice' ORDER BY order_id, created_at
), bills AS (
    SELECT DISTINCT ON (w.customer_id) w.customer_id, w.source_id FROM integrations_flow w
    JOIN integrations_endpoint e ON e.id = w.source_id
        AND e.settings->>'partner_is' IS DISTINCT FROM 'supplier'
    WHERE w.object_type = 'invoice' AND w.enabled ORDER BY w.customer_id, w.id
)
SELECT o.customer_id, 'ingest', o.id, coalesce(o.source_id, 0), o.id, o.number,
    least(coalesce(o.happened_at, f.created_at, o.created_at), o.created_at), o.created_at,
    'done', f.id
FROM o LEFT JOIN first_in f ON f.record_id = o.id
UNION ALL
SELECT o.customer_id, 'transmit', o.id, coalesce(sent.endpoint_id, 0), o.id, o.number,
    steps.released_at, sent.confirmed_at,
    CASE WHEN sent.confirmed_at IS NOT NULL THEN 'done'
        WHEN sent.is_over OR o.state IN ('cancelled', 'cancel_requested', 'on_hold') THEN 'moot'
        ELSE '' END, sent.message_id
FROM o JOIN steps ON steps.record_id = o.id AND steps.released_at IS NOT NULL
LEFT JOIN sent ON sent.record_id = o.id
WHERE sent.endpoint_id IS NOT NULL OR EXISTS (SELECT 1 FROM integrations_flow w
    WHERE w.source_id = o.source_id AND w.object_type = 'order' AND w.routed AND w.enabled)
UNION ALL
SELECT o.customer_id, 'acknowledge', m.id, m.endpoint_id, o.id, o.number, ev.delivered_at,
    coalesce(ev.confirmed_at, ev.refused_at),
    CASE WHEN ev.confirmed_at IS NOT NULL THEN 'done' WHEN ev.refused_at IS NOT NULL THEN 'refused'
        WHEN m.state IN ('superseded', 'skipped') THEN 'moot' ELSE '' END, m.id
FROM m JOIN o ON o.id = m.order_id JOIN ev ON ev.message_id = m.id
WHERE m.direction = 'out' AND m.interchange_id IS NOT NULL AND ev.delivered_at IS NOT NULL
UNION ALL
SELECT o.customer_id, 'ship', o.id, sent.endpoint_id, o.id, o.number, sent.confirmed_at,
    shipped.came_at,
    CASE WHEN shipped.came_at IS NOT NULL THEN 'done'
        WHEN o.state IN ('cancelled', 'cancel_requested', 'closed') THEN 'moot' ELSE '' END,
    shipped.message_id
FROM o JOIN sent ON sent.record_id = o.id AND sent.confirmed_at IS NOT NULL
LEFT JOIN shipped ON shipped.order_id = o.id AND shipped.source_id = sent.endpoint_id
UNION ALL
SELECT o.customer_id, 'confirm', part.id, m.endpoint_id, o.id, o.number, part.came_at,
    min(coalesce(ev.delivered_at, ev.confirmed_at)),
    CASE WHEN min(coalesce(ev.delivered_at, ev.confirmed_at)) IS NOT NULL THEN 'done'
        WHEN bool_and(m.state IN ('superseded', 'skipped')) THEN 'moot' ELSE '' END,
    (array_agg(m.id ORDER BY m.id))[1]
FROM part JOIN o ON o.id = part.order_id
JOIN m ON m.record_id = part.id AND m.direction = 'out'
LEFT JOIN ev ON ev.message_id = m.id
WHERE part.object_type = 'shipment' GROUP BY o.customer_id, part.id, m.endpoint_id, o.id, o.number,
    part.came_at
UNION ALL
SELECT o.customer_id, 'invoice', o.id, coalesce(invoiced.source_id, bills.source_id), o.id, o.number,
    steps.shipped_at, invoiced.created_at,
    CASE WHEN invoiced.created_at IS NOT NULL THEN 'done' ELSE '' END, invoiced.message_id
FROM o JOIN steps ON steps.record_id = o.id AND steps.shipped_at IS NOT NULL
LEFT JOIN invoiced ON invoiced.order_id = o.id
LEFT JOIN bills ON bills.customer_id = o.customer_id
WHERE coalesce(invoiced.source_id, bills.source_id) IS NOT NULL
"""

# The legs of documents that belong to no order: orders held before the hub, and our answers to files.
LONELY: Final = """
SELECT m.customer_id, 'ingest', m.id, m.endpoint_id, NULL::uuid, split_part(m.business_key, '/', 2),
    least(coalesce(m.source_at, m.created_at), m.created_at), NULL::timestamptz, '', m.id
FROM integrations_message m
WHERE m.id = ANY(%(messages)s) AND m.direction = 'in' AND m.object_type = 'order'
    AND m.state = 'held' AND m.record_id IS NULL
UNION ALL
SELECT m.customer_id, 'answer', m.id, 0, NULL, '', coalesce(m.source_at, m.created_at),
    min(e.at) FILTER (WHERE e.to_state IN ('delivered', 'confirmed')),
    CASE WHEN count(*) FILTER (WHERE e.to_state IN ('delivered', 'confirmed')) > 0 THEN 'done'
        WHEN m.state IN ('superseded', 'skipped') THEN 'moot' ELSE '' END, m.id
FROM integrations_message m JOIN integrations_messageevent e ON e.message_id = m.id
WHERE m.id = ANY(%(messages)s) AND m.direction = 'out' AND m.object_type = 'acknowledgement'
GROUP BY m.id
"""

COLUMNS: Final = """customer_id, kind, subject, endpoint_id, order_id, number, began_at, ended_at, outcome,
    message_id"""
KEEP: Final = f"""
WITH made ({COLUMNS}) AS ({{legs}}), gone AS (
    DELETE FROM monitoring_leg l WHERE {{those}} AND NOT EXISTS (SELECT 1 FROM made
        WHERE (made.kind, made.subject, made.endpoint_id) = (l.kind, l.subject, l.endpoint_id))
)
INSERT INTO monitoring_leg AS l ({COLUMNS}) SELECT {COLUMNS} FROM made
ON CONFLICT (kind, subject, endpoint_id) DO UPDATE SET order_id = excluded.order_id,
    number = excluded.number, began_at = excluded.began_at, ended_at = excluded.ended_at,
    outcome = excluded.outcome, message_id = excluded.message_id, changed_at = now(),
    due_at = CASE WHEN l.began_at = excluded.began_at THEN l.due_at END
WHERE (l.order_id, l.number, l.began_at, l.ended_at, l.outcome, l.message_id) IS DISTINCT FROM
    (excluded.order_id, excluded.number, excluded.began_at, excluded.ended_at, excluded.outcome,
        excluded.message_id)
"""
OF_ORDERS: Final = KEEP.format(legs=LEGS, those="l.order_id = ANY(%(orders)s)")
OF_MESSAGES: Final = KEEP.format(
    legs=LONELY, those="l.subject = ANY(%(messages)s) AND l.order_id IS NULL"
)
