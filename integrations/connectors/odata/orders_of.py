"""Shipments together with how far their orders are, which a shipment does not say."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from integrations.connectors.inbound import Received
from integrations.connectors.odata import values
from integrations.connectors.odata.api import Api

_AT_ONCE: Final = 20  # a filter of more orders makes too long an address
_DECODE: Final = json.JSONDecoder(parse_float=str).decode


class OrderStates:
    """Reads of the orders at `path`, named by `number`, what stands under `state`."""

    def __init__(self, api: Api, path: str, *, number: str, state: str) -> None:
        self._api, self._path = api, path
        self._number, self._state = number, state

    def joined(
        self, documents: Sequence[Received], numbers_in: Callable[[Any], Iterable[str]]
    ) -> list[Received]:
        """Each document as `{"shipment": …, "orders": {number: state}}`; an order that is gone is in none.
        `numbers_in` says which orders a document is for."""
        named = [sorted(set(numbers_in(_plain(document.body)))) for document in documents]
        states = self._states(sorted({number for numbers in named for number in numbers}))
        return [
            document._replace(
                body=_join(document.body, {n: states[n] for n in numbers if n in states})
            )
            for document, numbers in zip(documents, named, strict=True)
        ]

    def _states(self, numbers: Sequence[str]) -> dict[str, Any]:
        found = {}
        for start in range(0, len(numbers), _AT_ONCE):
            asked = numbers[start : start + _AT_ONCE]
            wanted = {
                "$filter": " or ".join(f"{self._number} eq {values.literal(one)}" for one in asked),
                "$select": f"{self._number},{self._state}",
                "$top": str(_AT_ONCE),
            }
            for row in self._api.rows(self._path, wanted):
                found[str(row.get(self._number))] = row.get(self._state)
        return found


def _plain(body: bytes) -> Any:
    return values.plain(_DECODE(body.decode("utf-8", "surrogateescape")))


def _join(body: bytes, states: dict[str, Any]) -> bytes:
    return b'{"shipment":' + body + b',"orders":' + json.dumps(states).encode() + b"}"
