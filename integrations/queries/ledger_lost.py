"""What counts as lost: documents that were answered and lead nowhere. Each check gives ids.

What should have been sent on is judged against the flows as they are now, and only for what passed
since a flow last changed. A message and a record are dated by the start of the pass that wrote them
(`updated_at`), which is before that pass asked for its flows; a flow by its own change (`changed_at`).
"""

from typing import Final

_STATE_LIKE: Final = "('inventory', 'availability', 'product', 'price_list', 'customer')"
_IN: Final = "('received', 'applied', 'unchanged', 'split', 'held', 'superseded', 'skipped')"
_OUT: Final = "('waiting', 'sending', 'delivered', 'confirmed', 'held', 'superseded', 'skipped')"
_STOPPED: Final = "('on_hold', 'cancelled', 'cancel_requested')"


_BYTES_GONE: Final = """
    SELECT m.id FROM integrations_message m
    WHERE (m.payload_id IS NOT NULL OR m.direction = 'in')
    AND NOT EXISTS (SELECT 1 FROM integrations_payload p WHERE p.sha256 = m.payload_id)
    AND NOT EXISTS (SELECT 1 FROM integrations_removedpayload g WHERE g.sha256 = m.payload_id)"""

# Taking a message to send it writes no event of its own; every other change of state does.
_NO_TRAIL: Final = f"""
    SELECT m.id FROM integrations_message m
    LEFT JOIN LATERAL (
        SELECT e.to_state FROM integrations_messageevent e
        WHERE e.message_id = m.id AND (e.to_state IN {_IN} OR e.to_state IN {_OUT})
        ORDER BY e.id DESC LIMIT 1) AS last ON true
    WHERE last.to_state IS DISTINCT FROM m.state
    AND NOT (m.state = 'sending' AND last.to_state IS NOT DISTINCT FROM 'waiting')"""

_NO_SUCH_STATE: Final = f"""
    SELECT m.id FROM integrations_message m
    WHERE NOT CASE m.direction WHEN 'in' THEN m.state IN {_IN} ELSE m.state IN {_OUT} END"""

_HELD_UNSEEN: Final = """
    SELECT m.id FROM integrations_message m WHERE m.state = 'held' AND NOT EXISTS (
        SELECT 1 FROM integrations_problem p
        WHERE p.message_id IN (m.id, m.parent_id) AND p.closed_at IS NULL)"""

_CONTENT_GONE: Final = """
    SELECT m.id FROM integrations_message m
    LEFT JOIN integrations_record r ON r.id = m.record_id
    WHERE m.record_id IS NOT NULL AND (r.id IS NULL OR r.version < m.record_version OR (
        r.version > m.record_version AND NOT EXISTS (
            SELECT 1 FROM integrations_recordversion v
            WHERE v.record_id = m.record_id AND v.version = m.record_version)))"""

_FILE_GONE: Final = """
    SELECT m.id FROM integrations_message m WHERE m.interchange_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM integrations_interchange i WHERE i.id = m.interchange_id)"""

_PARTS_GONE: Final = """
    SELECT m.id FROM integrations_message m
    JOIN LATERAL (
        SELECT substring(e.cause FROM '^[0-9]+')::int AS parts FROM integrations_messageevent e
        WHERE e.message_id = m.id AND e.to_state = 'split' ORDER BY e.id DESC LIMIT 1) AS noted ON true
    WHERE m.state = 'split' AND noted.parts > (
        SELECT count(*) FROM integrations_message p WHERE p.parent_id = m.id)"""

# Orders that passed, and the state each put its order into.
_ORDERS: Final = """
    SELECT m.id, m.state, m.record_id, m.record_version, m.endpoint_id, m.customer_id, m.updated_at,
        after.state AS order_state
    FROM integrations_message m
    LEFT JOIN LATERAL (
        SELECT CASE WHEN r.to_state <> '' THEN r.to_state ELSE r.from_state END AS state
        FROM integrations_recordevent r
        WHERE r.record_id = m.record_id AND r.message_id = m.id ORDER BY r.id DESC LIMIT 1
    ) AS after ON true
    WHERE m.direction = 'in' AND m.object_type = 'order' AND m.record_id IS NOT NULL
    AND m.state IN ('applied', 'unchanged')"""

_ORDER_NOT_NOTED: Final = f"""
    SELECT o.id FROM ({_ORDERS}) AS o WHERE o.state = 'applied' AND o.order_state IS NULL"""

_SENT: Final = """
    SELECT 1 FROM integrations_message s WHERE s.direction = 'out'
    AND s.record_id = {of}.record_id AND s.record_version = {of}.record_version"""

_ORDER_NOT_SENT: Final = f"""
    SELECT o.id FROM ({_ORDERS}) AS o
    JOIN integrations_flow f ON f.source_id = o.endpoint_id AND f.customer_id = o.customer_id
        AND f.object_type = 'order' AND f.enabled AND NOT f.routed
    WHERE o.order_state NOT IN {_STOPPED} AND o.updated_at >= f.changed_at
    AND NOT EXISTS ({_SENT.format(of="o")} AND s.flow_id = f.id)"""

_ORDER_NOT_ROUTED: Final = f"""
    SELECT o.id FROM ({_ORDERS}) AS o
    WHERE o.order_state NOT IN {_STOPPED} AND EXISTS (
        SELECT 1 FROM integrations_flow f WHERE f.source_id = o.endpoint_id AND f.enabled AND f.routed
        AND f.customer_id = o.customer_id AND f.object_type = 'order' AND o.updated_at >= f.changed_at)
    AND NOT EXISTS ({_SENT.format(of="o")} AND s.flow_id NOT IN (
        SELECT id FROM integrations_flow WHERE NOT routed))"""

# A sales channel only hears of the shipments, returns and invoices of its own orders.
_NOT_SENT: Final = f"""
    SELECT m.id FROM integrations_message m
    JOIN integrations_record r ON r.id = m.record_id
    LEFT JOIN integrations_record o ON o.id = r.order_id
    JOIN integrations_flow f ON f.source_id = m.endpoint_id AND f.customer_id = m.customer_id
        AND f.object_type = m.object_type AND f.enabled
    JOIN integrations_endpoint t ON t.id = f.target_id
    WHERE m.direction = 'in' AND m.state = 'applied' AND m.object_type <> 'order'
    AND m.object_type NOT IN {_STATE_LIKE}
    AND (t.channel IS NULL OR o.source_id IS NULL OR o.source_id = t.id)
    AND NOT (t.channel IS NOT NULL AND m.object_type = 'shipment' AND r.body->>'status' = 'cancelled')
    AND m.updated_at >= f.changed_at
    AND NOT EXISTS ({_SENT.format(of="m")} AND s.flow_id = f.id)"""

# Of these only the newest version counts. One document may give many of them, and then no message
# names the record: its source is its giver only where nobody else gives such records.
_STATE_NOT_SENT: Final = """
    WITH givers AS (
        SELECT customer_id, object_type, count(DISTINCT endpoint_id) AS number
        FROM integrations_message WHERE direction = 'in' GROUP BY customer_id, object_type
    ), newest AS (
        SELECT r.id, r.version, r.customer_id, r.object_type, r.updated_at,
            coalesce((
                SELECT m.endpoint_id FROM integrations_message m
                WHERE m.record_id = r.id AND m.record_version = r.version AND m.direction = 'in'
                AND m.state = 'applied' ORDER BY m.id DESC LIMIT 1),
                CASE g.number WHEN 1 THEN r.source_id END) AS endpoint_id
        FROM integrations_record r
        JOIN givers g ON g.customer_id = r.customer_id AND g.object_type = r.object_type
        WHERE r.object_type IN ('inventory', 'product', 'price_list', 'customer')
    )
    SELECT n.id FROM newest n
    JOIN integrations_flow f ON f.source_id = n.endpoint_id AND f.customer_id = n.customer_id
        AND f.object_type = n.object_type AND f.enabled
    JOIN integrations_endpoint t ON t.id = f.target_id
    WHERE NOT (n.object_type = 'inventory' AND t.channel IS NOT NULL)
    AND n.updated_at >= f.changed_at
    AND NOT EXISTS (SELECT 1 FROM integrations_message s WHERE s.direction = 'out'
        AND s.record_id = n.id AND s.record_version = n.version AND s.flow_id = f.id)"""

_CHANNEL_NOT_TOLD: Final = """
    SELECT r.id FROM integrations_record r
    WHERE r.object_type = 'availability' AND EXISTS (
        SELECT 1 FROM integrations_flow f WHERE f.target_id = r.source_id AND f.enabled
        AND f.object_type = 'inventory' AND r.updated_at >= f.changed_at)
    AND NOT EXISTS (SELECT 1 FROM integrations_message s WHERE s.direction = 'out'
        AND s.record_id = r.id AND s.record_version = r.version)"""

# Superseded by the pipeline itself: there is a newer version, or the order was stopped.
_OUTDONE_BY_NOTHING: Final = f"""
    SELECT m.id FROM integrations_message m
    JOIN LATERAL (
        SELECT e.actor FROM integrations_messageevent e
        WHERE e.message_id = m.id AND e.to_state = 'superseded' ORDER BY e.id DESC LIMIT 1
    ) AS ended ON true
    WHERE m.direction = 'out' AND m.state = 'superseded' AND ended.actor = ''
    AND NOT EXISTS (SELECT 1 FROM integrations_message n WHERE n.direction = 'out'
        AND n.flow_id = m.flow_id AND n.record_id = m.record_id
        AND n.record_version > m.record_version AND m.object_type IN {_STATE_LIKE})
    AND NOT EXISTS (SELECT 1 FROM integrations_recordevent r
        WHERE r.record_id = m.order_id AND r.to_state IN ('cancelled', 'cancel_requested', 'on_hold'))"""

CHECKS: Final = (
    ("its bytes are gone", _BYTES_GONE),
    ("its history does not lead to its state", _NO_TRAIL),
    ("its state is none there is", _NO_SUCH_STATE),
    ("it is held and no open problem says why", _HELD_UNSEEN),
    ("the content it names is gone", _CONTENT_GONE),
    ("the file it was sent in is gone", _FILE_GONE),
    ("some of the documents in it are gone", _PARTS_GONE),
    ("the order's history does not know it", _ORDER_NOT_NOTED),
    ("the order was not sent to every target", _ORDER_NOT_SENT),
    ("the order was sent to no site", _ORDER_NOT_ROUTED),
    ("it was not sent to every target", _NOT_SENT),
    ("the newest version of this record was not sent to every target", _STATE_NOT_SENT),
    ("the channel was not told of this availability", _CHANNEL_NOT_TOLD),
    ("it is superseded and nothing took its place", _OUTDONE_BY_NOTHING),
)
