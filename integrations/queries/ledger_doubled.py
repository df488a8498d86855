"""What counts as a doubled effect: something a target was made to do more than once.

Unique constraints forbid the first and the last of these. The books do not take their word for it.
"""

from typing import Final

_SENT_STATES: Final = "('sending', 'delivered', 'confirmed')"

_SENT_TWICE: Final = f"""
    SELECT id FROM (
        SELECT m.id, row_number() OVER (
            PARTITION BY m.flow_id, m.record_id, m.record_version ORDER BY m.id) AS n
        FROM integrations_message m
        WHERE m.direction = 'out' AND m.record_id IS NOT NULL AND m.state IN {_SENT_STATES}) AS sent
    WHERE n > 1"""

# What a target refused took no effect, so it may be sent again after it was held.
_TOOK_EFFECT_TWICE: Final = """
    SELECT DISTINCT message_id AS id FROM (
        SELECT e.message_id, e.to_state, lag(e.to_state) OVER (
            PARTITION BY e.message_id ORDER BY e.id) AS before
        FROM integrations_messageevent e
        WHERE (e.from_state = 'sending' AND e.to_state IN ('delivered', 'confirmed'))
        OR e.to_state = 'held') AS ended
    WHERE to_state <> 'held' AND before <> 'held'"""

# An order belongs to one site, whatever its version, unless a person sent it elsewhere.
_AT_TWO_SITES: Final = f"""
    SELECT id FROM (
        SELECT m.id, m.record_id, dense_rank() OVER (
            PARTITION BY m.record_id ORDER BY m.flow_id) AS site
        FROM integrations_message m JOIN integrations_flow f ON f.id = m.flow_id
        WHERE m.direction = 'out' AND f.routed AND m.state IN {_SENT_STATES}) AS sent
    WHERE site > 1 AND NOT EXISTS (
        SELECT 1 FROM integrations_routedecision d
        WHERE d.record_id = sent.record_id AND d.actor <> '')"""

_TWO_IDS: Final = """
    SELECT record_id AS id FROM integrations_binding
    GROUP BY endpoint_id, record_id HAVING count(*) > 1"""

CHECKS: Final = (
    ("the same version went over the same flow before", _SENT_TWICE),
    ("it took effect more than once", _TOOK_EFFECT_TWICE),
    ("another site has the same order", _AT_TWO_SITES),
    ("one system has this record under two ids", _TWO_IDS),
)
