"""What the database refuses to change of the audit trail, whoever asks but the owner of its tables."""

from typing import Final

from portal.env import APP_ROLE, CUSTOMER_ROLE, LIMITED_ROLE

_ROLES: Final = ", ".join(f"'{role}'" for role in (APP_ROLE, LIMITED_ROLE, CUSTOMER_ROLE))
# Two things happen to rows later on: a mark gets its place in the chain, once; and an entry forgets the
# number of a person who is deleted. Who it was still stands in both.
KEEP: Final = (
    """
    CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_mark' AND to_jsonb(OLD) ->> 'number' IS NULL
            AND to_jsonb(OLD) - '{number,previous,digest}'::text[]
                = to_jsonb(NEW) - '{number,previous,digest}'::text[] THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'auditlog_logentry'
            AND to_jsonb(NEW) ->> 'actor_id' IS NULL
            AND to_jsonb(OLD) - 'actor_id' = to_jsonb(NEW) - 'actor_id' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'The audit log is added to, never changed.'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END $keep$
    """,
    *(
        f"CREATE TRIGGER keep_audit BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        f" WHEN (current_user IN ({_ROLES})) EXECUTE FUNCTION keep_audit()"
        for table in ("audit_mark", "auditlog_logentry")
    ),
)
