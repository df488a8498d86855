"""What Odoo knows by numbers of its own and we by codes: customers, products, units, places.

Each is looked up when an order is written. What is not there, or there twice, asks a person.
"""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.lists import references
from portal.core.errors import NeedsPerson

_CONTACT: Final = ("name", "street", "street2", "zip", "city")


class Finder:
    """Looks codes up. Safe from any thread."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def partner(self, account: str) -> int:
        """The contact with this reference."""
        if not account:
            text = "The order names no customer account, and no customer of all orders is entered."
            raise NeedsPerson([Problem("missing_customer", "partner_ref", "", text)])
        domain = [["ref", "=", account], ["parent_id", "=", False]]
        found = self._api.search("res.partner", domain, ("id",), limit=2)
        if len(found) == 1:
            return int(found[0]["id"])
        many = "more than one contact" if found else "no contact"
        text = f"Odoo has {many} with the reference {shorten(account)}."
        raise NeedsPerson([Problem("missing_customer", "partner_ref", shorten(account), text)])

    def products(self, codes: list[str]) -> dict[str, int]:
        """The products with these codes. All that are missing are told at once."""
        wanted = sorted(set(codes))
        domain = [["default_code", "in", wanted]]
        found: dict[str, list[int]] = {}
        for row in self._api.search("product.product", domain, ("default_code",)):
            found.setdefault(str(row["default_code"]), []).append(int(row["id"]))
        problems = [
            Problem("unknown_sku", f"order_line[{position}].default_code", shorten(code),
                    f"Odoo has {'more than one' if code in found else 'no'} product with this code.")
            for position, code in enumerate(codes)
            if len(found.get(code, [])) != 1
        ]  # fmt: skip
        if problems:
            raise NeedsPerson(problems)
        return {code: ids[0] for code, ids in found.items()}

    def units(self, names: list[str]) -> dict[str, int]:
        """The units with these names, in the language of the settings."""
        wanted = sorted(set(filter(None, names)))
        if not wanted:
            return {}
        found = {
            str(row["name"]): int(row["id"])
            for row in self._api.search("uom.uom", [["name", "in", wanted]], ("name",))
        }
        if missing := [name for name in wanted if name not in found]:
            text = "Odoo has no unit of this name: add a row to the table uom_out."
            raise NeedsPerson(
                [Problem("uom_mismatch", "order_line.uom", shorten(name), text) for name in missing]
            )
        return found

    def pricelist(self, name: str) -> int:
        """The price list with this name."""
        found = self._api.search("product.pricelist", [["name", "=", name]], ("id",), limit=2)
        if len(found) == 1:
            return int(found[0]["id"])
        text = f"Odoo has {'more than one price list' if found else 'no price list'} of this name."
        raise NeedsPerson([Problem("erp_refused", "pricelist_id", shorten(name), text)])

    def contact(self, partner: int, address: Mapping[str, Any]) -> int | dict[str, Any]:
        """The delivery contact of a customer with this address, or what makes one."""
        values: dict[str, Any] = {name: _text(address.get(name)) for name in _CONTACT}
        values |= {"parent_id": partner, "type": "delivery"}
        values["country_id"] = country = self._country(_text(address.get("country")))
        values["state_id"] = self._state(_text(address.get("state")), country)
        asked = [[name, "=", value or False] for name, value in values.items()]
        if found := self._api.search("res.partner", asked, ("id",), limit=1):
            return int(found[0]["id"])
        more = {name: _text(address.get(name)) for name in ("email", "phone")}
        return {name: value for name, value in (values | more).items() if value}

    def _country(self, code: str) -> int:
        if not code:
            return 0
        found = self._api.search("res.country", [["code", "=", code]], ("id",), limit=1)
        if found:
            return int(found[0]["id"])
        text = f"Odoo knows no country {shorten(code)}."
        raise NeedsPerson(
            [Problem("address_invalid", "partner_shipping.country", shorten(code), text)]
        )

    def _state(self, code: str, country: int) -> int:
        """None for a region that Odoo does not have: it lists those of some countries only."""
        if not code or not country:
            return 0
        domain = [["code", "=", code], ["country_id", "=", country]]
        found = self._api.search("res.country.state", domain, ("id",), limit=1)
        return int(found[0]["id"]) if found else 0


def one(value: Any) -> int:
    """The id of what a field refers to; 0 for none."""
    return next(iter(references(value)), 0)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
