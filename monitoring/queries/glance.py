"""A case at a glance: its first documents and what they tell of the rest, however many it holds."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from integrations.models import Message, Problem
from monitoring.models import ExceptionCase
from monitoring.queries import held
from monitoring.queries.held import Summary

SHOWN: Final = 5
_READ: Final = 40  # problems: a document may have several


class Held(NamedTuple):
    """One document of a case and its first problem there; an endpoint's documents have none."""

    message: Message
    problem: Problem | None


class Glance(NamedTuple):
    """The documents from one place on, at most `SHOWN`, and the place of the second one."""

    documents: list[Held]
    following: int | None


def look(case: ExceptionCase, *, since: int = 0) -> Glance:
    """The documents of the case, from the problem `since` on, read by index."""
    if case.is_of_endpoint or not case.is_open:
        rows = held.page(case).rows[:SHOWN]
        return Glance([Held(row.message, None) for row in rows], None)
    first = _firsts(case, since)
    messages = Message.objects.select_related("order", "endpoint").in_bulk([*first][:SHOWN])
    documents = [Held(messages[pk], first[pk]) for pk in first if pk in messages]
    return Glance(documents, documents[1].problem.pk if len(documents) > 1 else None)  # type: ignore[union-attr]


def _firsts(case: ExceptionCase, since: int) -> dict[UUID, Problem]:
    """The first problem of each document, oldest first."""
    found = Problem.objects.filter(
        fingerprint__in=list(held.causes(case).values_list("fingerprint", flat=True)),
        closed_at=None,
        pk__gte=since,
    )
    first: dict[UUID, Problem] = {}
    for problem in found.order_by("pk")[:_READ]:
        first.setdefault(problem.message_id, problem)
    return first


def sketch(case: ExceptionCase, documents: list[Held]) -> Summary:
    """What `held.summary` would count, as if all documents were like the first one: enough to say which
    remedies fit, without counting."""
    first: Any = documents[0].message if documents else None
    is_held = first is not None and first.state == Message.State.HELD
    incoming = first is not None and first.direction == Message.Direction.IN
    count = case.documents
    return Summary(
        held_in=count if is_held and incoming else 0,
        held_out=count if is_held and not incoming else 0,
        remarks=0 if is_held else count,
        remarks_out=0 if is_held or incoming else count,
        orders=count if case.object_type == "order" else 0,
        up_to=0,
        first=case.began_at,
        last=case.last_seen_at,
    )
