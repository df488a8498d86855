"""What people decide about their own pages."""

from datetime import UTC, datetime

import pytest

from portal.accounts.models import Person
from portal.core import clock
from tests.pages.scenery import page, texts

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
    assert soup.select_one("[name=time_zone] option[selected]")["value"] == "Europe/Paris"
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


def test_numbers_days_and_times_are_written_as_the_person_likes_them(operator, kestrel):
    with clock.freeze(datetime(2026, 3, 5, 17, 42, tzinfo=UTC)):
        operator.post("/you/", {"time_zone": "UTC", "numbers": "de", "days": "iso", "clock": "12"})
        soup = page(operator.get("/you/"))
        assert [texts(soup, f"[name={name}] option[selected]") for name in ("numbers", "days")] == [
            ["1.234,50"],
            ["2026-03-05"],
        ]
        assert texts(soup, "[name=clock] option[selected]") == ["1:05 pm"]
    assert soup.select_one(".rail-foot [data-zone]").text[-3:] in (" am", " pm")


def test_a_way_of_writing_there_is_not_is_refused(operator):
    answer = operator.post("/you/", {"time_zone": "", "numbers": "roman"})
    assert answer.status_code == 422
    assert Person.objects.get(email="operator@kestrel.test").numbers == ""


def test_a_customers_person_reads_the_language_they_chose_and_else_their_browsers(viewer):
    assert page(viewer.get("/you/")).html["lang"] == "en"
    german = viewer.get("/you/", headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    assert (page(german).html["lang"], german["Content-Language"]) == ("de", "de")
    viewer.post("/you/", {"language": "en"})
    chosen = viewer.get("/you/", headers={"accept-language": "de"})
    assert page(chosen).html["lang"] == "en"


def test_staff_read_english_whatever_their_browser_asks_for(operator):
    answer = operator.get("/desk/", headers={"accept-language": "de"})
    assert (page(answer).html["lang"], answer["Content-Language"]) == ("en", "en")
    assert page(operator.get("/you/")).select_one("[name=language]") is None
