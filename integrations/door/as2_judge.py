"""What the door makes of a post to an endpoint that speaks AS2: a message, a receipt, or a refusal. Pure."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from integrations.connectors.inbound import Received, event_key
from integrations.formats import as2
from integrations.formats.as2.disposition import AUTHENTICATION_FAILED, UNKNOWN_PARTNER, NotTaken
from integrations.formats.as2.names import lowered, message_id_in, name_in

# What becomes of a message that a partner sent: the mapper takes it apart.
OBJECT_TYPE: Final = "interchange"
_TOPIC: Final = 60
_CONTENT_TYPE: Final = 80
_KEPT: Final = ("content-", "as2-", "message-id", "mime-version", "date")


class Receipt(NamedTuple):
    """A partner's word about a message of ours, with the headers it came with."""

    message_id: str
    headers: dict[str, str]


class Unread(NamedTuple):
    """A receipt that does not count, by one of the words of `disposition`, and why."""

    reason: str
    text: str


class Post(NamedTuple):
    """What came, and by what it is judged. `earlier`: what was taken before under the same id."""

    headers: Mapping[str, str]
    body: bytes
    agreement: as2.Agreement
    earlier: as2.Earlier | None
    receipt_id: str
    largest: int


def judge(post: Post, now: datetime) -> as2.Received | as2.Refused | Receipt | Unread:
    """What it is. Never raises for what a sender can do."""
    if as2.is_receipt(post.headers, post.body):
        return _receipt(post, now)
    return as2.receive(
        post.headers,
        post.body,
        lambda ours, theirs: post.agreement if _are(post.agreement, ours, theirs) else None,
        now=now,
        receipt_id=post.receipt_id,
        earlier=lambda sender, message_id: post.earlier,
        largest=post.largest,
    )


def message_id(headers: Mapping[str, str]) -> str:
    """The id of a message by its headers; empty where they have none that can be one."""
    try:
        return message_id_in(lowered(headers))
    except NotTaken:
        return ""


def document(taken: as2.Received) -> Received:
    """What is stored of a message."""
    content = taken.content
    key = f"as2:{sha256(taken.about.message_id.encode()).hexdigest()[:32]}"
    name = content.filename or taken.about.message_id
    return Received(
        OBJECT_TYPE,
        name[:_TOPIC],
        content.payload,
        event_key(key, content.payload),
        content.content_type[:_CONTENT_TYPE],
    )


def _receipt(post: Post, now: datetime) -> Receipt | Unread:
    try:
        found = lowered(post.headers)
        if not _are(post.agreement, name_in(found, "as2-to"), name_in(found, "as2-from")):
            return Unread(UNKNOWN_PARTNER, "The names in the receipt's headers are others.")
        read = as2.read_receipt(post.headers, post.body, post.agreement, now=now)
    except NotTaken as error:
        return Unread(error.reason, error.text)
    if post.agreement.profile.receipt_signed and not read.signed_by and read.disposition.is_success:
        return Unread(AUTHENTICATION_FAILED, "The receipt is not signed.")
    kept = {name: value for name, value in found.items() if name.startswith(_KEPT)}
    return Receipt(f"<{read.message_id.strip().strip('<>')}>", kept)


def _are(agreement: as2.Agreement, ours: str, theirs: str) -> bool:
    return (agreement.profile.ours, agreement.profile.theirs) == (ours, theirs)
