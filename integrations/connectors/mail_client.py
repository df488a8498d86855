"""The conversation with a mailbox: attachments are the files that come."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from integrations.connectors import checks, left_files, mail_notes, mail_probe
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page, Received
from integrations.connectors.mailbox import entered, imap_of
from integrations.transports.mailbox import Folders, Mailbox, Rules, Taken
from portal.core.errors import Permanent

_MOST_REMEMBERED: Final = 200


class Looked(NamedTuple):
    """Which files are looked for, by their names, and what is made of one."""

    wants: Callable[[str], bool]
    document: Callable[[Taken], Received]


class MailClient:
    """Reads mails and moves them when they are stored. Safe from any thread.

    `looked_for` says of a stream which files it is about; KeyError for one that is not there."""

    def __init__(self, connection: Connection, looked_for: Callable[[str], Looked]) -> None:
        self._connection, self._looked_for = connection, looked_for
        self._mailbox = Mailbox(
            imap_of(connection),
            Folders(
                arrive=entered(connection, "mail_folder") or "INBOX",
                archive=entered(connection, "mail_archive") or "Archive",
                refused=entered(connection, "mail_refused") or "Refused",
            ),
        )

    def __repr__(self) -> str:
        return f"MailClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, certificate, login and the three folders; a mailbox tells no time."""
        lines = mail_probe.lines(self._mailbox, self._connection)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """The oldest mails' files, and a note for all that is not taken. The mails are moved when that is
        stored."""
        looked = self._looked_for(stream)
        found = self._mailbox.look(self._rules(looked))
        documents = [looked.document(file) for file in found.files]
        notes = [(refusal, mail_notes.note(refusal)) for refusal in found.refusals]
        told: dict[str, list[str]] = dict(cursor.get("told", []))
        outdone = [key for mark in found.settled for key in told.pop(mark, [])]
        for refusal, note in notes:
            told.setdefault(refusal.mail, []).append(str(note.dedup_key))
        kept = [list(entry) for entry in told.items()][-_MOST_REMEMBERED:]
        return Page(
            documents + [note for _, note in notes],
            {"told": kept},
            found.more,
            lambda: self._mailbox.put_away(found),
            outdone,
        )

    def peek(self, stream: str, *, most: int) -> list[Received]:
        """Files on the mails that wait. Nothing is moved, and no mail is marked as read."""
        looked = self._looked_for(stream)
        found = self._mailbox.look(self._rules(looked))
        return [looked.document(file) for file in found.files][-most:]

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """A mailbox only gives files."""
        text = "A mailbox takes no files of ours. Bring in another endpoint for what goes out."
        raise Permanent(text, code="settings_invalid")

    def close(self) -> None:
        self._mailbox.session.close()

    def _rules(self, looked: Looked) -> Rules:
        senders = self._connection.settings.get("senders")
        return Rules(
            senders=self._connection.lines("senders") if senders else [],
            vouching=entered(self._connection, "vouching_server"),
            largest=int(self._connection.settings["largest_file"]) * left_files.MEGABYTE,
            wants=looked.wants,
        )
