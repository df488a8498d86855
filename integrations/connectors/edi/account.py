"""Which account of which partner a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.edi.settings import AS2
from integrations.connectors.edi_files import account as of_files


def account_of(connection: Connection) -> str:
    """Over AS2 the two names and where it is posted to; else host, user and folders. And both parties."""
    settings = connection.settings
    if settings["transport"] != AS2:
        return of_files.account_of(connection)
    names = " ".join(str(settings.get(f"as2_{who}_id") or "").strip() for who in ("own", "partner"))
    place = account.site(str(settings.get("as2_url") or ""))
    return f"{names}@{place} {of_files.parties(connection)}"
