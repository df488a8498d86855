"""Deliveries together with how far their orders are, which a delivery does not say."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from integrations.connectors.inbound import Received
from integrations.connectors.odata import values
from integrations.connectors.odata.api import Api
from integrations.connectors.sap.services import ORDERS

_AT_ONCE: Final = 20  # a filter of more orders makes too long an address
_DECODE: Final = json.JSONDecoder(parse_float=str).decode


def completed(api: Api, documents: Sequence[Received]) -> list[Received]:
    """Each delivery as `{"delivery": …, "orders": {number: delivery status}}`."""
    named = [_orders_of(document.body) for document in documents]
    states = _states(api, sorted({number for numbers in named for number in numbers}))
    return [
        document._replace(
            body=_joined(document.body, {n: states[n] for n in numbers if n in states})
        )
        for document, numbers in zip(documents, named, strict=True)
    ]


def _joined(body: bytes, states: dict[str, str]) -> bytes:
    return b'{"delivery":' + body + b',"orders":' + json.dumps(states).encode() + b"}"


def _orders_of(body: bytes) -> list[str]:
    delivery = _DECODE(body.decode("utf-8", "surrogateescape"))
    return sorted(set(_referred(values.plain(delivery))))


def _referred(delivery: dict[str, Any]) -> Iterator[str]:
    for item in delivery.get("to_DeliveryDocumentItem") or []:
        if isinstance(item, dict) and item.get("ReferenceSDDocument"):
            yield str(item["ReferenceSDDocument"])


def _states(api: Api, numbers: Sequence[str]) -> dict[str, str]:
    found = {}
    for start in range(0, len(numbers), _AT_ONCE):
        asked = numbers[start : start + _AT_ONCE]
        wanted = " or ".join(f"SalesOrder eq {values.literal(number)}" for number in asked)
        for row in api.rows(
            ORDERS,
            {
                "$filter": wanted,
                "$select": "SalesOrder,OverallDeliveryStatus",
                "$top": str(_AT_ONCE),
            },
        ):
            found[str(row.get("SalesOrder"))] = str(row.get("OverallDeliveryStatus") or "")
    return found
