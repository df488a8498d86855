"""Which account of which partner a connection means. Pure."""

import posixpath
from collections.abc import Mapping
from typing import Any

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.mailbox import only_gives


def account_of(connection: Connection) -> str:
    """Host, user, both folders and both parties: one login may serve several partners by their ids."""
    settings = connection.settings
    host, port = account.host(_entered(settings, "host")), _entered(settings, "port")
    if only_gives(connection):
        place = host if port in {"", "993"} else f"{host}:{port}"
        folder = _entered(settings, "mail_folder")
        return f"{_entered(settings, 'user')}@{place} {folder} {parties(connection)}"
    place = host if port in {"", "22"} else f"{host}:{port}"
    folders = " ".join(_folder(settings[name]) for name in ("drop_folder", "pick_up_folder"))
    return f"{_entered(settings, 'user')}@{place} {folders} {parties(connection)}"


def parties(connection: Connection) -> str:
    """Both ids of the envelopes with their kinds."""
    return " ".join(
        f"{_entered(connection.settings, f'{who}_qualifier')}/{_entered(connection.settings, f'{who}_id')}"
        for who in ("own", "partner")
    )


def _folder(path: object) -> str:
    return posixpath.normpath(str(path or "").strip())


def _entered(settings: Mapping[str, Any], name: str) -> str:
    return str(settings.get(name) or "").strip()
