"""What each correction does: books an adjustment, sends again, fetches again, accepts."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from integrations.canonical.content import content_hash
from integrations.canonical.keys import business_key
from integrations.domain import clients, configuration, hub, onward, resend
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.hub import Offer
from integrations.models import Flow, Message, Record
from integrations.queries import intake
from integrations.queries.intake import Arrival
from monitoring.domain import reconcile_adjusting
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction
from portal.core import clock
from portal.jobs import lanes

_ADJUSTMENT: Final = "adjustment"
_NO_WAY: Final = "No flow brings adjustments of {} to the ERP. Make one, or book it there by hand."


def no_way(one: Break) -> str:
    """Why an adjustment of a break cannot be posted, or blank."""
    flows = Flow.objects.filter(source=one.endpoint_id, object_type=_ADJUSTMENT, enabled=True)
    return "" if flows.exists() else _NO_WAY.format(one.endpoint.label)


def _adjust(correction: Correction, actor: str) -> str:
    """An adjustment document by the usual way: into the hub, and over the flows to the ERP."""
    one = correction.difference
    config = configuration.live(one.customer_id)
    source = config.endpoints[one.endpoint_id]
    targets = [config.endpoints[f.target_id] for f in config.flows_from(source.id, _ADJUSTMENT)]
    if not targets:
        text = _NO_WAY.format(source.label)
        raise NotNowError(text)
    offer = _offer(correction, source)
    (change,) = hub.apply(one.customer_id, [offer])
    onward.send_on(config, [change])
    correction.reference, correction.record_id = str(offer.body["number"]), change.record.id
    names = " and ".join(sorted(target.label for target in targets))
    return f"Adjustment {correction.reference} of {correction.quantity} is on its way to {names}"


def _offer(correction: Correction, source: EndpointConfig) -> Offer:
    body = _body(correction, source)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    key = business_key(_ADJUSTMENT, body)
    return Offer(None, source.id, _ADJUSTMENT, key, body, text, content_hash(body))


def _body(correction: Correction, source: EndpointConfig) -> dict[str, Any]:
    one = correction.difference
    if "/" in correction.quantity:
        raise NotNowError(
            "The gap is no decimal number, so no document can say it. Adjust by less."
        )
    zone = ZoneInfo(one.customer.time_zone)
    line = {"sku": one.sku, "delta": correction.quantity, "reason": correction.reason}
    lot = reconcile_adjusting.lot_of(one)
    return {
        "number": f"RECON-{correction.pk}",
        "site": source.site if one.location == "*" else one.location,
        "adjusted_on": clock.now().astimezone(zone).date().isoformat(),
        "lines": [line if lot == "*" else {**line, "lot": lot}],
    }


def _resend(correction: Correction, actor: str) -> str:
    """The newest document of the record to the endpoint that lacks it; where there is none, its way is
    chosen again."""
    one = correction.difference
    record = _record_of(one)
    cause = f"Sent again over {one.label}: {correction.reason}"
    found = Message.objects.filter(
        record_id=record.pk, endpoint_id=one.endpoint_id, direction=Message.Direction.OUT
    )
    newest = found.order_by("-record_version", "-pk").values_list("pk", flat=True).first()
    label = configuration.of(one.customer_id).endpoints[one.endpoint_id].label
    if newest is None:
        _choose_way_again(one.customer_id, record)
        return (
            f"The way of {record.number} is chosen again, and it goes to {label} if that is its way"
        )
    if not resend.again([newest], actor=actor, cause=cause):
        return f"{record.number} waits for {label} already"
    return f"{record.number} is on its way to {label} again"


def _record_of(one: Break) -> Record:
    found: QuerySet[Record] = Record.objects.filter(customer_id=one.customer_id)
    if one.code in ("recon_channel", "oversell_risk"):
        found = found.filter(object_type="availability", business_key=f"{one.location}/{one.sku}")
    else:
        channel = one.detail.get("channel") or ""
        found = found.filter(object_type="order", business_key=f"{channel}/{one.subject}")
    record = found.first()
    if record is None:
        raise NotNowError("The hub does not have it, so there is nothing to send.")
    return record


def _choose_way_again(customer_id: int, record: Record) -> None:
    config: Configuration = configuration.live(customer_id)
    text = json.dumps(record.body, ensure_ascii=False, separators=(",", ":"))
    offer = Offer(
        None, record.source_id or 0, record.object_type, record.business_key, record.body, text,
        bytes(record.content_hash),
    )  # fmt: skip
    onward.send_on(config, hub.apply(customer_id, [offer]))


def _reingest(correction: Correction, actor: str) -> str:
    """The order is asked of its channel by the channel's own id, and comes in as a poll would bring it."""
    one = correction.difference
    config = configuration.of(one.customer_id)
    endpoint = config.endpoints[one.endpoint_id]
    client = clients.fetching_one(endpoint)
    remote_id = str(one.detail.get("remote_id") or "")
    if client is None or not remote_id:
        text = f"{endpoint.label} cannot be asked for one order. Have it sent from there again."
        raise NotNowError(text)
    document = client.fetch_order(remote_id)
    # The same document may lie here since it came first: it is wanted once more.
    document = document._replace(dedup_key=None)
    intake.store([Arrival(endpoint.id, one.customer_id, document)])
    lanes.wake("translate", str(one.customer_id))
    return f"Order {one.subject} was fetched from {endpoint.label} and is being read"


def order_of(one: Break, named: str) -> str:
    """The number of an order of the customer of which something left. NotNowError where there is none."""
    found = Record.objects.filter(
        customer_id=one.customer_id, object_type="order", number__iexact=named.strip()
    )
    shipped = Record.objects.filter(object_type="shipment", order_id=OuterRef("pk"))
    number = found.filter(Exists(shipped)).values_list("number", flat=True).first()
    if number is None:
        raise NotNowError(f"Nothing was shipped of an order “{named[:40]}”. Enter one that left.")
    return number


def _pair(correction: Correction, actor: str) -> str:
    """From the next run on the invoice counts as one of its order."""
    one = correction.difference
    return f"Invoice {one.subject} counts for order {correction.reference} from the next run on"


def _accept(correction: Correction, actor: str) -> str:
    return f"Accepted as it is: {correction.gap}"


DEEDS: Final[Mapping[str, Callable[[Correction, str], str]]] = {
    "adjust": _adjust,
    "resend": _resend,
    "reingest": _reingest,
    "pair": _pair,
    "accept": _accept,
}
