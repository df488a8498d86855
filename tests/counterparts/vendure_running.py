"""A Vendure that runs for the tests, and the people who buy and work in it."""

import json
import shutil
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from integrations.connectors.vendure import documents
from tests.counterparts.running import free_port, running
from tests.counterparts.vendure_install import COUNTERPART, SERVER

USER, PASSWORD = "superadmin", "an administrator"
BELL_SECRET = "the bell's secret"
_TOKEN = "vendure-auth-token"


class Vendure:
    """Its address, and what people do and see there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/admin-api"
        self._shop = f"http://127.0.0.1:{port}/shop-api"
        session = self._ask(self.url, _LOGIN, {"user": USER, "password": PASSWORD})[1]
        self.key = self._new_key({"Authorization": f"Bearer {session}"})

    def admin(self, document: str, **variables: Any) -> dict[str, Any]:
        """As a person in the shop's office does."""
        return self._ask(self.url, document, variables, {"vendure-api-key": self.key})[0]

    def buy(self, wanted: Sequence[tuple[str, int]], *, pays: str = "card") -> dict[str, Any]:
        """A checkout of a guest, from the cart to the payment: id, code and state of the order."""
        ids = {one["sku"]: one["id"] for one in self.variants()}
        session: dict[str, str] = {}
        for sku, count in wanted:
            given = {"id": ids[sku], "count": count}
            data, told = self._ask(self._shop, _ADD, given, session)
            if told:
                session = {"Authorization": f"Bearer {told}"}
            assert data["addItemToOrder"]["__typename"] == "Order", data
        self._ask(self._shop, _WHO, {"customer": CUSTOMER, "address": ADDRESS}, session)
        methods = self._ask(self._shop, "{ eligibleShippingMethods { id } }", {}, session)[0]
        method = methods["eligibleShippingMethods"][0]["id"]
        self._ask(self._shop, _DELIVERY, {"method": method}, session)
        payment = {"method": pays, "metadata": {}}
        order = self._ask(self._shop, _PAY, {"payment": payment}, session)[0]["addPaymentToOrder"]
        assert order["__typename"] == "Order", order
        return dict(order)

    def variants(self) -> list[dict[str, Any]]:
        return list(self.admin(_VARIANTS)["productVariants"]["items"])

    def variant(self, sku: str) -> dict[str, Any]:
        return next(one for one in self.variants() if one["sku"] == sku)

    def order(self, remote_id: str) -> dict[str, Any]:
        return dict(self.admin(_ORDER, id=remote_id)["order"])

    def _new_key(self, session: dict[str, str]) -> str:
        data, _ = self._ask(self.url, "{ roles { items { id code } } }", {}, session)
        [role] = [one["id"] for one in data["roles"]["items"] if "super_admin" in one["code"]]
        given = {"roleIds": [role], "translations": [{"languageCode": "en", "name": "Hub"}]}
        made, _ = self._ask(self.url, _KEY, {"input": given}, session)
        return str(made["createApiKey"]["apiKey"])

    def _ask(
        self,
        url: str,
        document: str,
        variables: dict[str, Any],
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[dict[str, Any], str]:
        headers = {"Content-Type": "application/json", **more}
        body = json.dumps({"query": document, "variables": variables}).encode()
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            said = json.load(answer)
            assert "errors" not in said, said
            return said["data"], answer.headers.get(_TOKEN) or ""


CUSTOMER = {"firstName": "Sam", "lastName": "Reyes", "emailAddress": "sam@example.com"}
ADDRESS = {
    "fullName": "Sam Reyes",
    "streetLine1": "5 Main St",
    "city": "Reno",
    "province": "NV",
    "postalCode": "89502",
    "countryCode": "US",
}
_LOGIN = """mutation($user: String!, $password: String!) {
  login(username: $user, password: $password) { __typename } }"""
_KEY = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey } }"
_ADD = """mutation($id: ID!, $count: Int!) {
  addItemToOrder(productVariantId: $id, quantity: $count) {
    __typename ... on ErrorResult { message } } }"""
_WHO = """mutation($customer: CreateCustomerInput!, $address: CreateAddressInput!) {
  setCustomerForOrder(input: $customer) { __typename }
  setOrderShippingAddress(input: $address) { __typename } }"""
_DELIVERY = """mutation($method: ID!) {
  setOrderShippingMethod(shippingMethodId: [$method]) { __typename }
  transitionOrderToState(state: "ArrangingPayment") { __typename } }"""
_PAY = """mutation($payment: PaymentInput!) {
  addPaymentToOrder(input: $payment) {
    __typename ... on Order { id code state } ... on ErrorResult { message } } }"""
_VARIANTS = """{ productVariants { items {
  id sku price stockLevel stockLevels { stockOnHand stockAllocated } } } }"""
_ORDER = """query($id: ID!) { order(id: $id) {
  code state lines { id quantity productVariant { sku } }
  fulfillments { id state method trackingCode lines { orderLineId quantity } } } }"""


@contextmanager
def vendure(folder: Path, *, bell: str = "") -> Iterator[Vendure]:
    """A server of its own on a copy of the shop. `bell`: where the plugin of the README sends orders."""
    shutil.copy(COUNTERPART.template, folder / "shop.sqlite")
    port = free_port()
    command = ["node", str(SERVER), str(COUNTERPART.folder), str(folder / "shop.sqlite"), str(port)]
    env = {"BELL": bell, "BELL_SECRET": BELL_SECRET}
    (folder / "order.graphql").write_text(documents.ORDER)
    with running(command, port=port, log=folder / "log", env=env):
        shop = Vendure(port)
        (folder / "key").write_text(shop.key)
        yield shop
