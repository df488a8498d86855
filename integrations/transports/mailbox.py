"""A mailbox as a place that files come from: attachments of the senders who may send them.

A mail is stored before it is moved out of the folder it came to: what dies in between finds it again, and
it has the same keys. What is not taken is named, and its mail is put aside whole: nothing is lost.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from integrations.transports import file_names, mails
from integrations.transports.imap import Imap, Waiting
from integrations.transports.mails import Mail

MAILS_A_PAGE: Final = 20
BYTES_A_PAGE: Final = 32 * 1024 * 1024
_ENCODED: Final = 1.4  # how much longer bytes are in a mail
_TEXTS: Final = 1024 * 1024
_ALWAYS_TOLD: Final = frozenset({"name", "archive", "message"})  # there may be files of ours in it


@dataclass(frozen=True)
class Folders:
    """Names of folders in the mailbox."""

    arrive: str
    archive: str
    refused: str


@dataclass(frozen=True)
class Rules:
    """Who may send, and how large a file may be. `vouching`: the server whose word about the sender is
    asked for; empty: the sender is believed. `wants` says whether a file's name is one of ours."""

    senders: list[str]
    vouching: str
    largest: int
    wants: Callable[[str], bool]


class Taken(NamedTuple):
    """A file that came, and its key, which is the same however often its mail is read."""

    name: str
    body: bytes
    key: str


class Refusal(NamedTuple):
    """What was not taken. `why`: sender, unproven, mail_large, nested, damaged, no_file, or of a file
    name, archive, large, message."""

    key: str
    mail: str  # a mark of the mail, the same wherever it lies
    sender: str
    subject: str
    file: str
    why: str


class Look(NamedTuple):
    """What one look into the mailbox gave. `settled`: marks of mails of which nothing was refused."""

    files: list[Taken]
    refusals: list[Refusal]
    good: list[int]
    bad: list[int]
    settled: list[str]
    more: bool


class Mailbox:
    """Mails of one partner, or of several who write to one address."""

    def __init__(self, session: Imap, folders: Folders) -> None:
        self.session, self.folders = session, folders

    def look(self, rules: Rules) -> Look:
        """The oldest mails with their files, at most 20 or about 32 MB. Nothing is changed by it."""
        found = Look([], [], [], [], [], False)
        size = 0
        for count, waiting in enumerate(self.session.waiting(self.folders.arrive)):
            if count >= MAILS_A_PAGE or size >= BYTES_A_PAGE:
                return found._replace(more=True)
            size += self._take(waiting, rules, found)
        return found

    def put_away(self, found: Look) -> None:
        """Move the mails of a look that is stored: to the archive, or aside where something was refused."""
        self.session.move(self.folders.arrive, found.good, self.folders.archive)
        self.session.move(self.folders.arrive, found.bad, self.folders.refused)

    def _take(self, waiting: Waiting, rules: Rules, found: Look) -> int:
        if waiting.size > rules.largest * _ENCODED + _TEXTS:
            key = _key(str(waiting.uid), str(waiting.size))
            found.refusals.append(Refusal(key, key, "", "", f"{waiting.size}", "mail_large"))
            found.bad.append(waiting.uid)
            return 0
        raw = self.session.read(self.folders.arrive, waiting.uid)
        if raw is None:
            return 0
        mail = mails.read(raw, largest=rules.largest)
        files, refusals = judged(mail, rules, uid=waiting.uid)
        found.files.extend(files)
        found.refusals.extend(refusals)
        (found.bad if refusals else found.good).append(waiting.uid)
        if not refusals:
            found.settled.append(mail.key)
        return len(raw)


def judged(mail: Mail, rules: Rules, *, uid: int) -> tuple[list[Taken], list[Refusal]]:
    """The files of a mail that are taken, and what of it is not. Of a sender who may not send, nothing is."""

    def refused(why: str, file: str = "") -> Refusal:
        # By its number in the folder: a mail that a person puts back, and is refused again, is told again.
        return Refusal(
            _key(mail.key, str(uid), why, file), mail.key, mail.sender, mail.subject, file, why
        )

    if mail.fault:
        return [], [refused(mail.fault)]
    if not mails.is_allowed(mail.sender, rules.senders):
        return [], [refused("sender")]
    if rules.vouching and not mails.is_vouched_for(mail, rules.vouching):
        return [], [refused("unproven")]
    wanted = [
        (n, a)
        for n, a in enumerate(mail.attachments)
        if a.fault in _ALWAYS_TOLD or rules.wants(a.name)
    ]
    files = [
        Taken(a.name, a.body, f"mail:{_key(mail.key, str(n))}:{_digest(a.body)}")
        for n, a in wanted
        if not a.fault
    ]
    refusals = [refused(a.fault, a.name) for _, a in wanted if a.fault]
    if not wanted:
        refusals.append(refused("no_file", _names([a.name for a in mail.attachments])))
    return files, refusals


def _names(names: Sequence[str]) -> str:
    return ", ".join(file_names.shown(name) for name in names[:5])


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]
