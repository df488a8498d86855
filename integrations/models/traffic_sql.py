"""The one way in which events become sums: in triggers as they are written, and made anew from all."""

from typing import Final

from integrations.models.traffic import COUNTERS, GROWTH, KEY

SLOT: Final = "date_bin('5 minutes', e.at, 'epoch')"
HOUR: Final = "date_bin('1 hour', e.at, 'epoch')"
NAMES: Final = ", ".join(COUNTERS)
KEYS: Final = ", ".join(KEY)

_KEY: Final = "m.customer_id, m.endpoint_id, coalesce(m.flow_id, 0), {object_type}, m.direction"
_COUNTS: Final = ", ".join(
    f"{{sign}}(count(*) FILTER (WHERE {which}))::int" for which in COUNTERS.values()
)
# The ways that end with an event, each with its milliseconds.
_WAYS: Final = """
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.from_state = 'received' THEN 'in' ELSE 'out' END AS kind,
            extract(epoch FROM e.at - m.created_at) * 1000 AS ms
        WHERE (e.from_state = 'received' AND e.to_state IN ('applied', 'unchanged', 'split'))
            OR (e.from_state = 'sending' AND e.to_state IN ('delivered', 'confirmed'))
        UNION ALL
        SELECT 'answer', (e.answer->>'ms')::numeric
        WHERE e.from_state = 'sending' AND jsonb_typeof(e.answer->'ms') = 'number'
    ) AS way
"""
_BIN: Final = f"ceil(ln(greatest(way.ms, 1)::float8) / ln({GROWTH}::float8))::smallint"


def traffic_of(events: str, *, sign: str = "", object_type: str = "m.object_type") -> str:
    """SELECT slot, key and counters of `events`, which are named e and joined with their messages m."""
    key = _KEY.format(object_type=object_type)
    return f"""SELECT {SLOT}, {key}, {_COUNTS.format(sign=sign)}
        FROM {events} GROUP BY 1, 2, 3, 4, 5, 6"""


def delays_of(events: str, *, sign: str = "", object_type: str = "m.object_type") -> str:
    """SELECT hour, key, kind, bin and count of the ways that ended with `events`."""
    key = _KEY.format(object_type=object_type)
    return f"""SELECT {HOUR}, {key}, way.kind, {_BIN}, {sign}count(*)::int
        FROM {events} {_WAYS} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"""


def new_records_of(records: str) -> str:
    """SELECT slot, customer, object type and number of `records`, each of which is new."""
    return f"""SELECT date_bin('5 minutes', created_at, 'epoch'), customer_id, object_type,
        count(*)::int FROM {records} GROUP BY 1, 2, 3"""


INTO_TRAFFIC: Final = f"INSERT INTO integrations_trafficdelta (slot, {KEYS}, {NAMES})"
INTO_DELAYS: Final = f"INSERT INTO integrations_delaydelta (at, {KEYS}, kind, bin, count)"

NEW_RECORDS: Final = "slot, customer_id, object_type, count"
INTO_NEW_RECORDS: Final = f"INSERT INTO integrations_newrecordsdelta ({NEW_RECORDS})"

_FRESH: Final = "fresh e JOIN integrations_message m ON m.id = e.message_id"
# A message that got another type takes its events along. Those of the running statement are written
# with the new one; Django's `Now()` gives an event the time of its statement.
_EARLIER: Final = """(SELECT NEW.*) m JOIN integrations_messageevent e
    ON e.message_id = m.id AND e.at < statement_timestamp()"""


def _function(name: str, *statements: str) -> str:
    # A plan for few messages by their keys also fits many; one for a small table would stay for long.
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT
        SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
        AS $$ BEGIN {"; ".join(statements)}; RETURN NULL; END $$
    """


TRIGGERS: Final = (
    _function(
        "note_traffic",
        f"{INTO_TRAFFIC} {traffic_of(_FRESH)}",
        f"{INTO_DELAYS} {delays_of(_FRESH)}",
    ),
    """
    CREATE TRIGGER note_traffic AFTER INSERT ON integrations_messageevent
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_traffic()
    """,
    _function(
        "retype_traffic",
        *(
            f"{into} {made(_EARLIER, sign=sign, object_type=object_type)}"
            for into, made in ((INTO_TRAFFIC, traffic_of), (INTO_DELAYS, delays_of))
            for sign, object_type in (("-", "OLD.object_type"), ("", "NEW.object_type"))
        ),
    ),
    """
    CREATE TRIGGER retype_traffic AFTER UPDATE OF object_type ON integrations_message
    FOR EACH ROW WHEN (OLD.object_type IS DISTINCT FROM NEW.object_type)
    EXECUTE FUNCTION retype_traffic()
    """,
    _function("note_records", f"{INTO_NEW_RECORDS} {new_records_of('fresh')}"),
    """
    CREATE TRIGGER note_records AFTER INSERT ON integrations_record
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_records()
    """,
    # They fill and empty all day: dead rows have to go before they are most of the table.
    *(
        f"ALTER TABLE integrations_{table} SET (autovacuum_vacuum_scale_factor = 0,"
        " autovacuum_vacuum_threshold = 20000)"
        for table in ("trafficdelta", "delaydelta", "newrecordsdelta")
    ),
)
