"""What the database itself refuses to change of brands: documents of last year are made from them."""

from typing import Final

KEEP: Final = """
    CREATE FUNCTION keep_brand() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN
        RAISE EXCEPTION 'A published brand is never changed: the next version says it anew.'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END $keep$;
    CREATE TRIGGER keep_brand BEFORE UPDATE ON tenants_brandversion FOR EACH ROW
        WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION keep_brand();
    CREATE TRIGGER keep_brand BEFORE UPDATE ON tenants_brandimage FOR EACH ROW
        EXECUTE FUNCTION keep_brand();
"""
