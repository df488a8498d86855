"""One document before and after a remedy, what would be sent of it, and what can be checked of that."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.connectors.outbound import Outbound
from integrations.domain import compose, dry_run, enveloped, rerun, stock
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.dry_run import Carried, Outgoing
from integrations.domain.foretold import Foreseen, Standing, followers
from integrations.domain.reroute import NO_SITE
from integrations.domain.translate import DRIFT, Reading
from integrations.models import Binding, Message, MessageEvent, Record, RouteDecision

_NOT_THE_SCHEMA = frozenset({*NO_SITE, DRIFT, "unknown_order_945"})


class Side(NamedTuple):
    """A document as one configuration makes it, and what is wrong with it. `document`: the canonical
    body, also where it may not go on; of an outbound one what is sent; None where nothing came out."""

    document: dict[str, Any] | None
    problems: tuple[Problem, ...]


class Sending(NamedTuple):
    """What would be sent to one endpoint. `size` in bytes; of what goes in a file with others, a file
    of its own with control numbers of 1."""

    target: str
    object_type: str
    size: int
    body: str


class Check(NamedTuple):
    """Something that was looked at: `state` is good, bad or risk."""

    name: str
    state: str
    text: str


class Pair(NamedTuple):
    """One document before and after. `checks` and `sends` are those of after."""

    before: Side
    after: Side
    foreseen: Foreseen
    sends: tuple[Sending, ...] = ()
    checks: tuple[Check, ...] = ()


NOTHING = Side(None, ())


def side(config: Configuration, one: Standing, carried: Carried) -> Side:
    """What became of a document, inside the transaction of its dry run."""
    body = _outbound(config, one, carried) if one.direction == "out" else _inbound(one, carried)
    return Side(body, _problems([one.id, *followers(one, carried)]))


def _inbound(one: Standing, carried: Carried) -> dict[str, Any] | None:
    reading = carried.readings.get(one.id)
    if reading is None:
        return _body(one.record_id) if one.record_id else None
    offered = [offer.body for offer in reading.offers]
    bodies = offered if len(offered) == len(reading.mapped) else reading.mapped
    if len(bodies) > 1:
        return {"records": bodies}
    return bodies[0] if bodies else None


def _body(record_id: UUID) -> dict[str, Any] | None:
    return Record.objects.filter(pk=record_id).values_list("body", flat=True).first()


def _outbound(config: Configuration, one: Standing, carried: Carried) -> dict[str, Any] | None:
    """What is ready to be sent; where it is not, as much as could be mapped."""
    if one.id in carried.ready:
        return carried.ready[one.id].document
    stored = rerun.one(config.customer_id, one.id)
    mapped = config.mapping(one.endpoint_id, stored.object_type, "out") if stored else None
    if stored is None or mapped is None:
        return None
    given = compose.given(config, config.endpoints[one.endpoint_id], rerun.as_claimed(stored))
    return mapped.compiled.run(**given._asdict()).body


def _problems(message_ids: Sequence[UUID]) -> tuple[Problem, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, path, value, text FROM integrations_problem WHERE message_id = ANY(%s)"
            " AND closed_at IS NULL ORDER BY id",
            [list(message_ids)],
        )
        return tuple(Problem(*row) for row in cursor.fetchall())


def sends(config: Configuration, one: Standing, carried: Carried) -> tuple[Sending, ...]:
    """What would be sent because of a document."""
    return tuple(
        _sending(config.endpoints[out.endpoint_id], carried.ready[out.id])
        for out in _outgoing(one, carried)
        if out.id in carried.ready
    )


def _sending(target: EndpointConfig, item: Outbound) -> Sending:
    if "envelope" in target.connector.manifest.capabilities:
        (documents,) = enveloped.files(target, [item])
        file = enveloped.envelope(target, documents, dry_run.ANY_CONTROLS).body
        return Sending(target.label, item.object_type, len(file), file.decode(errors="replace"))
    wire = json.dumps(item.document, separators=(",", ":"))
    shown = json.dumps(item.document, indent=2, ensure_ascii=False)
    return Sending(target.label, item.object_type, len(wire), shown)


def _outgoing(one: Standing, carried: Carried) -> list[Outgoing]:
    mine = (one.id, *followers(one, carried))
    return [carried.outgoing[i] for i in mine if i in carried.outgoing]


def checks(config: Configuration, one: Standing, carried: Carried) -> tuple[Check, ...]:
    """What can be checked of a document, inside the transaction of its dry run."""
    reading = carried.readings.get(one.id)
    found = _checks_of_reading(config, reading) if reading else []
    found += [
        _not_there_yet(config, out, out.record_id)
        for out in _outgoing(one, carried)
        if out.record_id
    ]
    order = _order_of(one, carried)
    if order and any(f.routed for f in config.flows_from(order.source_id or 0, "order")):
        found += _stock(config, order)
    return tuple(found)


def _checks_of_reading(config: Configuration, reading: Reading) -> list[Check]:
    found = []
    label = config.endpoints[reading.message.endpoint_id].label
    if config.contract(reading.message.endpoint_id, reading.object_type):
        found.append(_contract(reading, label))
    if reading.mapped:
        found.append(_canonical(reading))
    return found


def _contract(reading: Reading, label: str) -> Check:
    for state, problems in (("bad", reading.problems), ("risk", reading.remarks)):
        drift = next((p for p in problems if p.code == DRIFT), None)
        if drift:
            return Check("Contract", state, drift.text)
    return Check("Contract", "good", f"It looks as was agreed with {label}")


def _canonical(reading: Reading) -> Check:
    name = f"Canonical {reading.object_type.replace('_', ' ')}"
    wrong = [p for p in reading.problems if p.code not in _NOT_THE_SCHEMA]
    if not wrong:
        return Check(name, "good", "Everything that is needed is there, and valid")
    where = f"{wrong[0].path}: " if wrong[0].path else ""
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return Check(name, "bad", f"{where}{wrong[0].text}{more}")


def _not_there_yet(config: Configuration, out: Outgoing, record_id: UUID) -> Check:
    """Whether the target has the record: by its own id for it, or by what was sent before."""
    label, name = config.endpoints[out.endpoint_id].label, "Not there yet"
    bound = Binding.objects.filter(endpoint_id=out.endpoint_id, record_id=record_id).first()
    other = Message.objects.filter(
        endpoint_id=out.endpoint_id, record_id=record_id, direction="out"
    )
    has = bound or other.filter(state__in=("delivered", "confirmed")).exists()
    called = f" as {bound.remote_id}" if bound else ""
    if has and (out.record_version or 0) > 1:
        return Check(name, "good", f"{label} has it{called} and gets the change")
    if has:
        return Check(name, "risk", f"{label} has it already{called}")
    unanswered = MessageEvent.objects.filter(
        message__in=other, from_state="sending", to_state="waiting"
    )
    if unanswered.exists():
        return Check(name, "risk", f"An earlier try got no answer: {label} may have it")
    return Check(name, "good", f"{label} has not got it yet")


def _order_of(one: Standing, carried: Carried) -> Record | None:
    changes = carried.changes.get(one.id, [])
    record_id = changes[0].record.id if len(changes) == 1 else one.record_id
    orders = Record.objects.filter(object_type="order")
    return orders.filter(pk=record_id).first() if record_id else None


def _stock(config: Configuration, order: Record) -> list[Check]:
    decision = RouteDecision.objects.filter(record=order).order_by("-pk").first()
    if decision is None:
        return []
    site, name = decision.chosen, "Stock at the chosen site"
    if not site:
        return [Check(name, "bad", str(decision.explanation["text"]))]
    if not stock.sites_with_stock(config.customer_id, [site]):
        return [Check(name, "risk", f"{site} reports no stock")]
    wanted = Counter[str]()
    for line in order.body["lines"]:
        wanted[line["sku"]] += Decimal(line["quantity"])  # type: ignore[assignment]
    return [_stock_of(config, name, site, sku, Decimal(count)) for sku, count in wanted.items()]


def _stock_of(config: Configuration, name: str, site: str, sku: str, wanted: Decimal) -> Check:
    """Its own claim stands already, so that what is there for it is what is left and what it claims."""
    found = stock.levels(config.customer_id, [sku])
    level = next((one for one in found[sku] if one.site == site), None)
    if level is None:
        return Check(name, "risk", f"{site} reports nothing of {sku}")
    held = stock.reserved(config.customer_id, {sku: [level]})[sku]
    claimed = sum((claim.quantity for claim in held), Decimal(0))
    has = level.on_hand - level.committed - level.safety - claimed + wanted
    return Check(
        name,
        "good" if has >= wanted else "bad",
        f"{site} has {max(has, Decimal(0)).normalize():f} of {sku} for it, {wanted.normalize():f} wanted",
    )
