"""Where sessions are kept: rows that say whose they are. Named by SESSION_ENGINE."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

SEEN, SIGNED_IN, HOW, ADDRESS, AGENT = "seen", "signed_in", "how", "address", "agent"


class SessionStore(db.SessionStore):
    """Django's, with the columns of `Session` filled from what the session holds."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from portal.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        row.how, row.address, row.agent = (data.get(name, "") for name in (HOW, ADDRESS, AGENT))
        row.signed_in_at, row.seen_at = _moment(data.get(SIGNED_IN)), _moment(data.get(SEEN))
        return row


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
