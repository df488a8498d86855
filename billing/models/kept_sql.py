"""What the database itself refuses to change, and what it notes as it happens."""

from typing import Final

_SAYS: Final = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN
        RAISE EXCEPTION '{text}' USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END $keep$
"""
_FINAL_STAYS: Final = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    for column in (
        "account_id", "entity_id", "kind", "month", "number", "content", "hash", "currency", "net",
        "total", "due", "due_on", "corrects_id", "replaces_id", "made_at", "final_at",
    )
)  # fmt: skip


def _added_only(table: str, function: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER {function} BEFORE UPDATE OR DELETE ON billing_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE TRIGGER {function}_all BEFORE TRUNCATE ON billing_{table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    )


KEEP: Final = (
    _SAYS.format(
        name="keep_usage",
        text="Usage is never changed: an amendment is a fact of its own.",
    ),
    *_added_only("usagefact", "keep_usage"),
    _SAYS.format(
        name="keep_final",
        text="This invoice is final. It is corrected by a credit note, or made void and written anew.",
    ),
    f"""
    CREATE TRIGGER keep_final BEFORE UPDATE ON billing_invoice FOR EACH ROW
        WHEN (OLD.number IS NOT NULL AND ({_FINAL_STAYS} OR NEW.state IN ('draft', 'review')
            OR (OLD.state = 'void' AND NEW.state <> 'void')))
        EXECUTE FUNCTION keep_final()
    """,
    """
    CREATE TRIGGER keep_final_row BEFORE DELETE ON billing_invoice FOR EACH ROW
        WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION keep_final()
    """,
    """
    CREATE TRIGGER keep_final_all BEFORE TRUNCATE ON billing_invoice FOR EACH STATEMENT
        EXECUTE FUNCTION keep_final()
    """,
    *_added_only("invoiceline", "keep_final"),
    *_added_only("credituse", "keep_final"),
    _SAYS.format(name="keep_log", text="A log is added to, never changed."),
    *_added_only("invoiceevent", "keep_log"),
    _SAYS.format(
        name="keep_published", text="These prices are published. Changes are a version of their own."
    ),
    """
    CREATE TRIGGER keep_published BEFORE UPDATE ON billing_planversion FOR EACH ROW
        WHEN (OLD.state = 'published' AND (OLD.content IS DISTINCT FROM NEW.content
            OR OLD.number IS DISTINCT FROM NEW.number OR OLD.plan_id IS DISTINCT FROM NEW.plan_id
            OR NEW.state <> 'published'))
        EXECUTE FUNCTION keep_published()
    """,
    """
    CREATE TRIGGER keep_published_row BEFORE DELETE ON billing_planversion FOR EACH ROW
        WHEN (OLD.state = 'published') EXECUTE FUNCTION keep_published()
    """,
)  # fmt: skip

# In the transaction that writes an event, so that nothing that moved is ever missed. Of what came in,
# EDI is metered.
METER: Final = (
    """
    CREATE FUNCTION note_to_meter() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_hashjoin = off SET enable_mergejoin = off
    AS $meter$ BEGIN
        INSERT INTO billing_tometer (message_id)
        SELECT e.message_id FROM fresh e
            WHERE e.from_state = 'sending' AND e.to_state IN ('delivered', 'confirmed')
        UNION
        SELECT m.id FROM fresh e JOIN integrations_message m ON m.id = e.message_id
            WHERE e.to_state = 'applied' AND m.interchange_id IS NOT NULL;
        RETURN NULL;
    END $meter$
    """,
    """
    CREATE TRIGGER note_to_meter AFTER INSERT ON integrations_messageevent
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_to_meter()
    """,
    "ALTER TABLE billing_tometer SET (autovacuum_vacuum_scale_factor = 0,"
    " autovacuum_vacuum_threshold = 20000)",
)
