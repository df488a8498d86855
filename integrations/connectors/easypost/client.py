"""The conversation with EasyPost: lists as `description.yaml` says, and how a label is bought."""

from functools import partial
from typing import Any, Final

from integrations.connectors import parcels
from integrations.connectors.connection import Connection
from integrations.connectors.described import shipped
from integrations.connectors.described.settled import settle
from integrations.connectors.described.system import System
from integrations.connectors.easypost.settings import SETTINGS, from_address, parcel_size
from integrations.connectors.label_client import Caller, LabelClient, Thing
from integrations.connectors.parcels import Rate

SYSTEM: Final = shipped.read(__file__, SETTINGS)
_COMPARED: Final = ("name", "company", "street1", "street2", "city", "state", "zip", "country")
_MOST_NAMED: Final = 5


class EasyPost:
    """Shipments, rates and purchases of EasyPost."""

    def by_id(self, caller: Caller, remote_id: str) -> Thing | None:
        found = caller.find("/shipments", remote_id)
        return found if isinstance(found, dict) else None

    def by_reference(self, caller: Caller, reference: str) -> Thing | None:
        return self.by_id(caller, reference)

    def is_paid(self, there: Thing) -> bool:
        return bool(there.get("postage_label"))

    def is_same(self, there: Thing, document: Thing) -> bool:
        said, ours = there.get("to_address") or {}, document["to_address"]
        parcel = there.get("parcel") or {}
        same_weight = float(parcel.get("weight") or 0) == document["parcel"]["weight"]
        return same_weight and all(parcels.same(said.get(n), ours.get(n)) for n in _COMPARED)

    def make(self, caller: Caller, document: Thing, reference: str) -> Thing:
        made = caller.post("/shipments", {"shipment": {**document, "reference": reference}})
        verified = ((made.get("to_address") or {}).get("verifications") or {}).get("delivery") or {}
        if verified.get("success") is False:
            errors = verified.get("errors") or []
            words = "; ".join(_words(one) for one in errors[:_MOST_NAMED]) or "it gave no reason"
            text = f"EasyPost cannot verify the address: {words}"
            raise parcels.refused("ship_to", parcels.shorten_long(text))
        return made

    def rates(self, there: Thing) -> tuple[list[Rate], list[str]]:
        found = [
            parcels.rate_of(one, carrier="carrier", service="service", amount="rate")
            for one in there.get("rates") or []
        ]
        said = [
            f"{one.get('carrier')}: {one.get('message')}"
            for one in (there.get("messages") or [])[:_MOST_NAMED]
            if one.get("message")
        ]
        return [one for one in found if one is not None], said

    def buy(self, caller: Caller, there: Thing, rate: Rate) -> Thing:
        return caller.post(f"/shipments/{there['id']}/buy", {"rate": {"id": rate.id}})


def client(connection: Connection) -> LabelClient:
    return LabelClient(
        connection, describe=_described, office=EasyPost(), shape=partial(shape, connection)
    )


def shape(connection: Connection, document: Thing) -> Thing:
    """A mapped shipment as EasyPost takes it. NeedsPerson for one that it cannot become."""
    address = {name: value for name, value in (document.get("to_address") or {}).items() if value}
    country = str(connection.settings["country"]).strip().upper()
    if not address.get("street1") or not address.get("country"):
        said = "The shipment has no address to go to, and its order has none."
        raise parcels.missing("ship_to", said)
    if address["country"] != country:
        said = f"It goes to {address['country']}; customs papers are not written, so buy the label there."
        raise parcels.unsupported("ship_to.country", said)
    packages = document.get("packages") or []
    if len(packages) > 1:
        said = f"The shipment has {len(packages)} parcels; one label is bought for one parcel."
        raise parcels.unsupported("packages", said)
    [package] = packages or [{}]
    weight, path = package.get("weight"), "packages[0].weight"
    if weight is None:
        weight, path = document.get("weight"), "weight"
    if weight is None and connection.settings["default_weight"]:
        weight = {"value": connection.settings["default_weight"], "uom": "OZ"}
    leaves = from_address(connection, str(document.get("site") or ""))
    if not leaves:
        said = "No address that parcels of this site leave from is entered for the endpoint."
        raise parcels.missing("site", said)
    options: dict[str, Any] = {"label_format": connection.settings["label_format"]}
    if document.get("order_number"):
        options["invoice_number"] = str(document["order_number"])
    return {
        "to_address": {**address, "verify": ["delivery"]},
        "from_address": {"id": leaves},
        "parcel": {"weight": float(parcels.ounces(weight, path)), **parcel_size(connection)},
        "options": options,
    }


def _described(connection: Connection) -> System:
    return settle(SYSTEM, connection.settings)


def _words(error: Any) -> str:
    return str(error.get("message") or error.get("code")) if isinstance(error, dict) else str(error)
