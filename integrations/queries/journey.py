"""Everything that happened to one order, across systems: read in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from integrations.models import (
    Flow,
    Message,
    MessageEvent,
    Problem,
    Record,
    RecordEvent,
    RouteDecision,
    ToldPayment,
)
from integrations.queries import case_links, told_payments
from integrations.queries.case_links import CaseLink

MOST_MESSAGES = 200


@dataclass
class Journey:
    """One order with its messages (oldest first), their events, and what belongs to it."""

    order: Record
    messages: list[Message]
    events: dict[UUID, list[MessageEvent]] = field(default_factory=dict)
    problems: dict[UUID, list[Problem]] = field(default_factory=dict)
    cases: dict[UUID, CaseLink] = field(default_factory=dict)  # by fingerprint
    milestones: list[RecordEvent] = field(default_factory=list)
    decisions: list[RouteDecision] = field(default_factory=list)  # newest first
    parts: list[Record] = field(default_factory=list)  # shipments, invoices, returns
    payments: dict[UUID, list[ToldPayment]] = field(default_factory=dict)  # by invoice
    flows: list[Flow] = field(default_factory=list)

    def case_of(self, message: Message) -> CaseLink | None:
        """The case of a message's first problem that has one."""
        causes = [problem.fingerprint for problem in self.problems.get(message.pk, [])]
        return next((self.cases[cause] for cause in causes if cause in self.cases), None)


def of(order: Record) -> Journey:
    """The journey of `order`, at most its newest 200 messages."""
    messages = _messages(order)
    ids = [message.pk for message in messages]
    problems: dict[UUID, list[Problem]] = defaultdict(list)
    for problem in Problem.objects.filter(message_id__in=ids).order_by("pk"):
        problems[problem.message_id].append(problem)
    causes = {problem.fingerprint for found in problems.values() for problem in found}
    parts = list(Record.objects.filter(order=order).order_by("pk")[:MOST_MESSAGES])
    return Journey(
        order=order,
        messages=messages,
        events=_events(ids),
        problems=dict(problems),
        cases=case_links.of_causes(causes),
        milestones=list(RecordEvent.objects.filter(record=order).order_by("pk")),
        decisions=list(RouteDecision.objects.filter(record=order).order_by("-pk")[:20]),
        parts=parts,
        payments=told_payments.of_invoices(parts),
        flows=list(
            Flow.objects.filter(customer_id=order.customer_id, enabled=True).select_related(
                "source", "target"
            )
        ),
    )


def _messages(order: Record) -> list[Message]:
    """Messages of the order, and later documents of it that have not reached the hub."""
    knocking = Q(
        direction="in",
        state__in=("received", "held"),
        endpoint_id=order.source_id,
        business_key=order.business_key,
    )
    found = (
        Message.objects.filter(Q(order=order) | knocking)
        .select_related("endpoint", "interchange")
        .order_by("-pk")[:MOST_MESSAGES]
    )
    return list(found)[::-1]


def _events(ids: list[UUID]) -> dict[UUID, list[MessageEvent]]:
    events: dict[UUID, list[MessageEvent]] = defaultdict(list)
    for event in MessageEvent.objects.filter(message_id__in=ids).order_by("pk"):
        events[event.message_id].append(event)
    return dict(events)
