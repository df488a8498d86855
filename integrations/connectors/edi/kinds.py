"""Which documents come from which kind of partner, and what they are here. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import ships_to_buyers
from integrations.connectors.edi.settings import BUYER, PRODUCTS, SUPPLIER

ACKNOWLEDGEMENT: Final = "acknowledgement"
PRODUCT: Final = "product"
SHIPMENT: Final = "shipment"
# Those acknowledgements that say what becomes of an order, and not whether a file could be read.
ORDER_ANSWERS: Final = frozenset({"855", "865", "ORDRSP"})


class Kind(NamedTuple):
    """An object type and the kinds of partner that send it."""

    object_type: str
    senders: frozenset[str]


_FROM_BUYERS: Final = frozenset({BUYER})
_ANSWER: Final = Kind(ACKNOWLEDGEMENT, frozenset({BUYER, SUPPLIER}))
_FROM_SUPPLIERS: Final = frozenset({SUPPLIER})
_ORDER: Final = Kind("order", _FROM_BUYERS)
_ORDER_ANSWER: Final = Kind(ACKNOWLEDGEMENT, _FROM_SUPPLIERS)
_INVOICE: Final = Kind("invoice", _FROM_SUPPLIERS)
_NOTICE: Final = Kind("inbound_shipment", _FROM_SUPPLIERS)
_STOCK: Final = Kind("inventory", _FROM_SUPPLIERS)
_RETURN: Final = Kind("return", _FROM_BUYERS)
_CATALOGUE: Final = Kind("price_list", _FROM_SUPPLIERS)
# About one document of ours, by its number: received, paid.
_TOLD: Final = Kind(ACKNOWLEDGEMENT, _FROM_BUYERS)

X12_SETS: Final[Mapping[str, Kind]] = {
    "850": _ORDER, "860": _ORDER, "855": _ORDER_ANSWER, "865": _ORDER_ANSWER, "856": _NOTICE,
    "810": _INVOICE, "846": _STOCK, "997": _ANSWER, "999": _ANSWER, "824": _ANSWER, "820": _TOLD,
    "180": _RETURN, "832": _CATALOGUE,
}  # fmt: skip
EDIFACT_MESSAGES: Final[Mapping[str, Kind]] = {
    "ORDERS": _ORDER, "ORDCHG": _ORDER, "ORDRSP": _ORDER_ANSWER, "DESADV": _NOTICE,
    "INVOIC": _INVOICE, "INVRPT": _STOCK, "CONTRL": _ANSWER, "APERAK": _ANSWER, "RECADV": _TOLD,
    "PRICAT": _CATALOGUE,
}  # fmt: skip


def also(kind: Kind, connection: Connection) -> list[str]:
    """What a document is here besides: a catalogue may tell of items, where that was agreed."""
    items = kind is _CATALOGUE and connection.settings["catalogue"] == PRODUCTS
    return [PRODUCT] if items else []


def object_type_of(kind: Kind, connection: Connection, *, was: str = "") -> str:
    """What a document is here: goods that go to the buyers of our orders are shipments of these. `was`: what
    it has been taken for."""
    if kind is _CATALOGUE and was == PRODUCT:
        return PRODUCT
    if kind is _NOTICE and (was == SHIPMENT or ships_to_buyers(connection)):
        return SHIPMENT
    return kind.object_type


def unexpected(
    found: Iterable[str], known: Mapping[str, Kind], connection: Connection
) -> list[Problem]:
    """A problem for each kind of document that this partner is not expected to send."""
    partner = str(connection.settings["partner_is"])
    strange = {kind for kind in found if kind not in known or partner not in known[kind].senders}
    return [
        Problem(
            "unsupported_set",
            "",
            shorten(kind),
            f"A {partner} is not expected to send {shorten(kind)}.",
        )
        for kind in sorted(strange)
    ]
