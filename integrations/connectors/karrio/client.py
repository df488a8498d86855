"""The conversation with Karrio: lists as `description.yaml` says, and how a label is bought."""

from functools import partial
from typing import Any, Final

from integrations.canonical.problem import shorten
from integrations.connectors import parcels
from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.settled import settle
from integrations.connectors.described.system import System
from integrations.connectors.karrio.settings import SETTINGS, parcel_size, sender
from integrations.connectors.label_client import Caller, LabelClient, Thing
from integrations.connectors.parcels import Rate

SYSTEM: Final = shipped.read(__file__, SETTINGS)
UNPAID: Final = ("draft", "cancelled")
_COMPARED: Final = (
    "person_name",
    "company_name",
    "address_line1",
    "address_line2",
    "city",
    "state_code",
    "postal_code",
    "country_code",
)
_MOST_NAMED: Final = 5
_PAGE, _MOST_PAGES = 100, 20
_LONGEST_REFERENCE, _LONGEST_ORDER = 90, 50


class Karrio:
    """Shipments, rates and purchases of a Karrio server."""

    def by_id(self, caller: Caller, remote_id: str) -> Thing | None:
        found = caller.find("/shipments", remote_id)
        return found if isinstance(found, dict) else None

    def by_reference(self, caller: Caller, reference: str) -> Thing | None:
        """The shipment with this reference, one that is paid for before others. The server finds those that
        only have it in theirs as well."""
        known: Thing | None = None
        for page in range(_MOST_PAGES):
            asked = {"reference": reference, "limit": str(_PAGE), "offset": str(page * _PAGE)}
            said = caller.find("/shipments", **asked) or {}
            for one in said.get("results") or []:
                if one.get("reference") == reference:
                    known = one if known is None or self.is_paid(one) else known
            if not said.get("next") or (known and self.is_paid(known)):
                return known
        raise parcels.refused(
            "number", "Too many shipments there have this number in their reference."
        )

    def is_paid(self, there: Thing) -> bool:
        return str(there.get("status")) not in UNPAID

    def is_same(self, there: Thing, document: Thing) -> bool:
        said, ours = there.get("recipient") or {}, document["recipient"]
        weights = [float(one.get("weight") or 0) for one in there.get("parcels") or []]
        same_weights = weights == [one["weight"] for one in document["parcels"]]
        return same_weights and all(parcels.same(said.get(n), ours.get(n)) for n in _COMPARED)

    def make(self, caller: Caller, document: Thing, reference: str) -> Thing:
        return caller.post("/shipments", {**document, "reference": reference})

    def rates(self, there: Thing) -> tuple[list[Rate], list[str]]:
        found = [
            parcels.rate_of(one, carrier="carrier_name", service="service", amount="total_charge")
            for one in there.get("rates") or []
        ]
        said = [
            f"{one.get('carrier_name') or one.get('carrier_id')}: {one.get('message')}"
            for one in (there.get("messages") or [])[:_MOST_NAMED]
            if one.get("message")
        ]
        return [one for one in found if one is not None], said

    def buy(self, caller: Caller, there: Thing, rate: Rate) -> Thing:
        return caller.post(f"/shipments/{there['id']}/purchase", {"selected_rate_id": rate.id})


def client(connection: Connection) -> LabelClient:
    return LabelClient(
        connection, describe=_described, office=Karrio(), shape=partial(shape, connection)
    )


def shape(connection: Connection, document: Thing) -> Thing:
    """A mapped shipment as Karrio takes it. NeedsPerson for one that it cannot become."""
    recipient = {name: value for name, value in (document.get("recipient") or {}).items() if value}
    if not recipient.get("address_line1") or not recipient.get("country_code"):
        said = "The shipment has no address to go to, and its order has none."
        raise parcels.missing("ship_to", said)
    shipper = sender(connection, str(document.get("site") or ""))
    if not shipper:
        said = "No address that parcels of this site leave from is entered for the endpoint."
        raise parcels.missing("site", said)
    if recipient["country_code"] != shipper["country_code"]:
        country = recipient["country_code"]
        said = f"It goes to {country}; customs papers are not written, so buy the label there."
        raise parcels.unsupported("ship_to.country", said)
    if len(str(document.get("number") or "")) > _LONGEST_REFERENCE:
        said = f"{shorten(document['number'])} is too long for Karrio's reference."
        raise parcels.unsupported("number", said)
    order = str(document.get("order_number") or "")
    return {
        "shipper": shipper,
        "recipient": recipient,
        "parcels": _parcels(connection, document),
        "label_type": connection.settings["label_type"],
        **({"order_id": order} if 0 < len(order) <= _LONGEST_ORDER else {}),
    }


def _parcels(connection: Connection, document: Thing) -> list[Thing]:
    packages = document.get("packages") or [{}]
    size, usual = parcel_size(connection), connection.settings["default_weight"]
    made = []
    for number, package in enumerate(packages):
        weight, path = package.get("weight"), f"packages[{number}].weight"
        if weight is None and len(packages) == 1:
            weight, path = document.get("weight"), "weight"
        if weight is None and usual:
            weight = {"value": usual, "uom": "OZ"}
        told: dict[str, Any] = {"weight": float(parcels.ounces(weight, path)), "weight_unit": "OZ"}
        made.append(told | size)
    return made


def _described(connection: Connection) -> System:
    return settle(SYSTEM, connection.settings)
