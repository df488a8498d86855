"""What a person enters for flat files: where they lie, and what was agreed about them."""

from dataclasses import replace
from typing import Any, Final

from integrations.connectors import file_server
from integrations.connectors.connection import Setting
from integrations.connectors.file_server import FTPS, SFTP
from integrations.connectors.flat_files import agreement, defaults

FOLDER, BUCKET, MAILBOX = "folder", "bucket", "mailbox"
PLACES: Final = (SFTP, FTPS, FOLDER, BUCKET, MAILBOX)

# What is entered of a server differs only in where it is needed.
_OF_SERVER: Final[dict[str, dict[str, Any]]] = {
    "protocol": {
        "label": "Place",
        "help": "Where files lie: a server over SFTP, or FTP under TLS; a folder of this installation; an"
        " S3-compatible bucket; or attachments in a mailbox over IMAP, which only gives files.",
        "choices": PLACES,
    },
    "host": {"help": "Such as sftp.example.com. For servers and mailboxes.", "required": False},
    "port": {"help": "Usually 22; 21 for FTPS; 993 for a mailbox."},
    "user": {
        "help": "The name of the login; for a bucket, the id of the access key.",
        "required": False,
    },
    "password": {"help": "Used without a key; for a bucket, the secret access key."},
    "fingerprint": {
        "help": "For FTPS and mailboxes: SHA-256 of the one certificate that is trusted. Empty: any that"
        " an authority signed for the host."
    },
    "authority": {
        "help": "For FTPS and mailboxes: the certificate of the authority that signs theirs, in PEM form,"
        " if it is not a public one."
    },
    "plain_because": {
        "help": "Why FTP, or a bucket at http://, is good enough without encryption here. Password and"
        " files can then be read on the way. Empty: TLS is a must."
    },
}

WHERE: Final = (
    *(replace(s, **_OF_SERVER.get(s.name, {})) for s in file_server.SETTINGS),
    Setting(
        "root",
        "Folder",
        "For a folder of this installation: its path, below one that the installation allows.",
        when=("protocol", FOLDER),
    ),
    Setting(
        "url",
        "Store's address",
        "For a bucket: such as https://s3.eu-central-1.amazonaws.com.",
        kind="url",
        place=True,
        when=("protocol", BUCKET),
    ),
    Setting("bucket", "Bucket", "Its name.", when=("protocol", BUCKET)),
    Setting("region", "Region", "For a bucket.", required=False, default="us-east-1"),
    Setting(
        "prefix",
        "Beginning of keys",
        "For a bucket: what stands before every folder.",
        required=False,
        default="",
    ),
)

MAIL: Final = (
    Setting(
        "senders",
        "Allowed senders",
        "For a mailbox: one address per line, such as orders@acme.com, or @acme.com for all of a domain."
        " Mails of others are put aside, and a case says so.",
        kind="lines",
        when=("protocol", MAILBOX),
    ),
    Setting(
        "vouching_server",
        "Server that vouches for senders",
        "For a mailbox: the name your mail server writes into Authentication-Results, such as"
        " mx.example.com. Then only what passed DMARC, or SPF or DKIM for the sender's domain, is taken."
        " Empty: senders are believed, and anyone can write a sender.",
        required=False,
        default="",
    ),
    Setting(
        "mail_folder",
        "Mail folder",
        "For a mailbox: where mails come to.",
        required=False,
        default="INBOX",
    ),
    Setting(
        "mail_archive",
        "Folder for mails that are stored",
        "For a mailbox. It is made if it is not there.",
        required=False,
        default="Archive",
    ),
    Setting(
        "mail_refused",
        "Folder for mails that are refused",
        "For a mailbox: whole mails, of which something was not taken.",
        required=False,
        default="Refused",
    ),
)

FOLDERS: Final = (
    Setting(
        "pick_up_folder",
        "Folder for their files",
        "Where we look. Not for a mailbox.",
        required=False,
        default="out",
    ),
    Setting(
        "drop_folder",
        "Folder for our files",
        "Where they look.",
        required=False,
        default="in",
    ),
    Setting(
        "processing_folder",
        "Folder for files at work",
        "On the same file system as the folder for their files.",
        required=False,
        default="out/processing",
    ),
    Setting(
        "archive_folder",
        "Archive folder",
        "Files go there when they are stored, by year, month and day.",
        required=False,
        default="out/archive",
    ),
    Setting(
        "largest_file",
        "Largest file",
        "In MB. A larger one is left where it is, and a case says so.",
        required=False,
        default=20,
        kind="number",
    ),
)

AGREED: Final = (
    Setting(
        "agreement",
        "Agreement about files",
        "YAML: for each kind of file its name, the type of its documents, and how it is written. The how-to"
        " “Describe files” has one to begin with.",
        required=False,
        default=defaults.AGREEMENT,
        kind="document",
        check=agreement.complaint,
    ),
    Setting(
        "sets_per_file",
        "Documents a file",
        "The most documents one file of ours carries; 1 for a file of each.",
        required=False,
        default=200,
        kind="number",
    ),
    Setting(
        "time_zone",
        "Time zone",
        "Of the times in names of files, such as Europe/Berlin.",
        required=False,
        default="UTC",
    ),
)

SETTINGS: Final = (*WHERE, *MAIL, *FOLDERS, *AGREED)
