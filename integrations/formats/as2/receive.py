"""What the door does with a message that came: who sent it, what is in it, and the answer to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from integrations.formats.as2.algorithms import Mic
from integrations.formats.as2.disposition import (
    DECRYPTION_FAILED,
    PROCESSED,
    UNKNOWN_PARTNER,
    Disposition,
    NotTaken,
    refusal,
)
from integrations.formats.as2.entity import from_http
from integrations.formats.as2.names import lowered, message_id_in, name_in
from integrations.formats.as2.profile import Agreement, FindAgreement, Profile
from integrations.formats.as2.receipt_writer import About, Answer, write_receipt
from integrations.formats.as2.receipts_asked import Asked, asked
from integrations.formats.as2.unwrap import Content, unwrap

LARGEST: Final = 64 * 1024 * 1024


class Earlier(NamedTuple):
    """A message taken before under the same id: its check, and the answer it was given."""

    mic: Mic
    answer: Answer | None


# Sender's AS2 name and message id → what was taken under them before.
FindEarlier = Callable[[str, str], Earlier | None]


@dataclass(frozen=True)
class Received:
    """A message that may be stored. Store it before `answer` is given; None: no receipt is wanted.

    `earlier`: the same message came before, and `answer` is the one it was given then: store
    nothing. `id_reused`: its id was used before for another content, which is a message of its own.
    """

    about: About
    subject: str
    content: Content
    answer: Answer | None
    earlier: Earlier | None = None
    id_reused: bool = False


@dataclass(frozen=True)
class Refused:
    """A message that is not taken. `disposition` and `text` are for us and may say more than `answer`."""

    about: About
    disposition: Disposition
    text: str
    answer: Answer | None


def receive(
    headers: Mapping[str, str],
    body: bytes,
    partners: FindAgreement,
    *,
    now: datetime,
    receipt_id: str,
    earlier: FindEarlier = lambda sender, message_id: None,
    largest: int = LARGEST,
) -> Received | Refused:
    """Judge a message that was posted. Never raises for what a sender can do.

    `partners` finds what was agreed between our name and theirs. `receipt_id` is the Message-ID of
    the receipt. `largest` bounds what compressed content may grow to.
    """
    found = lowered(headers)
    try:
        about = About(message_id_in(found), name_in(found, "as2-from"), name_in(found, "as2-to"))
    except NotTaken as error:
        return Refused(About("", "", ""), refusal(error.reason), error.text, None)
    agreement = partners(about.receiver, about.sender)
    answering = _Answering(about, found, agreement, receipt_id, now)
    if agreement is None:
        text = f"No partner {about.sender} is known to {about.receiver}."
        return answering.refuse(NotTaken(UNKNOWN_PARTNER, text))
    wanted = answering.asked
    try:
        if wanted and wanted.fault:
            raise NotTaken(wanted.fault, "The receipt cannot be made as it is required.")
        digest = wanted.digest if wanted else ""
        outer = from_http(headers, body)
        content = unwrap(outer, agreement, now=now, largest=largest, digest=digest)
    except NotTaken as error:
        return answering.refuse(error)
    before = earlier(about.sender, about.message_id)
    subject = found.get("subject", "")
    if before and before.mic.equals(content.mic):
        return Received(about, subject, content, before.answer, earlier=before)
    return Received(
        about, subject, content, answering.accept(content), id_reused=before is not None
    )


@dataclass(frozen=True)
class _Answering:
    about: About
    headers: Mapping[str, str]
    agreement: Agreement | None
    receipt_id: str
    now: datetime

    @property
    def asked(self) -> Asked | None:
        profile = self.agreement.profile if self.agreement else self._stranger
        return asked(self.headers, profile)

    @property
    def _stranger(self) -> Profile:
        return Profile(self.about.receiver, self.about.sender)

    def accept(self, content: Content) -> Answer | None:
        text = (
            f"The message {self.about.message_id} from {self.about.sender} to {self.about.receiver}"
            " was received. That its content can be processed is not said by this receipt."
        )
        is_signed = content.protection.signed is not None
        return self._answer(PROCESSED, text, mic=content.mic, trusted=is_signed)

    def refuse(self, error: NotTaken) -> Refused:
        """Whoever tries variations of a captured message must not learn how far each one came: what
        fails inside of the encryption is told as a failure of it."""
        told = NotTaken(DECRYPTION_FAILED, _NO_CLOSER) if error.inside else error
        text = (
            f"The message {self.about.message_id} from {self.about.sender} to {self.about.receiver}"
            f" was not taken: {told.text}"
        )
        answer = self._answer(refusal(told.reason), text, mic=None, trusted=False)
        return Refused(self.about, refusal(error.reason), error.text, answer)

    def _answer(
        self, disposition: Disposition, text: str, *, mic: Mic | None, trusted: bool
    ) -> Answer | None:
        wanted = self.asked
        if not wanted:
            return None
        if wanted.deliver_to:
            wanted = wanted._replace(deliver_to=self._address(wanted.deliver_to, trusted=trusted))
        return write_receipt(
            self.about,
            disposition,
            text,
            asked=wanted,
            agreement=self.agreement,
            mic=mic,
            receipt_id=self.receipt_id,
            now=self.now,
        )

    def _address(self, asked_for: str, *, trusted: bool) -> str:
        """Where an asynchronous receipt goes. An address in a message that nobody vouched for is not
        called: its receipt is the answer to the post."""
        agreed = self.agreement.profile.their_receipt_url if self.agreement else ""
        return agreed or (asked_for if trusted else "")


_NO_CLOSER: Final = "It cannot be decrypted, or what is inside is not what it should be."
