"""The how-to's own file: applied, and files exchanged by it."""

import re
from pathlib import Path

import pytest

from integrations import configfile
from integrations.domain import poll
from integrations.models import Endpoint, Message, PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.counterparts import ROOT
from tests.transports.places import FolderPlace

FILE = Path(__file__).with_name("portal.yaml")
HOW_TO = ROOT / "docs" / "describe-files.md"
MENTIONED = "/srv/files/harbor"
ORDERS = """Auftrag;Datum;Name;Straße;PLZ;Ort;Artikel;Menge;Preis
0017;03.03.2026;Jörg Müller;Hafenweg 1;01067;Dresden;TENT-2P;2;199,50
0017;03.03.2026;Jörg Müller;Hafenweg 1;01067;Dresden;LAMP-1;1,5;10,00
0018;03.03.2026;Zoë Weiß;Am Kai 2;20457;Hamburg;TENT-2P;zwei;199,50
ENDE;3
"""


@pytest.mark.pure
def test_the_how_to_shows_the_file() -> None:
    assert FILE.read_text() in re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL)


@pytest.mark.db
def test_orders_come_in_as_agreed_and_a_shipment_goes_out(kestrel, allowed) -> None:
    there = FolderPlace(allowed)
    configfile.apply(FILE.read_text().replace(MENTIONED, str(allowed)).encode(), environment={})
    endpoint = Endpoint.objects.get(slug="portal")
    warehouse = pipeline.endpoint(kestrel.harbor, "warehouse")
    pipeline.flow(warehouse, endpoint, "shipment")

    there.put("out/auftraege_0303.csv", ORDERS.encode("cp1252"))
    PollCursor.objects.filter(endpoint=endpoint).update(due_at=clock.now())
    poll.poll(endpoint.pk)
    pipeline.run(kestrel.harbor)
    order = Record.objects.get(object_type="order").body
    assert (order["number"], order["placed_at"]) == ("0017", "2026-03-03T00:00:00Z")
    assert order["ship_to"] == {
        "name": "Jörg Müller", "lines": ["Hafenweg 1"], "postal_code": "01067", "city": "Dresden",
        "country": "DE",
    }  # fmt: skip
    assert [(line["sku"], line["quantity"], line["unit_price"]) for line in order["lines"]] == [
        ("TENT-2P", "2", "199.5"),
        ("LAMP-1", "1.5", "10"),
    ]
    assert order["totals"]["total"] == "414"  # 2 · 199.50 + 1.5 · 10.00
    [case] = ExceptionCase.objects.all()
    assert (case.code, Message.objects.filter(state="held").count()) == ("wrong_type", 1)
    assert there.names("out") == []

    shipment = {
        "number": "S-1", "site": "RNO1", "order_number": "0017", "status": "complete",
        "shipped_at": "2026-03-04T18:00:00Z", "tracking": ["1Z999", "1Z998"],
        "lines": [{"sku": "TENT-2P", "ordered": "2", "shipped": "2", "uom": "EA"}],
    }  # fmt: skip
    pipeline.store(warehouse, shipment, object_type="shipment")
    pipeline.run(kestrel.harbor)
    assert there.names("in") == ["sendung_S-1_000000001.xml"], pipeline.story()
    text = there.body("in/sendung_S-1_000000001.xml").decode()
    assert (
        '<Sendung nummer="S-1"><Auftrag>0017</Auftrag><Paket>1Z999</Paket><Paket>1Z998</Paket>'
        in text
    )
