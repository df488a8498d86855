"""What comes in through a connector: as it arrived, taken apart, and decoded."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from integrations.canonical.problem import Problem


class Received(NamedTuple):
    """A document as it arrived. `dedup_key` None: the system gives no id, the hub tells repeats."""

    object_type: str
    topic: str
    body: bytes
    dedup_key: str | None
    content_type: str = "application/json"


def event_key(event: str, body: bytes) -> str:
    """The dedup key of a webhook: its event id and a part of its hash.

    An event id is seldom part of what is signed, and some senders use their order number: the same id
    with other bytes is another document, which must not pass for a repeat.
    """
    return f"{event}:{sha256(body).hexdigest()[:16]}"


class Refused(Exception):
    """The door says no: HTTP status and a reason a sender can act on. `said` is for us and may say more."""

    def __init__(self, status: int, reason: str, text: str, *, said: str = "") -> None:
        super().__init__(text)
        self.status, self.reason, self.text, self.said = status, reason, text, said


class Page(NamedTuple):
    """One page of a poll. `cursor` is where to go on once the documents are stored.

    `outdone`: the dedup keys of earlier documents that need nothing any more, e.g. the note of a file
    that nobody could read and that is gone.
    """

    documents: list[Received]
    cursor: dict[str, Any]
    more: bool
    after_stored: Callable[[], None] | None = None  # e.g. move the picked-up files to the archive
    outdone: Sequence[str] = ()


class Part(NamedTuple):
    """One document inside received bytes, e.g. one transaction set of an EDI file."""

    object_type: str
    topic: str
    body: bytes


class EnvelopeIn(NamedTuple):
    """One functional group as it came, for the duplicate check and the answer (None: never answer)."""

    sender: str
    receiver: str
    control: str
    group_control: str
    functional_id: str
    answer: dict[str, Any] | None


class Split(NamedTuple):
    """Received bytes taken apart, and the groups that the parts came in."""

    parts: list[Part]
    problems: list[Problem]
    envelopes: list[EnvelopeIn]


class Native(NamedTuple):
    """A decoded document ready for mapping. One document may speak of many objects (an 846)."""

    object_type: str
    documents: list[Any]
    problems: list[Problem]
