"""Which company a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """Address, tenant, environment and company: another application sees the same documents."""
    settings = connection.settings
    address, company = (str(settings.get(name) or "").strip() for name in ("url", "company"))
    if not address or not company:
        return ""
    parts = (str(settings.get(name) or "").strip().lower() for name in ("tenant", "environment"))
    return "/".join([account.site(address), *parts, company.lower()])
