"""What a person enters for the files of an EDI partner."""

from typing import Final

from integrations.connectors.connection import Setting

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


def folders(partner: str) -> tuple[Setting, ...]:
    """The folders of a server and which of their files are taken; `partner` is what to call theirs."""
    return (
        Setting("drop_folder", "Folder for our files", f"Where the {partner} looks.", default="in"),
        Setting("pick_up_folder", "Folder for their files", "Where we look.", default="out"),
        Setting(
            "processing_folder",
            "Folder for files at work",
            "On the same file system as the folder for their files.",
            required=False,
            default="out/processing",
            seldom=True,
        ),
        Setting(
            "archive_folder",
            "Archive folder",
            "Files go there when they are stored, by year, month and day.",
            required=False,
            default="out/archive",
            seldom=True,
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
