"""The conformance run: a tagged test order goes round, and each leg of it is watched."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from integrations.connectors import registry
from integrations.connectors.client import Rehearses
from integrations.connectors.inbound import Received
from integrations.domain import changes, configuration, onboarding
from integrations.domain.configuration import EndpointConfig
from integrations.domain.onboarding import RefusedError
from integrations.models import (
    ConformanceRun,
    Flow,
    Message,
    OnboardingRun,
    Problem,
    Record,
)
from integrations.queries import intake
from portal.core import clock
from portal.core.errors import CrossdockError
from portal.core.money import Money
from portal.core.money_format import format_money
from portal.jobs import lanes

LONGEST: Final = timedelta(minutes=15)
NOTE: Final = "Test order of a new connection. Do not ship."


class Leg(NamedTuple):
    """One leg of the round. `state` is passed, failed or waiting; `text` says what was seen."""

    name: str
    state: str
    text: str
    at: str = ""


def skus(run: OnboardingRun) -> list[str]:
    """What a test order may ask for: SKUs of the samples, those most often seen first."""
    seen: dict[str, int] = {}
    for documents in run.facts.get("samples", {}).values():
        for sku in _skus(documents):
            seen[sku] = seen.get(sku, 0) + 1
    return sorted(seen, key=lambda sku: (-seen[sku], sku))[:50]


def _skus(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _skus(entry)
    elif isinstance(value, dict):
        if isinstance(value.get("sku"), str) and value["sku"]:
            yield value["sku"]
        for entry in value.values():
            yield from _skus(entry)


def source_of(run: OnboardingRun) -> EndpointConfig | None:
    """Where the test order is placed: this endpoint if orders come from it, else the first one whose
    orders come here. None where orders have no part in its flows."""
    config = configuration.of(run.customer_id)
    own = run.endpoint_id
    for flow in config.flows:
        if flow.object_type == "order" and own in (flow.source_id, flow.target_id):
            return config.endpoints[flow.source_id]
    return None


def can_place(run: OnboardingRun) -> bool:
    """Whether we can place the test order ourselves; else a person places one and says its number."""
    source = source_of(run)
    if source is None:
        return False
    try:
        client = source.connector.client(source.connection)
    except CrossdockError:
        return False
    try:
        return isinstance(client, Rehearses)
    finally:
        client.close()


def start(run: OnboardingRun, *, sku: str = "", number: str = "") -> ConformanceRun:
    """Place a test order for `sku` (or take the one a person placed, by its `number`) and let it go
    round. RefusedError when it cannot be placed, with the system's own words."""
    own = run.endpoint
    source = source_of(run)
    if own is None or source is None:
        raise RefusedError(
            "No order flow touches this endpoint, so there is no order to test with."
        )
    onboarding.start_polls(own, orders=False)
    if number:
        begun = ConformanceRun.objects.create(run=run, number=number[:60], sku=sku[:80])
        changes.touch(run.customer_id)
        return begun
    client = source.connector.client(source.connection)
    if not isinstance(client, Rehearses):
        raise RefusedError(
            "Place an order by hand and enter its number: this system takes none from us."
        )
    try:
        placed = client.place_test_order(sku, note=NOTE)
    except CrossdockError as error:
        raise RefusedError(f"{source.label} did not take the test order: {error}") from error
    finally:
        client.close()
    begun = ConformanceRun.objects.create(
        run=run, number=placed.number, sku=sku[:80], remote_id=placed.remote_id
    )
    changes.touch(run.customer_id)
    _take_in(source, placed.document)
    return begun


def _take_in(source: EndpointConfig, document: Received) -> None:
    """As a poll of the source would, which does not ask for orders before it is live."""
    intake.store([intake.Arrival(source.id, source.customer_id, document)])
    lanes.wake("translate", str(source.customer_id))


def look(begun: ConformanceRun) -> list[Leg]:
    """How far the round is. It ends when every leg has passed, or when its time is over."""
    if begun.ended_at:
        return [Leg(*leg) for leg in begun.legs]
    legs = list(_legs(begun))
    passed = all(leg.state == "passed" for leg in legs)
    if passed or clock.now() > begun.started_at + LONGEST:
        end(begun, legs, passed=passed)
    return legs


def end(begun: ConformanceRun, legs: list[Leg] | None = None, *, passed: bool = False) -> None:
    """End the round: with every leg passed, over time, or because a person stops it."""
    legs = list(_legs(begun)) if legs is None else legs
    begun.legs, begun.passed, begun.ended_at = [list(leg) for leg in legs], passed, clock.now()
    begun.save(update_fields=["legs", "passed", "ended_at"])
    if passed:
        onboarding.finish(begun.run, "conformance")


def clean_up(begun: ConformanceRun) -> str:
    """Take the test order away where it was placed. Returns what is left for a person, or ""."""
    source = source_of(begun.run)
    if source is None or not begun.remote_id or begun.cleaned_at:
        return ""
    client = source.connector.client(source.connection)
    try:
        if not isinstance(client, Rehearses):
            return f"Order {begun.number} has to be taken away by hand."
        client.remove_test_order(begun.remote_id)
    except CrossdockError as error:
        return f"Order {begun.number} is still at {source.label}: {error}"
    finally:
        client.close()
    begun.cleaned_at = clock.now()
    begun.save(update_fields=["cleaned_at"])
    return ""


def _legs(begun: ConformanceRun) -> Iterator[Leg]:
    run = begun.run
    order = Record.objects.filter(
        customer=run.customer, object_type="order", number=begun.number
    ).first()
    yield _order_leg(begun, order)
    own_flows = Flow.objects.filter(customer=run.customer, enabled=True)
    flows = list(own_flows.select_related("source", "target"))
    source = source_of(run)
    source_id = source.id if source else 0
    for flow in flows:
        if (
            flow.object_type == "order"
            and flow.source_id == source_id
            and _is_round(flow, run, order)
        ):
            yield from _order_legs(order, flow)
    for flow in flows:
        if flow.object_type in ("shipment", "invoice") and _touches(flow, run, source_id):
            yield from _back_legs(flow, order, begun)
    for flow in flows:
        if flow.object_type == "inventory" and run.endpoint_id in (flow.source_id, flow.target_id):
            yield _stock_leg(flow, begun)


def _order_legs(order: Record | None, flow: Flow) -> Iterator[Leg]:
    """The order at one target; systems that acknowledge do so in a document of its own."""
    manifest = registry.get(flow.target.connector).manifest
    if "envelope" not in manifest.capabilities:
        yield _sent_leg(f"{flow.target.label} takes the order", order, flow)
        return
    name = f"Order reaches {flow.target.label}"
    sent = Message.objects.filter(flow=flow, record=order).order_by("id").first() if order else None
    if sent and sent.state in (Message.State.DELIVERED, Message.State.CONFIRMED):
        yield _passed(name, sent.updated_at, "the file is there")
    else:
        yield _sent_leg(name, order, flow)
    yield _sent_leg(f"{flow.target.label} acknowledges it", order, flow)


def _touches(flow: Flow, run: OnboardingRun, source_id: int) -> bool:
    return run.endpoint_id in (flow.source_id, flow.target_id) or flow.target_id == source_id


def _is_round(flow: Flow, run: OnboardingRun, order: Record | None) -> bool:
    """Whether this order should take the flow: a routed one only where it was sent."""
    if not flow.routed or flow.target_id == run.endpoint_id:
        return True
    return order is not None and Message.objects.filter(flow=flow, record=order).exists()


def _order_leg(begun: ConformanceRun, order: Record | None) -> Leg:
    name = f"Order {begun.number} comes in"
    if order is not None:
        worth = (
            format_money(Money(order.amount, order.currency), with_currency=True)
            if order.amount
            else ""
        )
        return _passed(name, order.created_at, " · ".join(filter(None, (order.party, worth))))
    held = Message.objects.filter(
        customer_id=begun.run.customer_id, direction="in", object_type="order",
        business_key__endswith=begun.number, created_at__gte=begun.started_at,
    ).first()  # fmt: skip
    return _trouble(name, held) or Leg(name, "waiting", "not here yet")


def _sent_leg(name: str, order: Record | None, flow: Flow) -> Leg:
    sent = Message.objects.filter(flow=flow, record=order).order_by("id").first() if order else None
    if sent is None:
        return Leg(name, "waiting", "not sent yet")
    if sent.state == Message.State.CONFIRMED:
        return _passed(name, sent.updated_at, "taken and confirmed")
    return _trouble(name, sent) or Leg(name, "waiting", _WAITS[sent.state])


_WAITS: Final[dict[str, str]] = {
    Message.State.WAITING: "waits to be sent",
    Message.State.SENDING: "is being sent",
    Message.State.DELIVERED: "sent, not acknowledged yet",
    Message.State.SUPERSEDED: "a newer version goes instead",
    Message.State.SKIPPED: "was skipped",
    Message.State.HELD: "is held",
}


def _back_legs(flow: Flow, order: Record | None, begun: ConformanceRun) -> Iterator[Leg]:
    noun = flow.object_type.capitalize()
    came = f"{noun} comes from {flow.source.label}"
    record = (
        Record.objects.filter(order=order, object_type=flow.object_type).order_by("id").first()
        if order
        else None
    )
    if record is None:
        held = _held_for(begun, flow)
        yield _trouble(came, held) or Leg(came, "waiting", "not here yet")
    else:
        yield _passed(came, record.created_at, record.number or record.business_key)
    yield _sent_leg(f"{noun} reaches {flow.target.label}", record, flow)


def _held_for(begun: ConformanceRun, flow: Flow) -> Message | None:
    """What came from the flow's source since the round began and is held."""
    return Message.objects.filter(
        endpoint=flow.source, direction="in", object_type=flow.object_type, state="held",
        created_at__gte=begun.started_at,
    ).order_by("id").first()  # fmt: skip


def _stock_leg(flow: Flow, begun: ConformanceRun) -> Leg:
    name = f"Stock reaches {flow.target.label}"
    told: QuerySet[Message] = Message.objects.filter(
        flow=flow, direction="out", created_at__gte=begun.started_at
    )
    confirmed = told.filter(state=Message.State.CONFIRMED).order_by("id").first()
    if confirmed:
        return _passed(name, confirmed.updated_at, "taken and confirmed")
    newest = told.order_by("-id").first()
    if newest is None:
        return Leg(name, "waiting", "no stock was reported yet")
    return _trouble(name, newest) or Leg(name, "waiting", _WAITS[newest.state])


def _trouble(name: str, message: Message | None) -> Leg | None:
    """A failed leg, in the words of the document's own problem."""
    if message is None or message.state != Message.State.HELD:
        return None
    problem = Problem.objects.filter(message_id=message.pk, closed_at=None).order_by("id").first()
    text = problem.text if problem else "it is held"
    return Leg(name, "failed", text)


def _passed(name: str, at: Any, text: str) -> Leg:
    return Leg(name, "passed", text, at.isoformat())
