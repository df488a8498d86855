"""A mailbox as a place of files: what is entered for it, and the session with it."""

from dataclasses import replace
from typing import Final

from integrations.connectors import access
from integrations.connectors.connection import Connection, Setting
from integrations.transports.imap import Imap, Login
from integrations.transports.oauth import Tokens
from integrations.transports.token_server import CodeGrant

MAILBOX: Final = "mailbox"

_WHERE_ASKED: Final = (
    "For a mailbox with OAuth 2.0: where access tokens are asked for, such as"
    " https://login.example.com/oauth2/token. The login (XOAUTH2) then carries a token, and no password."
)
# What OAuth wants hangs on the token address, which is asked for of a mailbox only.
_OAUTH: Final = tuple(
    replace(setting, help=_WHERE_ASKED, when=("protocol", MAILBOX))
    if setting.name == "token_url"
    else setting
    for setting in access.SETTINGS
)

SETTINGS: Final = (
    *_OAUTH,
    Setting(
        "senders",
        "Allowed senders",
        "One address per line, such as orders@acme.com, or @acme.com for all of a domain."
        " Mails of others are put aside, and a case says so.",
        kind="lines",
        when=("protocol", MAILBOX),
    ),
    Setting(
        "vouching_server",
        "Server that vouches for senders",
        "The name your mail server writes into Authentication-Results, such as"
        " mx.example.com. Then only what passed DMARC, or SPF or DKIM for the sender's domain, is taken."
        " Empty: senders are believed, and anyone can write a sender.",
        required=False,
        default="",
        when=("protocol", MAILBOX),
    ),
    Setting(
        "mail_folder",
        "Mail folder",
        "Where mails come to.",
        required=False,
        default="INBOX",
        when=("protocol", MAILBOX),
        seldom=True,
    ),
    Setting(
        "mail_archive",
        "Folder for mails that are stored",
        "It is made if it is not there.",
        required=False,
        default="Archive",
        when=("protocol", MAILBOX),
        seldom=True,
    ),
    Setting(
        "mail_refused",
        "Folder for mails that are refused",
        "Whole mails, of which something was not taken.",
        required=False,
        default="Refused",
        when=("protocol", MAILBOX),
        seldom=True,
    ),
)


def only_gives(connection: Connection) -> bool:
    """Whether files come and none can go: then nothing is answered."""
    return connection.settings.get("protocol") == MAILBOX


def entered(connection: Connection, name: str) -> str:
    """A setting as text, without blanks around it; empty where nothing is entered."""
    return str(connection.settings.get(name) or "").strip()


def imap_of(connection: Connection) -> Imap:
    """The session with the mailbox; nothing is opened yet."""
    return Imap(
        Login(
            host=entered(connection, "host"),
            port=int(connection.settings["port"]),
            user=entered(connection, "user"),
            password=connection.secrets.get("password"),
            authority="\n".join(connection.lines("authority")),
            fingerprint=entered(connection, "fingerprint"),
            tokens=_tokens(connection),
        )
    )


def wants_tokens(connection: Connection) -> bool:
    """Whether the login carries a token instead of a password."""
    return only_gives(connection) and bool(entered(connection, "token_url"))


def code_grant(connection: Connection) -> CodeGrant | None:
    """The page where a person says yes to the mailbox; None where nobody has to."""
    if not wants_tokens(connection):
        return None
    return access.code_grant(connection, place=_place(connection))


def _tokens(connection: Connection) -> Tokens | None:
    if not wants_tokens(connection):
        return None
    return access.tokens(connection, place=_place(connection))


def _place(connection: Connection) -> str:
    """Where tokens are shown, and whose mailbox they open."""
    host, port = entered(connection, "host"), entered(connection, "port")
    return f"imap://{host}:{port}/{entered(connection, 'user')}"
