"""When the truck leaves a warehouse: where it is shown, and where it is entered."""

import pytest

from integrations.models import Endpoint, OnboardingRun
from tests.connectors.x12.server import USER, Server
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def server():
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def run(kestrel, engineer):
    engineer.post("/onboarding/new/", {"customer": "harbor", "connector": "x12", "label": "Reno"})
    return OnboardingRun.objects.get()


@pytest.fixture
def entered(server):
    return {
        "host": "127.0.0.1", "port": server.port, "user": USER, "password": "pw",
        "host_key": server.host_key_line, "drop_folder": "in", "pick_up_folder": "out",
        "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "P", "site": "RNO1",
        "characters": "extended", "charset": "utf-8", "w76_basis": "eaches",
    }  # fmt: skip


def test_an_endpoint_says_when_its_truck_leaves(harbor, engineer):
    harbor.warehouse.pickup = {"time": "14:00", "zone": "America/Denver", "transit_days": 1}
    harbor.warehouse.save()
    told = "14:00 America/Denver, mon-fri, 1 working day to the door"
    assert told in page(engineer.get("/endpoints/northwind/")).text
    assert f"pickup {told}" in page(engineer.get("/customers/harbor/documentation/")).text
    assert "Pickup" not in page(engineer.get("/endpoints/shop/")).text


def test_a_pickup_without_a_zone_is_in_that_of_the_customer(harbor, engineer):
    harbor.warehouse.customer.time_zone = "Europe/Oslo"
    harbor.warehouse.customer.save()
    harbor.warehouse.pickup = {"time": "09:30", "days": "mon-sat"}
    harbor.warehouse.save()
    told = "09:30 Europe/Oslo, mon-sat, 3 working days to the door"
    assert told in page(engineer.get("/endpoints/northwind/")).text


def test_it_is_entered_with_the_credentials_of_a_warehouse(run, engineer, entered):
    address = f"/onboarding/{run.pk}/credentials/"
    given = {"pickup-time": "14:00", "pickup-days": "mon-sat", "pickup-transit_days": "2"}
    assert engineer.post(address, {**entered, **given}).status_code == 302
    made = Endpoint.objects.get()
    assert (made.site, made.pickup) == (
        "RNO1", {"time": "14:00", "days": "mon-sat", "transit_days": 2},
    )  # fmt: skip
    shown = page(engineer.get(address))
    values = {
        field["name"]: field.get("value", "") for field in shown.select("input[name^=pickup-]")
    }
    assert values == {
        "pickup-time": "14:00", "pickup-zone": "", "pickup-days": "mon-sat",
        "pickup-transit_days": "2",
    }  # fmt: skip
    assert engineer.post(address, entered).status_code == 302
    made.refresh_from_db()
    assert made.pickup == {}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pickup-time": "2 pm"}, ["Pickup : Enter a valid time."]),
        ({"pickup-days": "mon-fri"}, ["Pickup : Write the time of the pickup like 14:00."]),
        ({"pickup-time": "14:00", "pickup-zone": "Denver"},
         ["Time zone of the pickup : There is no time zone Denver. Use one like America/Denver."]),
        ({"pickup-time": "14:00", "pickup-transit_days": "61"},
         ["Days on the way : The days on the way are 0 to 60."]),
        ({"pickup-time": "14:00", "site": ""},
         ["Pickup : A pickup is that of a site. Give the site its code."]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said(run, engineer, entered, given, told):
    answer = engineer.post(f"/onboarding/{run.pk}/credentials/", {**entered, **given})
    assert answer.status_code == 422
    answer.status_code = 200
    assert texts(page(answer), ".error-summary p") == told
    assert not Endpoint.objects.exists()
