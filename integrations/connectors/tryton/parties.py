"""Whom an order is sold to, and where it goes."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.tryton.api import Api, check
from integrations.connectors.tryton.settings import OF_THE_ORDER
from integrations.transports.http import encode
from portal.core.errors import NeedsPerson

_PARTY: Final = (
    "code", "name", "customer_payment_term", "customer_tax_rule", "sale_invoice_method",
    "sale_shipment_method", "addresses.invoice", "addresses.delivery",
)  # fmt: skip
# What a party says of how it is sold to, by the sale's own names.
_TERMS: Final = {
    "payment_term": "customer_payment_term",
    "invoice_method": "sale_invoice_method",
    "shipment_method": "sale_shipment_method",
}


class Buyer(NamedTuple):
    """A party, its addresses, and what it says of how it is sold to."""

    id: int
    invoice_address: int
    delivery_address: int
    terms: dict[str, Any]
    tax_rule: int | None


class Parties:
    """Finds parties and their addresses. Safe from any thread."""

    def __init__(self, api: Api, settings: Mapping[str, Any]) -> None:
        self._api, self._settings = api, settings

    def buyer(self, code: Any, ship_to: Mapping[str, Any] | None) -> Buyer:
        """The party with this code, and the address that `ship_to` is. NeedsPerson where there is none."""
        if not code:
            text = (
                "The order names no account of a customer, and no party for all orders is entered."
            )
            raise NeedsPerson([Problem("missing_customer", "party", "", text)])
        party = self._api.find_by_code("party.party", _PARTY, [str(code)]).get(str(code))
        if party is None:
            text = f"Tryton has no party with the code {shorten(code)}."
            raise NeedsPerson([Problem("missing_customer", "party", shorten(code), text)])
        addresses = party["addresses"]
        if not addresses:
            text = f"The party {shorten(code)} has no address in Tryton."
            raise NeedsPerson([Problem("address_invalid", "party", shorten(code), text)])
        delivery = _best(addresses, "delivery")
        if ship_to and self._settings["delivery_address"] == OF_THE_ORDER:
            delivery = self._address(party["id"], ship_to)
        terms = {name: party[theirs] for name, theirs in _TERMS.items() if party.get(theirs)}
        return Buyer(
            party["id"], _best(addresses, "invoice"), delivery, terms, party["customer_tax_rule"]
        )

    def _address(self, party: int, ship_to: Mapping[str, Any]) -> int:
        """The party's address that says the same, entered where it has none."""
        wanted = {
            "party": party,
            "party_name": ship_to.get("name") or None,
            "street_unstructured": "\n".join(ship_to.get("lines") or []) or None,
            "postal_code": ship_to.get("postal_code") or None,
            "country": self._country(ship_to.get("country")),
            **self._place(ship_to),
        }
        found = self._api.find(
            "party.address",
            ("id",),
            [[name, "=", value] for name, value in wanted.items()],
            limit=1,
        )
        if found:
            return int(found[0]["id"])
        entered = encode({**wanted, "delivery": True, "invoice": False})
        return int(check(self._api.create("party.address", entered, ("id",)))["id"])

    def _country(self, code: Any) -> int | None:
        if not code:
            return None
        found = self._api.find_by_code("country.country", ("id",), [str(code)]).get(str(code))
        if found is None:
            text = f"Tryton has no country with the code {shorten(code)}: its countries are not loaded."
            raise NeedsPerson([Problem("address_invalid", "ship_to.country", shorten(code), text)])
        return int(found["id"])

    def _place(self, ship_to: Mapping[str, Any]) -> dict[str, Any]:
        """City and region; the region stands behind the city where Tryton does not know it."""
        city, region = ship_to.get("city") or None, ship_to.get("region")
        if not region:
            return {"city": city}
        code = f"{ship_to.get('country')}-{region}"
        known = self._api.find_by_code("country.subdivision", ("id",), [code]).get(code)
        if known is None:
            return {"city": ", ".join(filter(None, (city, str(region))))}
        return {"city": city, "subdivision": known["id"]}


def _best(addresses: list[dict[str, Any]], use: str) -> int:
    """The first address for this use, else the first: as Tryton itself chooses."""
    return int(next((one for one in addresses if one.get(use)), addresses[0])["id"])
