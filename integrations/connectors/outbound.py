"""What goes out through a connector, one by one or in files, and what became of it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from integrations.canonical.problem import Problem
from portal.core.errors import CrossdockError

# The key of an acknowledgement that answers an order in the partner's own words, and has the order.
ORDER_ANSWER: Final = "order_answer"
# And of one that answers an interchange as a whole, beside those that answer its groups.
INTERCHANGE_ANSWER: Final = "interchange_answer"


class Outbound(NamedTuple):
    """One canonical object to deliver, already mapped to the target's own shape."""

    message_id: UUID
    object_type: str
    business_key: str
    document: dict[str, Any]
    remote_id: str | None  # the target's id for this object, if it is known there
    retried: bool  # an earlier try may have arrived: look before creating


class Outcome(NamedTuple):
    """What became of one delivery. Exactly one of `error` None (it took effect) or set."""

    message_id: UUID
    error: CrossdockError | None = None
    confirmed: bool = True  # False: delivered, the target will confirm later
    remote_id: str | None = None
    sent: bytes = b""
    answer: Mapping[str, Any] = {}  # {status, ms, body}: for people, redacted


class Controls(NamedTuple):
    """Control numbers for one envelope, already taken."""

    interchange: int
    group: int
    first_set: int


class Envelope(NamedTuple):
    """Documents in one file under one control number.

    `reference`: what answers call the file, where that is not the group's number. `parts`: the number of
    the set a message is in, where several share one; else they are counted.
    """

    file_name: str
    body: bytes
    functional_id: str
    problems: dict[UUID, list[Problem]]  # documents that could not be written; not in the file
    content_type: str = "application/edi-x12"
    reference: str = ""
    parts: Mapping[UUID, int] = {}
