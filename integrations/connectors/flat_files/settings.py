"""What a person enters for flat files: where they lie, and what was agreed about them."""

from dataclasses import replace
from typing import Any, Final

from integrations.connectors import file_server, mailbox
from integrations.connectors.connection import Setting
from integrations.connectors.file_server import FTPS, SFTP
from integrations.connectors.flat_files import agreement, defaults
from integrations.connectors.mailbox import MAILBOX

FOLDER, BUCKET = "folder", "bucket"
PLACES: Final = (SFTP, FTPS, FOLDER, BUCKET, MAILBOX)

_SERVERS, _MAIL_TOO = (SFTP, FTPS), (SFTP, FTPS, MAILBOX)
# What is entered of a server differs in where it is wanted.
_OF_SERVER: Final[dict[str, dict[str, Any]]] = {
    "protocol": {
        "label": "Place",
        "help": "Where files lie: a server over SFTP, or FTP under TLS; a folder of this installation; an"
        " S3-compatible bucket; or attachments in a mailbox over IMAP, which only gives files.",
        "choices": PLACES,
        "words": (
            "SFTP server",
            "FTPS server",
            "folder of this installation",
            "bucket",
            "mailbox",
        ),
    },
    "host": {"help": "Such as sftp.example.com.", "when": ("protocol", _MAIL_TOO)},
    "port": {
        "help": "Usually 22; 21 for FTPS; 993 for a mailbox.",
        "when": ("protocol", _MAIL_TOO),
    },
    "user": {
        "help": "The name of the login; for a bucket, the id of the access key.",
        "when": ("protocol", (*_MAIL_TOO, BUCKET)),
    },
    "password": {
        "help": "Used without a key; for a bucket, the secret access key.",
        "when": ("protocol", (*_MAIL_TOO, BUCKET)),
    },
    "fingerprint": {"when": ("protocol", (FTPS, MAILBOX))},
    "authority": {"when": ("protocol", (FTPS, MAILBOX))},
    "plain_because": {
        "help": "Why FTP, or a bucket at http://, is good enough without encryption here. Password and"
        " files can then be read on the way. Empty: TLS is a must.",
        "when": ("protocol", (FTPS, BUCKET)),
    },
}

WHERE: Final = (
    *(replace(s, **_OF_SERVER.get(s.name, {})) for s in file_server.SETTINGS),
    Setting(
        "root",
        "Folder",
        "Its path, below one that the installation allows.",
        when=("protocol", FOLDER),
    ),
    Setting(
        "url",
        "Store's address",
        "Such as https://s3.eu-central-1.amazonaws.com.",
        kind="url",
        place=True,
        when=("protocol", BUCKET),
    ),
    Setting("bucket", "Bucket", "Its name.", when=("protocol", BUCKET)),
    Setting(
        "region",
        "Region",
        "Where the bucket is.",
        required=False,
        default="us-east-1",
        when=("protocol", BUCKET),
    ),
    Setting(
        "prefix",
        "Beginning of keys",
        "What stands before every folder.",
        required=False,
        default="",
        when=("protocol", BUCKET),
        seldom=True,
    ),
)

FOLDERS: Final = (
    Setting(
        "pick_up_folder",
        "Folder for their files",
        "Where we look.",
        required=False,
        default="out",
        when=("protocol", (*_SERVERS, FOLDER, BUCKET)),
    ),
    Setting(
        "drop_folder",
        "Folder for our files",
        "Where they look.",
        required=False,
        default="in",
        when=("protocol", (*_SERVERS, FOLDER, BUCKET)),
    ),
    Setting(
        "processing_folder",
        "Folder for files at work",
        "On the same file system as the folder for their files.",
        required=False,
        default="out/processing",
        when=("protocol", (*_SERVERS, FOLDER, BUCKET)),
        seldom=True,
    ),
    Setting(
        "archive_folder",
        "Archive folder",
        "Files go there when they are stored, by year, month and day.",
        required=False,
        default="out/archive",
        when=("protocol", (*_SERVERS, FOLDER, BUCKET)),
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
        seldom=True,
    ),
    Setting(
        "time_zone",
        "Time zone",
        "Of the times in names of files, such as Europe/Berlin.",
        required=False,
        default="UTC",
    ),
)

SETTINGS: Final = (*WHERE, *mailbox.SETTINGS, *FOLDERS, *AGREED)
