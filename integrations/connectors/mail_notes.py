"""Mails and attachments that were not taken: one note for each. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from integrations.canonical.problem import Problem
from integrations.connectors import left_files
from integrations.connectors.inbound import Received

_ASIDE: Final = " The mail lies in the folder for refused ones: move it back once that has changed"


class Refusal(Protocol):
    """What a look into the mailbox did not take."""

    @property
    def key(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def why(self) -> str: ...


def note(refusal: Refusal) -> Received:
    """The note of a refusal. The same refusal has the same key."""
    said = {
        "mail": refusal.why,
        "from": refusal.sender,
        "subject": refusal.subject[:80],
        "file": refusal.file[:200],
    }
    topic = f"mail:{refusal.sender or 'unknown'}"
    key = f"{left_files.NOTE}:{refusal.key}"
    return Received(left_files.NOTE, topic[:60], json.dumps(said).encode(), key)


def told(body: bytes) -> Problem:
    """What a note says, in words: of a mail, or of a file that was left on a server."""
    said = json.loads(body)
    return problem(said) if "mail" in said else left_files.problem(body)


def problem(said: Mapping[str, Any]) -> Problem:
    """What a note says, in words."""
    why, sender, file = said["mail"], said["from"] or "nobody named", said["file"]
    of_mail = f"a mail from {sender}" + (f", “{said['subject']}”" if said["subject"] else "")
    if why in {"sender", "unproven"}:
        text = f"A mail came from {sender}, who is not among “Allowed senders”."
        if why == "unproven":
            text = f"No server vouches that {of_mail} is theirs."
        return Problem("unknown_partner", "", sender, text + _ASIDE)
    if why in {"large", "mail_large"}:
        what = f"{file} on {of_mail}" if why == "large" else f"A mail of {file} bytes"
        return Problem("too_large", "", file, f"{what} is larger than “Largest file”.{_ASIDE}")
    if why == "name":
        text = f"A file on {of_mail} has a name that cannot be used: {file}.{_ASIDE}"
        return Problem("file_name", "", file, text)
    sentence = _SENTENCES.get(why, _SENTENCES["damaged"]).format(file=file or "none", mail=of_mail)
    return Problem("malformed_document", "", file, sentence + _ASIDE)


_SENTENCES: Final = {
    "archive": "{file} on {mail} is an archive, and archives are not opened.",
    "message": "On {mail} hangs another mail, “{file}”, whose files are not taken.",
    "nested": "In {mail} are more parts, or deeper ones, than a mail with files has.",
    "damaged": "What is on {mail} cannot be read: {file}.",
    "no_file": "On {mail} is no file that is looked for; on it: {file}.",
}
