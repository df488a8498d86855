"""What a person enters for the files of an EDI partner."""

from dataclasses import replace
from typing import Any, Final

from integrations.connectors import file_server, mailbox
from integrations.connectors.connection import Setting
from integrations.connectors.file_server import FTPS, SFTP
from integrations.connectors.mailbox import MAILBOX

CHARACTERS: Final = ("extended", "basic", "iso-8859-1", "utf-8")
CHARACTER_WORDS: Final = ("ASCII", "capitals only", "ISO 8859-1", "UTF-8")
CHARSETS: Final = ("iso-8859-1", "cp1252", "utf-8")

# When an interchange is answered as a whole.
ASKED, REFUSED, NEVER = "when asked for", "when asked for, or refused", "never"
TA1: Final = Setting(
    "ta1",
    "Answer with TA1",
    "When the envelope of a file is answered beside its groups: where ISA14 asks for it, or where it is"
    " refused too.",
    required=False,
    default=ASKED,
    kind="choice",
    choices=(ASKED, REFUSED, NEVER),
)


_SERVERS: Final = (SFTP, FTPS)
# What is entered of a server differs where mails may bring the files.
_WITH_MAIL: Final[dict[str, dict[str, Any]]] = {
    "protocol": {
        "label": "Place",
        "help": "A server over SFTP, or FTP under TLS (explicit FTPS); or attachments in a mailbox over IMAP,"
        " which only gives files: nothing goes out, and nothing is answered.",
        "choices": (*_SERVERS, MAILBOX),
        "words": ("SFTP server", "FTPS server", "mailbox"),
    },
    "port": {"help": "Usually 22; 21 for FTPS; 993 for a mailbox."},
    "fingerprint": {"when": ("protocol", (FTPS, MAILBOX))},
    "authority": {"when": ("protocol", (FTPS, MAILBOX))},
}


def places(partner: str) -> tuple[Setting, ...]:
    """Where files lie, and which of them are taken; `partner` is what to call theirs."""
    servers = (replace(s, **_WITH_MAIL.get(s.name, {})) for s in file_server.SETTINGS)
    return (*servers, *mailbox.SETTINGS, *folders(partner))


def folders(partner: str) -> tuple[Setting, ...]:
    """The folders of a server and which of their files are taken; `partner` is what to call theirs."""
    return (
        Setting(
            "drop_folder",
            "Folder for our files",
            f"Where the {partner} looks.",
            required=False,
            default="in",
            when=("protocol", _SERVERS),
        ),
        Setting(
            "pick_up_folder",
            "Folder for their files",
            "Where we look.",
            required=False,
            default="out",
            when=("protocol", _SERVERS),
        ),
        Setting(
            "processing_folder",
            "Folder for files at work",
            "On the same file system as the folder for their files.",
            required=False,
            default="out/processing",
            seldom=True,
            when=("protocol", _SERVERS),
        ),
        Setting(
            "archive_folder",
            "Archive folder",
            "Files go there when they are stored, by year, month and day.",
            required=False,
            default="out/archive",
            seldom=True,
            when=("protocol", _SERVERS),
        ),
        Setting(
            "file_pattern",
            "File names",
            "Only files with names like this are picked up, such as *.edi.",
            required=False,
            default="*",
            seldom=True,
        ),
        Setting(
            "largest_file",
            "Largest file",
            "In MB. A larger one is left where it is, and a case says so.",
            required=False,
            default=20,
            kind="number",
            seldom=True,
        ),
    )
