"""The translate lane: one bite of a customer's received documents, from bytes to queued deliveries.

One transaction: what it claims, learns and queues is there as a whole or not at all.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, transaction

from integrations.canonical import keys
from integrations.canonical.problem import Problem
from integrations.domain import (
    acknowledge,
    advices,
    bills_again,
    bindings,
    bites,
    completing,
    configuration,
    confirmations,
    cutoffs,
    hub,
    inbox,
    onward,
    outdone,
    problems,
    progress,
    replay,
)
from integrations.domain.bindings import Bound
from integrations.domain.bites import Bite
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Change, Verdict
from integrations.domain.inbox import Inbound, Result, Seen
from integrations.domain.problems import Trouble
from integrations.domain.split import take_apart
from integrations.domain.translate import Reading, Translator
from portal.core import clock
from portal.jobs.kinds import Turn

log = structlog.get_logger()
BITE = 200
READ_SECONDS = 2.0
UNTIL_SETTLED = timedelta(seconds=1)
DEADLY = "The document ended the process that worked on it"
NEEDS_ORDER = frozenset({"shipment"})
_STATES = {
    Verdict.CREATED: "applied",
    Verdict.CHANGED: "applied",
    Verdict.UNCHANGED: "unchanged",
    Verdict.STALE: "superseded",
}


class Worked(NamedTuple):
    """What a pass read, and what that meant to the hub."""

    readings: list[Reading]
    changes: list[Change]


def receive(customer_id: int) -> Turn:
    """Work off one bite. Returns how many documents, and when a postponed one is due.

    Every bite is noted before it begins, so that a document which kills its worker is found: what a
    dead worker left is tried one by one, before anything else, and held when it kills again.
    """
    with transaction.atomic():
        left = bites.left_behind(customer_id)
        chosen = [] if left else inbox.waiting(customer_id, limit=BITE)
        bite = bites.begin(customer_id, chosen) if chosen else None
    if left and not left.is_settled:
        return Turn(0, clock.now() + UNTIL_SETTLED)
    count = _together(customer_id, bite) if bite else 0
    if left:
        count = _one_by_one(customer_id)
    return Turn(count, None if count else inbox.next_due(customer_id))


def _together(customer_id: int, bite: Bite) -> int:
    try:
        return _bite_off(customer_id, bite)
    except (OperationalError, InterfaceError):
        bites.not_its_fault(bite)
        raise
    except Exception:  # one document that breaks the pipeline must not stop its customer's others
        log.exception("bite failed; going on one by one", customer_id=customer_id)
    with transaction.atomic():
        bites.take_apart(customer_id, bite)
    return _one_by_one(customer_id)


def _bite_off(customer_id: int, bite: Bite) -> int:
    with transaction.atomic():
        claimed = inbox.claim(bite.message_ids) if bites.strike_out(bite) else []
        if not claimed:
            return 0
        return len(work_off(configuration.live(customer_id), claimed).readings)


def _one_by_one(customer_id: int) -> int:
    """Try what was left behind, each document alone, as long as a bite may take."""
    count, ends = 0, time.monotonic() + READ_SECONDS
    while count < BITE and time.monotonic() < ends:
        with transaction.atomic():
            left = bites.left_behind(customer_id)
            if left is None or not left.is_settled:
                break
            bite = left.bite
            if len(bite.message_ids) > 1:
                bites.take_apart(customer_id, bite)
                continue
            if bite.begun >= bites.MOST_DEATHS:
                count += _hold_deadly(customer_id, bite)
                continue
            bite = bites.begin_again(bite)
        count += _alone(customer_id, bite)
    return count


def _alone(customer_id: int, bite: Bite) -> int:
    try:
        return _bite_off(customer_id, bite)
    except (OperationalError, InterfaceError):
        bites.not_its_fault(bite)
        raise
    except Exception as error:
        log.exception("poison document", message_id=str(bite.message_ids[0]))
        text = broken_by(error)
    with transaction.atomic():
        return _hold(customer_id, bite, text)


def _hold_deadly(customer_id: int, bite: Bite) -> int:
    log.error("deadly document", message_id=str(bite.message_ids[0]), deaths=bite.begun)
    text = f"{DEADLY}, {bite.begun} times; an engineer has to look at it"
    return _hold(customer_id, bite, text)


def _hold(customer_id: int, bite: Bite, text: str) -> int:
    claimed = inbox.claim(bite.message_ids) if bites.strike_out(bite) else []
    hold_broken(configuration.live(customer_id), claimed, text)
    return len(claimed)


def broken_by(error: Exception) -> str:
    """What a person is told of an error of our own code."""
    name = type(error).__name__
    return f"The document stops our own code ({name}); an engineer has to look at it"


def hold_broken(config: Configuration, claimed: Sequence[Inbound], text: str) -> None:
    """Hold documents that our own code cannot bear, for an engineer to look at."""
    readings = [
        Reading(m, m.object_type, problems=[Problem("poison", "", "", text)]) for m in claimed
    ]
    results = [_result(reading, []) for reading in readings]
    inbox.finish(results, configuration=config.history)
    _tell(config, readings, results)


def work_off(config: Configuration, claimed: Sequence[Inbound]) -> Worked:
    """Bring claimed documents as far as queued deliveries, all of them or as many as the time of a
    bite allows. Runs in the transaction of the claim."""
    readings = _read(config, claimed)
    results = [take_apart(config, r) for r in readings if r.split is not None]
    plain = [r for r in readings if r.split is None]
    outdone.drop(config.customer_id, plain)
    bills_again.hold(config, plain)
    skus = acknowledge.apply(config, plain)
    skus |= confirmations.apply(config, plain) | advices.apply(config, plain)
    changes = _apply(config, plain)
    followed = progress.follow(config, changes)
    for remark in followed.remarks:
        _reading_of(plain, remark).remarks += remark.problems
    troubles = _advance(config, changes, skus | followed.skus)
    for trouble in troubles:
        _reading_of(plain, trouble).problems += trouble.problems
    own = defaultdict(list)
    for change in changes:
        own[change.offer.message_id].append(change)
    results += [_result(reading, own[reading.message.id]) for reading in plain]
    inbox.finish(results, configuration=config.history)
    _tell(config, plain, results)
    _heal_unknown(config, changes)  # last: what waits may have come in the same bite
    return Worked(readings, changes)


def _read(config: Configuration, claimed: Sequence[Inbound]) -> list[Reading]:
    """Read what the time of a bite allows: where every mapping runs to its limit, the rest stays
    received, so that one customer does not keep a worker from the others."""
    translator = Translator(config)
    ends = time.monotonic() + READ_SECONDS
    readings = []
    for message in claimed:
        readings.append(translator.read(message))
        if time.monotonic() > ends:
            break
    return readings


def _apply(config: Configuration, readings: Sequence[Reading]) -> list[Change]:
    """Offer what was read to the hub; a shipment of an order nobody knows is a problem instead."""
    said = completing.complete(config, readings)
    wanted = [
        keys.order_reference(o.object_type, o.body)
        for r in readings for o in r.offers if o.object_type != "order"
    ]  # fmt: skip
    orders = hub.find_orders(config.customer_id, wanted)
    for reading in readings:
        if reading.object_type in NEEDS_ORDER:
            _refuse_orphans(reading, orders)
            _remark_shortages(config, reading)
    changes = hub.apply(config.customer_id, [o for r in readings for o in r.offers])
    completing.move(config.customer_id, changes, said)
    bindings.bind(
        Bound(c.offer.endpoint_id, c.record.id, c.offer.object_type, c.offer.remote_id)
        for c in changes
        if c.offer.remote_id and c.is_news
    )
    links = []
    for change in changes:
        if change.record.order_id is None and change.offer.object_type != "order":
            named = keys.order_reference(change.offer.object_type, change.offer.body)
            order_id = next((orders[n] for n in named if n in orders), None)
            if order_id:
                change.record.order_id = order_id
                links.append((change.record.id, order_id))
    hub.link_to_orders(links)
    return changes


def _refuse_orphans(reading: Reading, orders: dict) -> None:
    for offer in list(reading.offers):
        named = keys.order_reference(offer.object_type, offer.body)
        if not any(number in orders for number in named):
            shown = offer.body["order_number"]
            number = offer.body["number"]
            text = f"{offer.object_type.capitalize()} {number} is for order {shown}, which is not known"
            reading.problems.append(Problem("unknown_order_945", "order_number", shown, text))
            reading.offers.remove(offer)


def _remark_shortages(config: Configuration, reading: Reading) -> None:
    """A line shipped short without backorder wants a decision; the shipment itself goes on."""
    if config.policies.get("short_shipment") == "accept":
        return
    for offer in reading.offers:
        reading.remarks += progress.shortages(offer.body)


def _advance(config: Configuration, changes: list[Change], skus: set[str]) -> list[Trouble]:
    """Send on what came, and tell channels of changed stock: that of `skus` and what the news is of."""
    troubles = onward.send_on(config, changes)
    skus |= {
        change.offer.body["sku"]
        for change in changes
        if change.is_news and change.offer.object_type == "inventory"
    }
    skus |= {
        line["sku"]
        for change in changes
        if change.is_news and change.offer.object_type == "order"
        for line in change.offer.body["lines"]
    }
    onward.tell_channels(config, skus)
    return troubles


def _heal_unknown(config: Configuration, changes: Sequence[Change]) -> None:
    """A product that has come to be known frees the documents that were held for want of it."""
    skus = [
        change.offer.key
        for change in changes
        if change.verdict is Verdict.CREATED and change.offer.object_type == "product"
    ]
    held = problems.messages_held_for(config.customer_id, "unknown_sku", skus)
    replay.replay(held, actor="", cause="The item is known now")


def _reading_of(readings: Sequence[Reading], trouble: Trouble) -> Reading:
    return next(r for r in readings if r.message.id == trouble.message_id)


def _result(reading: Reading, own: Sequence[Change]) -> Result:
    first = own[0] if own else None
    if reading.problems:
        state, cause = "held", _name(reading.problems)
    elif first is None and reading.outdone:
        state, cause = "superseded", outdone.CAUSE
    elif first is None:
        told = bool(reading.acknowledgements)
        state, cause = ("applied", "") if told else ("unchanged", "nothing for the hub")
    else:
        state = "applied" if any(c.is_news for c in own) else _STATES[first.verdict]
        cause = first.verdict.value if len(own) == 1 else f"{len(own)} objects"
    one = first if first and len(own) == 1 else None
    order_id = reading.order_id
    if one:
        is_order = one.offer.object_type == "order"
        order_id = one.record.id if is_order else one.record.order_id
    return Result(
        message_id=reading.message.id,
        state=state,
        cause=cause,
        object_type=reading.object_type,
        business_key=one.offer.key if one else reading.business_key,
        record_id=one.record.id if one else None,
        record_version=one.record.version if one else None,
        order_id=order_id,
        mapping=reading.mapping[:80],
        source_at=reading.source_at,
    )


def _name(found: Sequence[Problem]) -> str:
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return found[0].text + more


def _tell(config: Configuration, readings: Sequence[Reading], results: Sequence[Result]) -> None:
    problems.open_problems(
        Trouble(
            r.message.id, config.customer_id, r.message.endpoint_id, r.object_type,
            [*r.problems, *r.remarks], r.amount, r.currency, cutoffs.of_reading(config, r),
        )
        for r in readings
        if r.problems or r.remarks
    )  # fmt: skip
    endpoints = {r.message.id: r.message.endpoint_id for r in readings}
    seen = [
        Seen(endpoints[r.message_id], r.business_key, r.message_id, r.source_at)
        for r in results
        if r.state in ("applied", "unchanged", "held") and r.business_key
    ]
    if seen:
        outdone = inbox.supersede_held(seen)
        problems.close_problems(outdone, actor="", cause="A later document of the same object came")
