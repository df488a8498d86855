"""An account that behaves as EasyPost: its key, its list, references, rates, purchases and refusals."""

import base64
import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

RATES = (
    ("USPS", "Priority", "9.10"),
    ("USPS", "GroundAdvantage", "7.40"),
    ("UPS", "Ground", "7.05"),
)


def error(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"error": {"code": code, "message": message, "errors": []}})


class Account:
    """`funds` is what it can spend; `loses` answers are lost after they took effect."""

    def __init__(self, shipment: dict[str, Any], *, shipments: int = 0) -> None:
        self.shipments: dict[str, dict[str, Any]] = {}
        self.bought: list[str] = []
        self.funds = 1000.0
        self.loses = 0
        self.rates = RATES
        self.undeliverable = ""
        self.lists_new = True
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        for n in range(1, shipments + 1):
            at = begun + timedelta(seconds=n)
            self.add(shipment | {"id": f"shp_p{n}", "reference": f"RNO1:P-{n}"}, at)

    def add(self, shipment: dict[str, Any], at: datetime) -> None:
        said = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.shipments[shipment["id"]] = deepcopy(shipment) | {
            "created_at": said,
            "updated_at": said,
        }

    def effects(self) -> int:
        return len(self.bought)

    def answer(self, asked: Asked) -> Reply:
        wanted = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
        if asked.headers.get("authorization") != wanted:
            return error(401, "APIKEY.INACTIVE", "This api key is no longer active.")
        if asked.path == "/shipments":
            return (
                self._list(asked) if asked.method == "GET" else self._make(asked.body["shipment"])
            )
        if found := re.fullmatch(r"/shipments/([^/]+)(/buy)?", asked.path):
            known = self._find(unquote(found[1]))
            if known is None:
                return error(404, "NOT_FOUND", "The requested resource could not be found.")
            return self._buy(known, asked.body) if found[2] else Reply(said=known)
        return error(404, "NOT_FOUND", "The requested resource could not be found.")

    def _find(self, name: str) -> dict[str, Any] | None:
        if name in self.shipments:
            return self.shipments[name]
        return next((s for s in self.shipments.values() if s.get("reference") == name), None)

    def _list(self, asked: Asked) -> Reply:
        assert asked.query["purchased"] == "true"
        since, size = asked.query.get("start_datetime", ""), int(asked.query["page_size"])
        rows = [s for s in reversed(self.shipments.values()) if s.get("postage_label")]
        rows = [row for row in rows if row["created_at"] >= since]
        rows = [row for row in rows if self.lists_new or not row["id"].startswith("shp_n")]
        if before := asked.query.get("before_id"):
            rows = rows[[row["id"] for row in rows].index(before) + 1 :]
        return Reply(said={"shipments": rows[:size], "has_more": len(rows) > size})

    def _make(self, said: dict[str, Any]) -> Reply:
        assert not {"id", "tracking_code"} & set(said)
        number = f"shp_n{len(self.shipments) + 1}"
        address = dict(said["to_address"])
        assert address.pop("verify") == ["delivery"]
        errors = [{"code": "E.ADDRESS.NOT_FOUND", "message": self.undeliverable}]
        bad = bool(self.undeliverable)
        address["verifications"] = {
            "delivery": {"success": not bad, "errors": errors if bad else []}
        }
        rates = [
            {"id": f"rate_{number}_{n}", "carrier": c, "service": s, "rate": r, "currency": "USD"}
            for n, (c, s, r) in enumerate(self.rates)
        ]
        messages = [] if rates else [{"carrier": "USPS", "message": "The parcel is too heavy."}]
        made = {
            "id": number,
            **said,
            "to_address": address,
            "status": "unknown",
            "rates": rates,
            "messages": messages,
            "postage_label": None,
            "tracking_code": None,
        }
        self.add(made, datetime.now(UTC))
        return Reply(201, self.shipments[number])

    def _buy(self, known: dict[str, Any], said: dict[str, Any]) -> Reply:
        if known["postage_label"]:
            return error(
                422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment."
            )
        [rate] = [one for one in known["rates"] if one["id"] == said["rate"]["id"]]
        if float(rate["rate"]) > self.funds:
            return error(402, "PAYMENT_REQUIRED", "Insufficient funds to buy this label.")
        self.funds -= float(rate["rate"])
        self.bought.append(rate["service"])
        known |= {
            "selected_rate": rate,
            "tracking_code": f"94{len(self.bought):020d}",
            "postage_label": {"label_url": "https://files.example.com/l.pdf"},
        }
        if self.loses:
            self.loses -= 1
            return Reply(500, b"<html>Bad gateway</html>")
        return Reply(said=known)
