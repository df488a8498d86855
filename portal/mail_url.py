"""Which mail server an address means, such as smtp://user:password@mail.example. Imports no Django.

smtp:// speaks TLS after a plain greeting (port 587), smtps:// from the first byte (465), and
smtp+plain:// never (25). file:///a/folder writes each mail into a file, console: prints it.
"""

from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from portal.env import UnfitSettingError

_BACKEND: Final = "django.core.mail.backends.{}.EmailBackend"
_PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class MailServer(NamedTuple):
    """What Django's mail settings are set to."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False
    folder: str | None = None


def read(url: str) -> MailServer:
    """The server of an address; without one, mails go nowhere, and whoever sends is told."""
    if not url:
        return MailServer(_BACKEND.format("dummy"))
    parts = urlsplit(url)
    if parts.scheme == "console":
        return MailServer(_BACKEND.format("console"))
    if parts.scheme == "file" and parts.path:
        return MailServer(_BACKEND.format("filebased"), folder=unquote(parts.path))
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UnfitSettingError(
            "CROSSDOCK_EMAIL_URL has to be such as smtp://user:password@mail.example:587."
        )
    return MailServer(
        _BACKEND.format("smtp"),
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp",
        ssl=parts.scheme == "smtps",
    )
