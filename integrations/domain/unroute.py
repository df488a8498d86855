"""Orders that a person sent to another warehouse, sent back to where they were before."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from integrations.domain import (
    claims,
    decisions,
    follow_ups,
    hub,
    messages,
    onward,
    problems,
    reroute,
    sendings,
)
from integrations.domain.configuration import Configuration
from integrations.domain.deeds import LATER, STAYS, TAKEN_BACK, Answer, By, Deed
from integrations.domain.hub import Milestone
from integrations.domain.problems import Closing
from integrations.models import Record, RouteDecision
from portal.core import clock
from portal.jobs import lanes


class _Moved(NamedTuple):
    """A message that the person's choice moved, and from which state."""

    id: UUID
    state: str
    at: datetime
    actor: str
    endpoint_id: int
    flow_id: int | None

    @property
    def closing(self) -> Closing:
        return Closing(self.id, self.at, self.actor)


def unroute(config: Configuration, order_id: UUID, deed: Deed, by: By) -> Answer:
    """Send one order back. Its record is locked."""
    order = Record.objects.get(pk=order_id)
    mine = decisions.of(order_id).filter(at__lte=deed.at, actor=deed.actor).first()
    now = decisions.of(order_id).first()
    if mine is None or now is None or not now.actor:
        return Answer(STAYS, "another warehouse was chosen since")
    if order.version != mine.record_version:
        return Answer(STAYS, LATER)
    found = sendings.of(order_id)
    there = [s for s in found if config.endpoints[s.endpoint_id].site == now.chosen]
    has = next((sendings.label(config, one) for one in there if one.has_arrived), "")
    objection = sendings.objection(config, there) or _objection(order, has)
    if objection:
        return Answer(STAYS, objection)
    sendings.withdraw(there, by)
    _go_back(config, order, _moved(order_id, mine), by)
    before = decisions.of(order_id).filter(pk__lt=mine.pk).first()
    site = decisions.decide_as(before, order, actor=by.actor)
    _claim(config, order, site)
    hub.mark(
        order.customer_id, [Milestone(order_id, "", f"Taken back by {by.actor}", None, order.state)]
    )
    follow_ups.release(order.customer_id, [order_id])
    back = f"goes to {site} again" if site else "held again for want of a warehouse"
    return Answer(TAKEN_BACK, back)


def _objection(order: Record, has: str) -> str:
    if has:
        return f"{has} has it"
    return "" if order.state in reroute.MAY_GO else f"it is {order.state.replace('_', ' ')}"


def _moved(order_id: UUID, chosen: RouteDecision) -> list[_Moved]:
    """What that choice took from its place: messages of other warehouses, documents that were held."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (m.id) m.id, e.from_state, e.at, e.actor, m.endpoint_id, m.flow_id
            FROM integrations_message m JOIN integrations_messageevent e ON e.message_id = m.id
            WHERE m.record_id = %s AND m.state IN ('superseded', 'applied') AND e.at >= %s
            AND e.actor = %s AND e.from_state IN ('waiting', 'held')
            AND e.to_state IN ('superseded', 'applied')
            ORDER BY m.id, e.id
            """,
            [order_id, chosen.at, chosen.actor],
        )
        return [_Moved(*row) for row in cursor.fetchall()]


def _go_back(config: Configuration, order: Record, moved: list[_Moved], by: By) -> None:
    held = [one for one in moved if one.state == "held"]
    waiting = [one for one in moved if one.state == "waiting"]
    for state, found in (("held", held), ("waiting", waiting)):
        ids = [one.id for one in found]
        messages.end(ids, state, by.text, of=("superseded", "applied"), actor=by.actor)
    problems.reopen([one.closing for one in held], actor=by.actor, cause=by.text)
    now = clock.now()
    due = {flow.id: flow.next_due(now) for flow in config.flows}
    for one in waiting:
        _wait_until(one.id, due.get(one.flow_id or 0))
        lanes.wake("deliver", str(one.endpoint_id), at=due.get(one.flow_id or 0))


def _wait_until(message_id: UUID, due_at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_message SET due_at = %s WHERE id = %s AND state = 'waiting'",
            [due_at, message_id],
        )


def _claim(config: Configuration, order: Record, site: str) -> None:
    claims.move([order.pk], to="released", of=claims.OPEN)
    if site:
        claims.hold(order.customer_id, onward.claims_of(order.pk, site, order.body))
    onward.tell_channels(config, {line["sku"] for line in order.body["lines"]})
