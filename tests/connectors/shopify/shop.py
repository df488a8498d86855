"""A shop's data and rules, as Shopify's Admin schema shapes them. Standard library only.

Two servers put it on the wire: one of ours (`server.py`), and one that executes Shopify's own schema
(`tests/counterparts/shopify_server.py`).
"""

import base64
import re
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LOCATION = "gid://shopify/Location/70"
BRANCH = "gid://shopify/Location/71"
SCOPES = [
    "read_orders", "write_orders", "read_customers", "write_products", "read_locations", "write_inventory",
    "write_merchant_managed_fulfillment_orders",
]  # fmt: skip
SINCE = re.compile(r"^(?:updated|created)_at:>='([^']+)'$")


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount):
    one = {"amount": amount, "currencyCode": "USD"}
    return {"shopMoney": one, "presentmentMoney": {"amount": "999.99", "currencyCode": "CAD"}}


def pages(rows, key=lambda row: row["id"]):
    """A connection: its rows in the order of `key`, cursors that point at rows."""

    def page(first=None, after=None, query=None, **_):
        found = sorted((row for row in rows() if matches(row, query)), key=key)
        if after:
            behind = base64.b64decode(after).decode()
            found = [row for row in found if str(key(row)) > behind]
        part = found[: first or 50]
        info = {"hasNextPage": len(found) > len(part), "endCursor": None}
        if part:
            info["endCursor"] = base64.b64encode(str(key(part[-1])).encode()).decode()
        return {"nodes": part, "pageInfo": info}

    return page


def matches(row, query):
    if not query:
        return True
    if since := SINCE.match(query):
        field = "createdAt" if query.startswith("created") else "updatedAt"
        return row[field] >= since[1]
    skus = re.findall(r"sku:'((?:[^'\\]|\\.)*)'", query)
    # Shopify's search finds more than it was asked for.
    return any(str(row.get("sku") or "").startswith(sku) for sku in skus)


def in_turn(row):
    return f"{row['updatedAt']} {row['id']}"


class Shop:
    """`effects` counts what changed for good; `throttled` is how many calls are refused next."""

    def __init__(self):
        self.orders, self.products, self.customers, self.refunds, self.levels = {}, {}, {}, {}, {}
        self.effects, self.stock_sets, self.prices, self.cancelled = [], [], {}, []
        self.keys = {}
        self.scopes = list(SCOPES)
        self.before_stock = None

    def address(self, **more):
        return {"firstName": "Dana", "lastName": "Reyes", "company": None, "address1": "12 Dock Road",
                "address2": "Unit 4", "city": "Reno", "provinceCode": "NV", "zip": "89502",
                "countryCodeV2": "US", "phone": "+15550100", **more}  # fmt: skip

    def line(self, order, n, sku, quantity, price="12.50", **more):
        return {"id": f"gid://shopify/LineItem/{order}{n:03}", "sku": sku, "name": f"{sku} name",
                "quantity": quantity, "currentQuantity": quantity, "requiresShipping": True,
                "variant": {"barcode": "036000291452"}, "originalUnitPriceSet": money(price),
                "discountAllocations": [], "taxLines": [{"priceSet": money("1.00")}], **more}  # fmt: skip

    def order(self, number, *, lines=None, at=NOON, places=(LOCATION,), **more):
        """Put an order in. Its fulfilment orders lie at `places`, line by line in turn."""
        rows = lines or [self.line(number, 1, "TENT-2P", 2), self.line(number, 2, "STOVE-1", 3)]
        fulfilments, parts = [], []
        for p, place in enumerate(places):
            own = [row for n, row in enumerate(rows) if n % len(places) == p]
            items = [
                {"id": f"gid://shopify/FulfillmentOrderLineItem/{row['id'].rpartition('/')[2]}",
                 "sku": row["sku"], "remainingQuantity": row["quantity"], "lineItem": row}
                for row in own if row["requiresShipping"]
            ]  # fmt: skip
            parts.append({
                "id": f"gid://shopify/FulfillmentOrder/{number}{p}", "status": "OPEN",
                "assignedLocation": {"location": {"id": place}}, "items": items,
                "lineItems": pages(lambda items=items: items),
            })  # fmt: skip
        order = {
            "__typename": "Order", "id": f"gid://shopify/Order/{number}", "name": f"#{number}",
            "createdAt": stamp(at), "updatedAt": stamp(at), "cancelledAt": None, "test": False,
            "currencyCode": "USD", "taxesIncluded": False, "poNumber": None, "note": None, "tags": [],
            "email": "dana@example.com", "displayFinancialStatus": "PAID",
            "displayFulfillmentStatus": "UNFULFILLED", "paymentGatewayNames": ["shopify_payments"],
            "risk": {"recommendation": "ACCEPT", "assessments": [{"riskLevel": "LOW"}]},
            "customer": {"id": "gid://shopify/Customer/31", "displayName": "Dana Reyes"},
            "shippingAddress": self.address(), "billingAddress": self.address(),
            "shippingLine": {"title": "Standard"}, "currentTotalPriceSet": money("69.50"),
            "currentTotalTaxSet": money("2.00"), "currentShippingPriceSet": money("5.00"),
            "currentTotalDutiesSet": None, "currentTotalAdditionalFeesSet": None,
            "totalTipReceivedSet": money("0.00"), "lineItems": pages(lambda: rows),
            "currentSubtotalLineItemsQuantity": sum(row["quantity"] for row in rows),
            "refunds": lambda first=None: [r for r in self.refunds.values() if r["order"]["id"] == order["id"]],
            "fulfillments": lambda first=None: fulfilments, "made": fulfilments,
            "fulfillmentOrders": pages(lambda: parts), "parts": parts, **more,
        }  # fmt: skip
        self.orders[order["id"]] = order
        return order

    def refund(self, number, order, lines, *, at=NOON, **more):
        nodes = [{"id": f"gid://shopify/RefundLineItem/{number}{n}", "quantity": count,
                  "restockType": "RETURN", "lineItem": line} for n, (line, count) in enumerate(lines)]  # fmt: skip
        refund = {"id": f"gid://shopify/Refund/{number}", "createdAt": stamp(at), "updatedAt": stamp(at),
                  "note": "Too small", "order": order, "totalRefundedSet": money("12.50"),
                  "refundLineItems": pages(lambda: nodes), **more}  # fmt: skip
        self.refunds[refund["id"]] = refund
        return refund

    def product(self, number, skus, *, at=NOON, **more):
        product = {"id": f"gid://shopify/Product/{number}", "title": f"Product {number}",
                   "status": "ACTIVE", "updatedAt": stamp(at), **more}  # fmt: skip
        variants = [
            {"id": f"gid://shopify/ProductVariant/{number}{n}", "sku": sku, "barcode": None, "price": "12.50",
             "title": f"Size {n}", "product": product, "inventoryItem": self._item(f"{number}{n}", sku)}
            for n, sku in enumerate(skus)
        ]  # fmt: skip
        product |= {"all": variants, "variants": pages(lambda: variants)}
        self.products[product["id"]] = product
        return product

    def _item(self, number, sku):
        item = {"id": f"gid://shopify/InventoryItem/{number}", "sku": sku, "tracked": True,
                "measurement": {"weight": {"value": 1.25, "unit": "KILOGRAMS"}}}  # fmt: skip
        level = {"id": f"gid://shopify/InventoryLevel/{number}", "updatedAt": stamp(NOON), "item": item,
                 "location": self.place(LOCATION), "available": 10}  # fmt: skip
        level["quantities"] = lambda names: [
            {"name": name, "quantity": level["available"] + (name == "on_hand") * 2}
            for name in names
            if name in {"on_hand", "available"} or len(names) > 1
        ]
        item["inventoryLevel"] = lambda locationId, **_: level if locationId == LOCATION else None
        self.levels[item["id"]] = level
        return item

    def customer(self, number, *, at=NOON, **more):
        self.customers[number] = {
            "id": f"gid://shopify/Customer/{number}", "displayName": f"Person {number}",
            "updatedAt": stamp(at), "defaultEmailAddress": {"emailAddress": f"p{number}@example.com"},
            "defaultPhoneNumber": {"phoneNumber": "+15550100"}, "defaultAddress": self.address(), **more,
        }  # fmt: skip

    def place(self, gid):
        names = {LOCATION: "Reno", BRANCH: "Dallas"}
        if gid not in names:
            return None
        levels = pages(lambda: list(self.levels.values()) if gid == LOCATION else [])
        return {"id": gid, "name": names[gid], "isActive": True, "inventoryLevels": levels}

    def root(self):
        """The root fields of queries and mutations."""

        def by_time(rows):
            def page(first=None, after=None, query=None, sortKey=None, **_):
                created = sortKey == "CREATED_AT"
                key = (lambda row: f"{row['createdAt']} {row['id']}") if created else in_turn
                return pages(rows, key)(first, after, query)

            return page

        def node(gid):
            return self.orders.get(gid)

        return {
            "shop": {"name": "Harbor", "currencyCode": "USD"},
            "currentAppInstallation": {"accessScopes": [{"handle": one} for one in self.scopes]},
            "orders": by_time(lambda: list(self.orders.values())),
            "order": lambda **given: node(given["id"]),
            "nodes": lambda ids: [node(one) for one in ids],
            "products": by_time(lambda: list(self.products.values())),
            "product": lambda **given: self.products.get(given["id"]),
            "customers": by_time(lambda: list(self.customers.values())),
            "refund": lambda **given: self.refunds.get(given["id"]),
            "location": lambda **given: self.place(given.get("id") or LOCATION),
            "productVariants": pages(lambda: [v for p in self.products.values() for v in p["all"]]),
            "fulfillmentOrder": lambda **given: next(
                part
                for order in self.orders.values()
                for part in order["parts"]
                if part["id"] == given["id"]
            ),
            "fulfillmentCreate": self.fulfil,
            "inventorySetQuantities": self.set_stock,
            "orderCancel": self.cancel,
            "productVariantsBulkUpdate": self.set_prices,
        }  # fmt: skip

    def fulfil(self, fulfillment, message=None):
        wanted, order = [], None
        for group in fulfillment["lineItemsByFulfillmentOrder"]:
            for one in self.orders.values():
                for part in one["parts"]:
                    if part["id"] == group["fulfillmentOrderId"]:
                        order = one
                        wanted += [(part, line) for line in group["fulfillmentOrderLineItems"]]
        items = []
        for part, line in wanted:
            item = next(item for item in part["items"] if item["id"] == line["id"])
            if part["status"] not in {"OPEN", "IN_PROGRESS"}:
                return refused(
                    "fulfillment",
                    f"Fulfillment order {part['id']} has an unfulfillable status= {part['status'].lower()}.",
                )
            if line["quantity"] > item["remainingQuantity"] or line["quantity"] < 1:
                return refused(
                    "fulfillment", "Invalid fulfillment order line item quantity requested."
                )
            items.append((item, line["quantity"]))
        for item, quantity in items:
            item["remainingQuantity"] -= quantity
        for part in order["parts"]:
            if not any(item["remainingQuantity"] for item in part["items"]):
                part["status"] = "CLOSED"
        tracking = fulfillment.get("trackingInfo") or {}
        made = {
            "id": f"gid://shopify/Fulfillment/{len(self.effects) + 900}", "status": "SUCCESS",
            "trackingInfo": [{"number": n, "company": tracking.get("company")} for n in tracking.get("numbers", [])],
        }  # fmt: skip
        order["made"].append(made)
        order["updatedAt"] = stamp(NOON + timedelta(hours=1, seconds=len(self.effects)))
        is_whole = all(part["status"] == "CLOSED" for part in order["parts"])
        order["displayFulfillmentStatus"] = "FULFILLED" if is_whole else "PARTIALLY_FULFILLED"
        self.effects.append((order["id"], fulfillment))
        return {"fulfillment": made, "userErrors": []}

    def set_stock(self, input, idempotency_key=None):  # noqa: A002
        assert idempotency_key, "since 2026-04 the change wants a key"
        if idempotency_key in self.keys:
            same = self.keys[idempotency_key] == input
            return (
                {"userErrors": []}
                if same
                else refused("input", "Other parameters", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
            )
        if self.before_stock:
            self.before_stock()
        for n, entry in enumerate(input["quantities"]):
            assert "changeFromQuantity" in entry
            if entry["changeFromQuantity"] not in (
                None,
                self.levels[entry["inventoryItemId"]]["available"],
            ):
                return refused(
                    ["input", "quantities", str(n), "changeFromQuantity"],
                    "The change from quantity is stale.",
                    "CHANGE_FROM_QUANTITY_STALE",
                )
            if entry["quantity"] > 1_000_000_000:
                return refused(
                    ["input", "quantities", str(n), "quantity"],
                    "The quantity can't be higher than 1,000,000,000.",
                    "INVALID_QUANTITY_TOO_HIGH",
                )
        for entry in input["quantities"]:
            self.levels[entry["inventoryItemId"]]["available"] = entry["quantity"]
        self.keys[idempotency_key] = input
        self.stock_sets.append(input)
        return {
            "inventoryAdjustmentGroup": {"id": "gid://shopify/InventoryAdjustmentGroup/1"},
            "userErrors": [],
        }

    def cancel(self, orderId, **given):
        order = self.orders[orderId]
        if order["made"]:
            return {
                "orderCancelUserErrors": [
                    {
                        "code": "INVALID",
                        "field": ["orderId"],
                        "message": "Cannot cancel a fulfilled order",
                    }
                ]
            }
        order["cancelledAt"] = stamp(NOON)
        self.cancelled.append((orderId, given))
        return {"job": {"id": "gid://shopify/Job/1"}, "orderCancelUserErrors": []}

    def set_prices(self, productId, variants, **_):
        known = {variant["id"]: variant for variant in self.products[productId]["all"]}
        for n, entry in enumerate(variants):
            if float(entry["price"]) < 0:
                return {
                    "productVariants": None,
                    **refused(
                        ["variants", str(n), "price"],
                        "Price must be greater than or equal to 0",
                        "NEGATIVE_PRICE_VALUE",
                    ),
                }
        for entry in variants:
            known[entry["id"]]["price"] = entry["price"]
            self.prices[entry["id"]] = entry["price"]
        return {"productVariants": list(known.values()), "userErrors": []}


def refused(field, message, code=None):
    path = field if isinstance(field, list) else [field]
    return {"userErrors": [{"code": code, "field": path, "message": message}]}
