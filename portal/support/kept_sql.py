"""What the database refuses to change of the ledger, whoever asks but the owner of its table."""

from typing import Final

from portal.env import APP_ROLE, CUSTOMER_ROLE, LIMITED_ROLE

_ROLES: Final = ", ".join(f"'{role}'" for role in (APP_ROLE, LIMITED_ROLE, CUSTOMER_ROLE))
KEEP: Final = (
    """
    CREATE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN
        RAISE EXCEPTION 'The consent ledger is added to, never changed.'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END $keep$
    """,
    "CREATE TRIGGER keep_ledger BEFORE UPDATE OR DELETE ON support_ledgerentry FOR EACH ROW"
    f" WHEN (current_user IN ({_ROLES})) EXECUTE FUNCTION keep_ledger()",
)
