"""A mailbox as a place of files: what is entered for it, and the session with it."""

from typing import Final

from integrations.connectors.connection import Connection, Setting
from integrations.transports.imap import Imap, Login

MAILBOX: Final = "mailbox"

SETTINGS: Final = (
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
    ),
    Setting(
        "mail_archive",
        "Folder for mails that are stored",
        "It is made if it is not there.",
        required=False,
        default="Archive",
        when=("protocol", MAILBOX),
    ),
    Setting(
        "mail_refused",
        "Folder for mails that are refused",
        "Whole mails, of which something was not taken.",
        required=False,
        default="Refused",
        when=("protocol", MAILBOX),
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
        )
    )
