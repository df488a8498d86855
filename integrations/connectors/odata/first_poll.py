"""Where the first poll of documents begins, as it was entered."""

from datetime import UTC, datetime
from typing import Final

from integrations.connectors.connection import Connection, Setting
from portal.core.errors import Permanent

SETTING: Final = Setting(
    "documents_since",
    "First poll of shipments and invoices starts at",
    "A time in UTC such as 2026-03-01T00:00:00. Empty: a day before the first poll.",
    required=False,
    default="",
)


def start(connection: Connection) -> datetime | None:
    """None: nothing is entered. Permanent for what is no time."""
    entered = str(connection.settings.get(SETTING.name) or "").strip()
    if not entered:
        return None
    try:
        at = datetime.fromisoformat(entered)
    except ValueError:
        text = f"“{SETTING.label}” is “{entered[:40]}”, not a time"
        raise Permanent(text, code="bad_setting") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
