"""A Tryton that runs for the tests, and the people who work in it."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from integrations.connectors.tryton import wire
from tests.counterparts.running import free_port, running
from tests.counterparts.tryton_install import COUNTERPART, KEY, configuration, template

DATABASE = "erp"
# Tryton's worker waits for news of its database, which SQLite does not give: this is its work without the waiting.
_WORKER = """
import sys
from trytond.config import config
config.update_etc(sys.argv[1])
from trytond.pool import Pool
from trytond.transaction import Transaction
from trytond.worker import run_task
Pool.start()
pool = Pool(sys.argv[2])
with Transaction().start(sys.argv[2], 0, readonly=True):
    pool.init()
    tasks = [task.id for task in pool.get("ir.queue").search([("dequeued_at", "=", None)])]
for task in tasks:
    run_task(pool, task)
"""


class Tryton:
    """Its address, and what a clerk does and sees there."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.settings = {"url": self.url, "database": DATABASE}
        self.secrets = {"key": KEY}

    def find(self, model: str, fields: str, *domain: Any) -> list[dict[str, Any]]:
        query = [*(("f", name) for name in fields.split()), ("d", wire.packed(domain))]
        return list(self._call("GET", f"{model}?{urlencode(query)}"))

    def press(self, model: str, record: int, button: str) -> Any:
        return self._call("POST", f"{model}/{record}/{button}", {})

    def change(self, model: str, record: int, **values: Any) -> Any:
        return self._call("PUT", f"{model}/{record}", values)

    def create(self, model: str, **values: Any) -> int:
        return int(self._call("POST", model, values)["id"])

    def sales(self, reference: str) -> list[dict[str, Any]]:
        fields = "number state shipment_state total_amount shipments invoices"
        return self.find("sale.sale", fields, ["reference", "=", reference])

    def ship(self, shipment: int) -> None:
        """As the people in the warehouse do."""
        for button in ("assign_force", "pick", "pack", "do"):
            self.press("stock.shipment.out", shipment, button)

    def count(self, code: str, quantity: float) -> None:
        """As the people in the warehouse do once a year."""
        [product] = self.find("product.product", "code", ["code", "=", code])
        [storage] = self.find("stock.location", "code", ["code", "=", "STO"])
        line = {"product": product["id"], "quantity": quantity}
        inventory = self.create(
            "stock.inventory", location=storage["id"], lines=[["create", [line]]]
        )
        self.press("stock.inventory", inventory, "confirm")

    def new_variant(self, code: str, *, of: str) -> None:
        """Goods that are priced, booked and sold as others are."""
        [known] = self.find("product.product", "template", ["code", "=", of])
        self.create("product.product", template=known["template"], suffix_code=code)

    def sells(self, code: str, *, really: bool) -> None:
        [product] = self.find("product.product", "template", ["code", "=", code])
        self.change("product.template", product["template"], salable=really)

    def quantity(self, code: str) -> float:
        """What lies in the warehouse, by Tryton's own moves."""
        moves = self.find("stock.move", "quantity from_location.type to_location.type",
                          ["product.code", "=", code], ["state", "=", "done"])  # fmt: skip
        outer = {"lost_found", "customer", "supplier"}
        into = sum(one["quantity"] for one in moves if one["from_location"]["type"] in outer)
        return into - sum(one["quantity"] for one in moves if one["to_location"]["type"] in outer)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{DATABASE}/rest/model/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"bearer {KEY}",
                "Content-Type": "application/json",
                "X-Tryton-Context": wire.packed({"company": 1}),
            },
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return wire.plain(json.load(answer))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()}") from error


@contextmanager
def tryton(folder: Path, *, worker: bool = False) -> Iterator[Tryton]:
    """A server of its own on a copy of the company's database. `worker`: what it queues waits for one."""
    shutil.copy(template(), folder / f"{DATABASE}.sqlite")
    port = free_port()
    conf = configuration(folder, port=port, worker=worker)
    command = [COUNTERPART.program("trytond"), "-c", str(conf), "-d", DATABASE]
    with running(command, port=port, log=folder / "log"):
        yield Tryton(port)


def work(folder: Path) -> None:
    """Do what the server in this folder has queued."""
    command = [str(COUNTERPART.python), "-c", _WORKER, str(folder / "trytond.conf"), DATABASE]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
