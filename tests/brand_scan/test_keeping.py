"""A scan that somebody asked for, and its page."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from integrations.door import app as door_app
from portal.accounts.models import Person, Role, Session
from portal.jobs.models import Wake
from portal.pages.brand_scan import keeping, scanning
from portal.pages.brand_scan.scanning import STEPS
from portal.tenants.models import BrandScan, Partner
from tests.people import Site

pytestmark = pytest.mark.db

QUICK = ("door", "outgoing")


@pytest.fixture
def partner(kestrel: Site) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two steps only."""
    steps = {name: STEPS[name] for name in QUICK}
    for module in ("scanning", "keeping"):
        monkeypatch.setattr(f"portal.pages.brand_scan.{module}.STEPS", steps)
    monkeypatch.setattr("portal.pages.views.brand_scan.STEPS", steps)
    monkeypatch.setattr("portal.pages.management.commands.scan_brand.STEPS", steps)


def page(client: Client, **headers: str) -> BeautifulSoup:
    answer = client.get("/brand/scan/", headers=headers)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_a_scan_is_asked_for_taken_step_by_step_and_told(
    admin: Client, partner: Partner, quick: None, django_capture_on_commit_callbacks: Any
) -> None:
    assert "Nothing was checked yet" in text(page(admin))
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post("/brand/scan/").status_code == 302
    assert Wake.objects.filter(schema="kestrel", kind="brand_scan").exists()
    assert page(admin).select_one("#brand-scan[hx-get]")
    assert "Looking at" in text(page(admin, hx_request="true"))
    assert keeping.go_on()
    assert page(admin).select_one("progress")["value"] == "1"
    assert keeping.go_on()
    shown = page(admin)
    assert "Nothing of anybody else’s is seen" in text(shown)
    assert "asked for by Admin" in text(shown)
    assert shown.select_one("#brand-scan[hx-get]") is None
    assert admin.get("/brand/scan/", headers={"hx-request": "true"})["HX-Refresh"] == "true"
    assert not keeping.go_on()


def test_a_second_one_does_not_begin_while_one_is_at_work(
    admin: Client, partner: Partner, quick: None
) -> None:
    assert keeping.begin(partner, by="Ada")
    keeping.go_on()
    assert not keeping.begin(partner, by="Grace")
    assert BrandScan.objects.get(partner=partner).done == ["door"]
    keeping.go_on()
    assert keeping.begin(partner, by="Grace")
    assert BrandScan.objects.get(partner=partner).done == []


def test_each_leak_is_told_with_what_to_do(
    admin: Client, partner: Partner, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door_app.REFUSALS, "busy", "Crossdock is busy.")
    keeping.begin(partner, by="Ada")
    while keeping.go_on():
        pass
    shown = text(page(admin))
    assert "Something of somebody else’s is seen" in shown
    assert "busy The door for documents · text Crossdock the vendor’s name" in shown
    assert "send these lines to whoever runs your platform" in shown


def test_a_step_that_ends_its_worker_is_not_taken_twice_and_is_told(
    admin: Client, partner: Partner, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.begin(partner, by="Ada")
    BrandScan.objects.update(at_work="door")  # and then nothing more was heard
    while keeping.go_on():
        pass
    own = BrandScan.objects.get(partner=partner)
    assert (own.done, own.unfinished) == (["outgoing"], ["door"])
    assert "Not looked at to the end: The door for documents" in text(page(admin))
    assert "Nothing of anybody else’s is seen" not in text(page(admin))


def test_a_customers_people_may_not_ask_for_one(viewer: Client) -> None:
    assert viewer.get("/brand/scan/").status_code == 403
    assert viewer.post("/brand/scan/").status_code == 403


def test_looking_changes_nothing(house: Partner) -> None:
    def state() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM auditlog_logentry")
            logged = cursor.fetchone()
        return [logged, *(model.objects.count() for model in (Person, Role, Session, Wake))]

    before = state()
    for step in ("doors", "api"):
        scanning.look(step)
    assert state() == before
    assert connection.schema_name == "kestrel"


def test_the_command_says_what_it_saw_and_fails_where_there_is_a_leak(
    kestrel: Site, quick: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("scan_brand", partner="kestrel")
    lines = capsys.readouterr().out.splitlines()
    assert next(line.split() for line in lines if line.startswith("The door"))[-1] == "0"
    monkeypatch.setitem(door_app.REFUSALS, "busy", "Crossdock is busy.")
    with pytest.raises(CommandError, match="kestrel: 1 leaks, 0 pages that fail") as failed:
        call_command("scan_brand", partner="kestrel")
    assert failed.value.returncode == 1
    assert "The door for documents: busy: word 'Crossdock' in text" in capsys.readouterr().out


def test_the_command_knows_no_partner_that_there_is_not(db: None) -> None:
    with pytest.raises(CommandError, match="There is no partner 'nobody'"):
        call_command("scan_brand", partner="nobody")
