"""What we sent in files, and what each partner said of it: expected, accepted, overdue, refused."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.models import Endpoint, Interchange, Message, Problem

State = Literal["expected", "overdue", "refused", "accepted"]
STATES: Final[tuple[State, ...]] = ("expected", "overdue", "refused", "accepted")
_REFUSED_BY_LETTER: Final = ("R", "P")
_OUR_ANSWERS: Final = "acknowledgement"


def files(endpoint: Endpoint, state: State | None = None) -> QuerySet[Interchange]:
    """The files of documents sent to an endpoint, each with `is_overdue`, `is_refused` and `is_out`: whether
    a document in it waits for an answer. Answers of ours are none: nobody acknowledges them."""
    inside = Message.objects.filter(interchange=OuterRef("pk"), direction="out")
    found = Interchange.objects.filter(endpoint=endpoint, direction="out").annotate(
        is_document=Exists(inside.exclude(object_type=_OUR_ANSWERS)),
        is_out=Exists(inside.filter(state__in=("sending", "delivered"))),
        is_overdue=Exists(_open("ack_missing")),
        has_refused=Exists(_open("ack_rejected")),
    )
    wanted = _WANTED[state] if state else Q()
    return found.filter(wanted, is_document=True)


def _open(code: str) -> QuerySet[Problem]:
    return Problem.objects.filter(
        message__interchange=OuterRef("pk"), code=code, closed_at__isnull=True
    )


_REFUSED: Final = Q(acknowledgement__in=_REFUSED_BY_LETTER) | Q(has_refused=True)
_WANTED: Final[dict[State, Q]] = {
    "expected": Q(acknowledged_at__isnull=True, is_out=True, is_overdue=False),
    "overdue": Q(acknowledged_at__isnull=True, is_overdue=True),
    "refused": _REFUSED,
    "accepted": Q(acknowledged_at__isnull=False) & ~_REFUSED,
}


def state_of(file: Any) -> State | None:
    """The state of a file as `files` gave it; None for one whose documents were taken back unanswered."""
    if file.has_refused or file.acknowledgement in _REFUSED_BY_LETTER:
        return "refused"
    if file.acknowledged_at:
        return "accepted"
    if file.is_overdue:
        return "overdue"
    return "expected" if file.is_out else None


def counts(endpoint: Endpoint) -> dict[State, int]:
    """How many documents are overdue, and how many are refused and still open."""
    found = Problem.objects.filter(
        message__endpoint=endpoint, message__direction="out", closed_at__isnull=True
    )
    return {
        "overdue": found.filter(code="ack_missing").values("message").distinct().count(),
        "refused": found.filter(code="ack_rejected").values("message").distinct().count(),
    }


def contents(files: Sequence[Interchange]) -> dict[UUID, list[Message]]:
    """The documents in each file, in its order."""
    found: dict[UUID, list[Message]] = defaultdict(list)
    rows = Message.objects.filter(interchange__in=[one.pk for one in files], direction="out")
    for message in rows.select_related("record").order_by("interchange", "part"):
        if message.interchange_id:
            found[message.interchange_id].append(message)
    return dict(found)


def said(messages: Sequence[Message]) -> dict[UUID, list[Problem]]:
    """What was refused or is missing of each document, open or not, oldest first."""
    found: dict[UUID, list[Problem]] = defaultdict(list)
    rows = Problem.objects.filter(
        message__in=[m.pk for m in messages], code__in=("ack_missing", "ack_rejected")
    )
    for problem in rows.order_by("pk"):
        found[problem.message_id].append(problem)
    return dict(found)
