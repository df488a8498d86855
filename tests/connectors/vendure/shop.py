"""A shop's data and rules, as Vendure's Admin API shows them."""

from datetime import UTC, datetime
from typing import Any

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
_FORBIDDEN = "You are not currently authorized to perform this action"
ALREADY = "One or more OrderItems are already part of a Fulfillment"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class RefusedError(Exception):
    """An entry of `errors`."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.said = {"message": message, "extensions": {"code": code}}


def refusal(kind: str, code: str, message: str, **more: str) -> dict[str, Any]:
    """A typed error."""
    typed = {"__typename": kind, "__interface": "ErrorResult", "errorCode": code}
    return {**typed, "message": message, **more}


def listed(rows: list[dict[str, Any]], options: dict[str, Any]) -> dict[str, Any]:
    """A list in the order of change."""
    assert options["take"] <= 1000
    found, wanted = rows, options.get("filter") or {}
    if "updatedAt" in wanted:
        found = [row for row in found if row["updatedAt"] > wanted["updatedAt"]["after"]]
    if "orderPlacedAt" in wanted:
        found = [row for row in found if row["orderPlacedAt"]]
    if "sku" in wanted:
        found = [row for row in found if row["sku"] in wanted["sku"]["in"]]
    if options.get("sort"):
        found = sorted(found, key=lambda row: row["updatedAt"])
    part = found[options["skip"] : options["skip"] + options["take"]]
    return {"items": part, "totalItems": len(found)}


class Shop:
    """`effects` are the changes that were made."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.variants: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.locations = [{"id": "1", "name": "Reno"}]
        self.digits = 2
        self.effects: list[tuple[str, Any]] = []
        self.ships = True

    def root(self) -> dict[str, Any]:
        return {
            "orders": lambda options: listed(list(self.orders.values()), options),
            "productVariants": lambda options: listed(list(self.variants.values()), options),
            "customers": lambda options: listed(list(self.customers.values()), options),
            "order": lambda **asked: self.orders.get(asked["id"]),
            "stockLocations": lambda options: {"items": self.locations},
            "activeChannel": {
                "code": "__default_channel__",
                "token": "channel-1",
                "defaultCurrencyCode": "USD",
                "availableCurrencyCodes": ["USD", "CAD"],
            },
            "globalSettings": {"serverConfig": {"moneyStrategyPrecision": self.digits}},
            "addFulfillmentToOrder": self._fulfil,
            "transitionFulfillmentToState": self._move,
            "cancelOrder": self._cancel,
            "updateProductVariants": self._update,
        }

    def line(self, number: str, sku: str, quantity: int, price: int = 1250) -> dict[str, Any]:
        return {
            "id": number,
            "quantity": quantity,
            "orderPlacedQuantity": quantity,
            "unitPrice": price,
            "unitPriceWithTax": price + 100,
            "linePrice": price * quantity,
            "proratedLinePrice": price * quantity,
            "lineTax": 100 * quantity,
            "productVariant": {"id": f"9{number}", "sku": sku, "name": f"{sku} name"},
            "fulfillmentLines": [],
        }

    def order(
        self,
        number: int,
        *,
        lines: list[dict[str, Any]] | None = None,
        at: datetime = NOON,
        **more: Any,
    ) -> dict[str, Any]:
        """Put an order in."""
        rows = lines or [
            self.line(f"{number}1", "TENT-2P", 2),
            self.line(f"{number}2", "STOVE-1", 3),
        ]
        net = sum(row["linePrice"] for row in rows)
        tax = sum(row["lineTax"] for row in rows)
        address = {
            "fullName": "Dana Reyes",
            "company": None,
            "streetLine1": "12 Dock Road",
            "streetLine2": None,
            "city": "Reno",
            "province": "NV",
            "postalCode": "89502",
            "countryCode": "US",
            "phoneNumber": "+15550100",
        }
        order = {
            "__typename": "Order",
            "id": str(number),
            "code": f"ORD{number}",
            "type": "Regular",
            "state": "PaymentSettled",
            "createdAt": stamp(at),
            "updatedAt": stamp(at),
            "orderPlacedAt": stamp(at),
            "currencyCode": "USD",
            "couponCodes": [],
            "customer": {
                "id": "31",
                "firstName": "Dana",
                "lastName": "Reyes",
                "emailAddress": "dana@example.com",
            },
            "shippingAddress": address,
            "billingAddress": dict.fromkeys(address),
            "lines": rows,
            "surcharges": [],
            "shippingLines": [{"shippingMethod": {"code": "std", "name": "Standard"}}],
            "payments": [{"method": "card", "state": "Settled"}],
            "shipping": 500,
            "total": net + 500,
            "totalWithTax": net + tax + 500,
            "fulfillments": [],
            **more,
        }
        self.orders[order["id"]] = order
        return order

    def variant(self, number: int, sku: str, *, at: datetime = NOON, **more: Any) -> dict[str, Any]:
        variant = {
            "id": str(number),
            "sku": sku,
            "name": f"{sku} name",
            "enabled": True,
            "updatedAt": stamp(at),
            "price": 1250,
            "currencyCode": "USD",
            "trackInventory": "INHERIT",
            "product": {"id": "5", "name": "Gear", "enabled": True},
            "stockLevels": [{"stockLocationId": "1", "stockOnHand": 10, "stockAllocated": 2}],
            **more,
        }
        self.variants[variant["id"]] = variant
        return variant

    def customer(self, number: int, *, at: datetime = NOON) -> dict[str, Any]:
        customer = {
            "id": str(number),
            "firstName": "Dana",
            "lastName": f"Reyes {number}",
            "emailAddress": f"dana{number}@example.com",
            "phoneNumber": None,
            "updatedAt": stamp(at),
            "addresses": [
                {
                    "fullName": None,
                    "streetLine1": "12 Dock Road",
                    "city": "Reno",
                    "country": {"code": "US"},
                    "defaultShippingAddress": True,
                }
            ],
        }
        self.customers[customer["id"]] = customer
        return customer

    def _fulfil(self, **asked: Any) -> dict[str, Any]:
        given = asked["input"]
        wanted = {one["orderLineId"]: one["quantity"] for one in given["lines"]}
        for order in self.orders.values():
            lines = [line for line in order["lines"] if line["id"] in wanted]
            if not lines:
                continue
            for line in lines:
                done = sum(one["quantity"] for one in line["fulfillmentLines"])
                if done + wanted[line["id"]] > line["quantity"]:
                    code = "ITEMS_ALREADY_FULFILLED_ERROR"
                    return refusal("ItemsAlreadyFulfilledError", code, ALREADY)
            told = {one["name"]: one["value"] for one in given["handler"]["arguments"]}
            made = {
                "__typename": "Fulfillment",
                "id": f"F{len(self.effects) + 1}",
                "state": "Pending",
                **told,
            }
            for line in lines:
                entry = {"quantity": wanted[line["id"]], "fulfillment": made}
                line["fulfillmentLines"].append(entry)
            order["fulfillments"].append(made)
            self.effects.append(("fulfil", given))
            return made
        raise RefusedError(
            f'No OrderLine with the id "{next(iter(wanted))}" could be found', "ENTITY_NOT_FOUND"
        )

    def _move(self, state: str, **asked: Any) -> dict[str, Any]:
        [made] = [
            one
            for order in self.orders.values()
            for one in order["fulfillments"]
            if one["id"] == asked["id"]
        ]
        if not self.ships:
            code = "FULFILLMENT_STATE_TRANSITION_ERROR"
            why = f'Cannot transition Fulfillment from "{made["state"]}" to "{state}"'
            kind = "FulfillmentStateTransitionError"
            return refusal(kind, code, f"errorResult.{code}", transitionError=why)
        made["state"] = state
        return made

    def _cancel(self, **asked: Any) -> dict[str, Any]:
        given = asked["input"]
        order = self.orders[given["orderId"]]
        for line in order["lines"]:
            line |= {"quantity": 0, "linePrice": 0, "proratedLinePrice": 0, "lineTax": 0}
        order |= {"state": "Cancelled", "shipping": 0, "total": 0, "totalWithTax": 0}
        self.effects.append(("cancel", given))
        return order

    def _update(self, **asked: Any) -> list[dict[str, Any]]:
        """All or nothing."""
        given = asked["input"]
        for entry in given:
            if entry["id"] not in self.variants or self.variants[entry["id"]].get("broken"):
                text = f'No ProductVariant with the id "{entry["id"]}" could be found'
                raise RefusedError(text, "ENTITY_NOT_FOUND")
        for entry in given:
            variant = self.variants[entry["id"]]
            for level in entry.get("stockLevels") or []:
                [own] = [
                    one
                    for one in variant["stockLevels"]
                    if one["stockLocationId"] == level["stockLocationId"]
                ]
                own["stockOnHand"] = level["stockOnHand"]
            for price in entry.get("prices") or []:
                variant["price"] = price["price"]
            self.effects.append(("variant", entry))
        return [self.variants[entry["id"]] for entry in given]


def forbidden() -> dict[str, Any]:
    """What Vendure answers to a key or a session that it does not know, with status 200."""
    return {"errors": [RefusedError(_FORBIDDEN, "FORBIDDEN").said], "data": None}
