"""A server that behaves as Karrio: its token, its list, references, rates, purchases and refusals."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

RATES = (
    ("canadapost", "canadapost_priority", 26.71),
    ("canadapost", "canadapost_expedited_parcel", 14.5),
    ("ups", "ups_standard", 9.0),
)
REQUIRED = ("person_name", "address_line1", "city", "country_code")


def error(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"errors": [{"code": code, "message": message}]})


class Server:
    """`refusal` is what the carrier says to a purchase; `loses` answers are lost after they took effect."""

    def __init__(self, shipment: dict[str, Any], *, shipments: int = 0) -> None:
        self.shipments: dict[str, dict[str, Any]] = {}
        self.bought: list[str] = []
        self.rates: tuple[tuple[str, str, float], ...] = RATES
        self.refusal = ""
        self.loses = 0
        self.lists_new = True
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        for n in range(1, shipments + 1):
            at = begun + timedelta(seconds=n)
            self.add(shipment | {"id": f"shp_p{n}", "reference": f"YVR1:P-{n}"}, at)

    def add(self, shipment: dict[str, Any], at: datetime) -> None:
        said = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.shipments[shipment["id"]] = deepcopy(shipment) | {"created_at": said}

    def effects(self) -> int:
        return len(self.bought)

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Token {KEY}":
            return error(401, "authentication_failed", "Invalid token.")
        if asked.path == "/v1/shipments":
            return self._list(asked) if asked.method == "GET" else self._make(asked.body)
        if found := re.fullmatch(r"/v1/shipments/([^/]+)(/purchase)?", asked.path):
            known = self.shipments.get(found[1])
            if known is None:
                return error(404, "not_found", "Shipment not found")
            return self._buy(known, asked.body) if found[2] else Reply(said=known)
        return error(404, "not_found", "Not found")

    def _list(self, asked: Asked) -> Reply:
        query = dict(asked.query)
        limit, offset = int(query.get("limit", 20)), int(query.get("offset", 0))
        rows = [s for s in reversed(self.shipments.values())]
        rows = [
            row for row in rows if query.get("reference", "").lower() in row["reference"].lower()
        ]
        rows = [row for row in rows if row["created_at"] >= query.get("created_after", "")]
        if "created_after" in query and not self.lists_new:
            rows = [row for row in rows if not row["id"].startswith("shp_n")]
        more = None
        if len(rows) > offset + limit:
            there = urlencode(query | {"limit": limit, "offset": offset + limit})
            more = f"http://{asked.headers['host']}/v1/shipments?{there}"
        page = rows[offset : offset + limit]
        return Reply(said={"count": len(rows), "next": more, "previous": None, "results": page})

    def _make(self, said: dict[str, Any]) -> Reply:
        missing = [name for name in REQUIRED if not said["recipient"].get(name)]
        if missing:
            return error(400, "validation", f"recipient: {missing[0]} is required")
        assert len(said["reference"]) <= 100
        number = f"shp_n{len(self.shipments) + 1}"
        rates = [
            {"id": f"rat_{number}_{n}", "carrier_name": c, "carrier_id": c, "service": s,
             "total_charge": charge, "currency": "CAD"}
            for n, (c, s, charge) in enumerate(self.rates)
        ]  # fmt: skip
        if not rates:
            refused = {"carrier_name": "canadapost", "code": "9", "message": "Unknown postal code."}
            return Reply(424, {"messages": [refused]})
        made = {**said, "id": number, "status": "draft", "rates": rates, "messages": [],
                "selected_rate": None, "tracking_number": None, "label_url": None}  # fmt: skip
        self.add(made, datetime.now(UTC))
        return Reply(201, self.shipments[number])

    def _buy(self, known: dict[str, Any], said: dict[str, Any]) -> Reply:
        if known["status"] != "draft":
            text = f"The shipment is '{known['status']}' and cannot be purchased again"
            return error(409, "state_error", text)
        if self.refusal:
            return Reply(424, {"messages": [{"carrier_name": "ups", "message": self.refusal}]})
        [rate] = [one for one in known["rates"] if one["id"] == said["selected_rate_id"]]
        self.bought.append(rate["service"])
        known |= {
            "status": "created",
            "selected_rate": rate,
            "carrier_name": rate["carrier_name"],
            "service": rate["service"],
            "tracking_number": f"1Z{len(self.bought):010d}",
            "label_url": f"/v1/shipments/{known['id']}/label.pdf",
        }
        if self.loses:
            self.loses -= 1
            return Reply(500, b"<html>Bad gateway</html>")
        return Reply(said=known)
