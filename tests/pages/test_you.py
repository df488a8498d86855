"""What people decide about their own pages."""

import pytest

from portal.accounts.models import Person
from tests.pages.scenery import page, texts
from tests.pages.test_platform import staff

__all__ = ["staff"]

pytestmark = pytest.mark.db


def test_a_person_chooses_the_zone_of_their_times(operator, kestrel):
    operator.post("/you/", {"time_zone": "Asia/Tokyo", "single_keys": "on"})
    soup = page(operator.get("/you/"))
    assert soup.select_one(".rail-foot [data-zone]")["data-zone"] == "Asia/Tokyo"
    assert texts(soup, "#toasts .toast") == ["Your settings are saved"]
    assert soup.select_one("option[selected]")["value"] == "Asia/Tokyo"
    operator.post("/you/", {"time_zone": "", "single_keys": "on"})
    assert Person.objects.get(email="operator@kestrel.test").time_zone == ""


def test_single_keys_can_be_switched_off_and_on(operator):
    assert "data-keys" not in page(operator.get("/desk/")).html.attrs
    operator.post("/you/", {"time_zone": ""})
    assert page(operator.get("/desk/")).html["data-keys"] == "off"
    operator.post("/you/", {"time_zone": "", "single_keys": "on"})
    assert "data-keys" not in page(operator.get("/desk/")).html.attrs


def test_a_customers_person_has_a_zone_and_no_keys(viewer):
    soup = page(viewer.get("/you/"))
    assert soup.select_one("[name=single_keys]") is None
    viewer.post("/you/", {"time_zone": "Europe/Paris"})
    soup = page(viewer.get("/you/"))
    assert soup.select_one("option[selected]")["value"] == "Europe/Paris"
    assert "times in CE" in soup.select_one(".portal-person").text
    assert Person.objects.get(time_zone="Europe/Paris").single_keys


def test_platform_staff_have_the_same_page(staff):
    assert staff.post("/you/", {"time_zone": "Europe/Berlin"}).status_code == 302
    assert page(staff.get("/you/")).select_one(".rail-foot [data-zone]")["data-zone"] == (
        "Europe/Berlin"
    )


def test_a_zone_there_is_not_is_refused(operator):
    answer = operator.post("/you/", {"time_zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "There is no zone Mars/Base. Choose one of the list." in answer.content.decode()
    assert Person.objects.get(email="operator@kestrel.test").single_keys


def test_one_persons_settings_are_theirs_alone(operator, engineer):
    operator.post("/you/", {"time_zone": "Asia/Tokyo"})
    other = Person.objects.get(email="engineer@kestrel.test")
    assert (other.time_zone, other.single_keys) == ("", True)
