"""The steps of a journey: each a document on its way, an answer to one, or a decision of the hub."""

from dataclasses import dataclass
from datetime import datetime

from integrations.connectors import registry
from integrations.models import Endpoint, Message, MessageEvent, RouteDecision
from integrations.queries.journey import Journey

X12_SETS = {
    "OW": "940",
    "SW": "945",
    "FA": "997",
    "AR": "943",
    "RE": "944",
    "IB": "846",
    "AW": "947",
}
OBJECTS = {"price_list": "prices", "inbound_shipment": "inbound shipment", "availability": "stock"}
SENT = ("delivered", "confirmed", "held")


@dataclass(frozen=True)
class Step:
    """`source` and `target` are endpoints, None for the hub; `at` None: it is only expected."""

    key: str
    at: datetime | None
    word: str
    source: Endpoint | None
    target: Endpoint | None
    state: str = ""  # held, expected
    message: Message | None = None
    decision: RouteDecision | None = None
    due: datetime | None = None


def of(journey: Journey) -> list[Step]:
    """All steps in the order in which they happened, then what is expected."""
    found = [_decided(decision) for decision in journey.decisions]
    for message in journey.messages:
        events = journey.events.get(message.pk, [])
        found += (
            [_received(message, events)] if message.direction == "in" else _sent(message, events)
        )
    happened = [step for step in found if step.at is not None]
    happened.sort(key=lambda step: step.at)  # type: ignore[arg-type, return-value]
    return happened + [step for step in found if step.at is None] + _expected(journey)


def _decided(decision: RouteDecision) -> Step:
    word = f"route {decision.chosen}" if decision.chosen else "no site"
    return Step(f"r{decision.pk}", decision.at, word, None, None, decision=decision)


def _received(message: Message, events: list[MessageEvent]) -> Step:
    word = document_word(message)
    verdict = next((e.cause for e in events if e.from_state == "received"), "")
    if message.object_type == "order":
        word = {"created": "new order", "changed": "change"}.get(verdict, word)
    if message.state in ("unchanged", "superseded"):
        word += ", nothing new"
    state = "held" if message.state == "held" else ""
    return Step(str(message.pk), message.created_at, word, message.endpoint, None, state, message)


def _sent(message: Message, events: list[MessageEvent]) -> list[Step]:
    key, word, endpoint = str(message.pk), document_word(message), message.endpoint
    if message.state in ("waiting", "sending"):
        return [Step(key, None, word, None, endpoint, "expected", message, due=message.due_at)]
    if message.state in ("superseded", "skipped"):
        word += f", {message.get_state_display()}"
        return [Step(key, message.updated_at, word, None, None, "", message)]
    answer = next((e for e in events if e.from_state == "delivered"), None)
    gone = next((e for e in events if e.to_state in SENT), None)
    held = "held" if message.state == "held" else ""
    at = gone.at if gone else message.created_at
    steps = [Step(key, at, word, None, endpoint, "" if answer else held, message)]
    if answer:
        said = "refused" if answer.to_state == "held" else "accepted"
        steps.append(Step(f"{key}a", answer.at, said, endpoint, None, held, message))
    return steps


def document_word(message: Message) -> str:
    """What the document is called: its X12 set where it has one, else its type."""
    if message.interchange_id and message.interchange:
        found = X12_SETS.get(message.interchange.functional_id)
        if found:
            return found
    syntax, _, kind = message.topic.partition(":")
    if syntax == "edifact" and kind:
        return kind
    topic = message.topic.removeprefix("x12:")
    if topic.isdigit():
        return topic
    return OBJECTS.get(message.object_type, message.object_type)


def _expected(journey: Journey) -> list[Step]:
    """What must still come: the warehouse's shipment, the ERP's invoice."""
    order, parts = journey.order, {part.object_type for part in journey.parts}
    expected = []
    if order.state in ("sent_to_warehouse", "acknowledged", "partially_shipped"):
        took = [m.endpoint for m in journey.messages if _is_at_warehouse(m)]
        expected += [Step("", None, "shipment", e, None, "expected") for e in took[-1:]]
    if order.state == "shipped" and "invoice" not in parts:
        invoices = [flow.source for flow in journey.flows if flow.object_type == "invoice"]
        bills = [source for source in invoices if not source.bills_us]
        expected += [Step("", None, "invoice", e, None, "expected") for e in bills[:1]]
    return expected


def _is_at_warehouse(message: Message) -> bool:
    sent = message.direction == "out" and message.state in ("delivered", "confirmed")
    return sent and message.object_type == "order" and bool(message.endpoint.site)


def connector_label(endpoint: Endpoint) -> str:
    return registry.get(endpoint.connector).manifest.label
