"""The conversation with a mailbox: attachments are the files that come."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from integrations.connectors import checks, left_files
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.flat_files import mail_notes, mail_probe, places
from integrations.connectors.flat_files.agreement import Agreement
from integrations.connectors.flat_files.client import agreed_for, received
from integrations.connectors.inbound import Page, Received
from integrations.transports.files import Picked
from integrations.transports.mailbox import Folders, Mailbox, Rules
from portal.core.errors import Permanent

_MOST_REMEMBERED: Final = 200


class MailClient:
    """Reads mails and moves them when they are stored. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mailbox = Mailbox(
            places.imap_of(connection),
            Folders(
                arrive=places.entered(connection, "mail_folder") or "INBOX",
                archive=places.entered(connection, "mail_archive") or "Archive",
                refused=places.entered(connection, "mail_refused") or "Refused",
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
        agreed = agreed_for(self._connection, stream)
        found = self._mailbox.look(self._rules(agreed))
        documents = [received(agreed, Picked(f.name, "", f.body), f.key) for f in found.files]
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
        agreed = agreed_for(self._connection, stream)
        found = self._mailbox.look(self._rules(agreed))
        files = [received(agreed, Picked(f.name, "", f.body), f.key) for f in found.files]
        return files[-most:]

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """A mailbox only gives files."""
        text = "A mailbox takes no files of ours. Bring in another endpoint for what goes out."
        raise Permanent(text, code="settings_invalid")

    def close(self) -> None:
        self._mailbox.session.close()

    def _rules(self, agreed: Agreement) -> Rules:
        senders = self._connection.settings.get("senders")
        return Rules(
            senders=self._connection.lines("senders") if senders else [],
            vouching=places.entered(self._connection, "vouching_server"),
            largest=int(self._connection.settings["largest_file"]) * left_files.MEGABYTE,
            wants=lambda name: agreed.of_file(name) is not None,
        )
