"""From an endpoint's page to the system's own, and back with somebody's yes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from auditlog.models import LogEntry
from django.test import Client

from integrations.domain import onboarding
from integrations.models import Authorisation, Endpoint, OnboardingRun
from portal.core import clock
from portal.core.secrets import Secret, encrypt
from tests import pipeline
from tests.connectors.conformance import SECRET_MARK
from tests.connectors.token_server import TokenServer
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db

ERP = "/endpoints/erp/"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


@pytest.fixture
def erp(kestrel: Site, server: TokenServer) -> Endpoint:
    return pipeline.endpoint(
        kestrel.harbor,
        "erp",
        label="Harbor ERP",
        settings={
            "url": server.url,
            "token_url": server.token_url,
            "authorise_url": f"{server.url}/authorize",
            "grant": "authorisation-code",
            "client_id": "portal",
        },
        secrets={"client_secret": SECRET_MARK},
    )


@pytest.fixture
def engineer(kestrel: Site) -> Client:
    return sign_in(kestrel, "engineer")


def sent_to(client: Client) -> str:
    answer = client.get(f"{ERP}authorise/")
    assert answer.status_code == 302
    return str(answer["Location"])


def come_back(client: Client, address: str) -> Any:
    """The browser follows the system's answer to our own address."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def test_the_page_says_that_nobody_authorised_us_and_leads_there(
    engineer: Client, erp: Endpoint
) -> None:
    shown = page(engineer.get(ERP)).select_one("#authorised")
    assert "not authorised" in shown.text
    assert shown.select_one("a")["href"] == f"{ERP}authorise/"
    assert "http://kestrel.localhost/endpoints/erp/authorise/back/" in shown.text


def test_somebody_goes_there_says_yes_and_comes_back(
    engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    away = sent_to(engineer)
    assert away.startswith(f"{server.url}/authorize?")
    answer = come_back(engineer, server.say_yes(away))
    assert answer.redirect_chain == [(ERP, 302)]
    assert "Harbor ERP lets us in" in answer.content.decode()
    assert SECRET_MARK not in answer.content.decode()
    shown = page(engineer.get(ERP)).select_one("#authorised")
    assert "by Engineer" in shown.text
    assert texts(shown, "a") == ["Authorise anew"]
    assert server.granted[0].form["redirect_uri"] == (
        "http://kestrel.localhost/endpoints/erp/authorise/back/"
    )


def test_the_trail_says_who_authorised_us_when_and_where(
    kestrel: Site, engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    come_back(engineer, server.say_yes(sent_to(engineer)))
    come_back(engineer, server.say_yes(sent_to(engineer)))
    made, anew = LogEntry.objects.get_for_model(Authorisation).order_by("pk")
    assert [one.actor_email for one in (made, anew)] == ["engineer@kestrel.test"] * 2
    assert set(made.changes) == {"id", "endpoint", "made_by", "made_at"}
    assert set(anew.changes) == {"made_at"}
    told = " ".join(texts(page(sign_in(kestrel, "admin").get("/audit/?kind=authorisation")), "tr"))
    assert "Authorisation made endpoint Harbor ERP" in " ".join(told.split())
    assert "Authorised by Engineer" in told
    assert "Harbor Outfitters" in told
    assert server.token(1) not in str(made.changes)


def test_a_token_that_is_renewed_is_no_deed_of_a_person(
    engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    come_back(engineer, server.say_yes(sent_to(engineer)))
    row = Authorisation.objects.get()
    row.sealed, row.renewed_at = encrypt({"access": Secret("another")}), clock.now()
    row.save(update_fields=["sealed", "renewed_at"])
    assert LogEntry.objects.get_for_model(Authorisation).count() == 1


def test_an_answer_is_good_once_and_in_the_browser_that_began(
    kestrel: Site, engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    back = server.say_yes(sent_to(engineer))
    other = sign_in(kestrel, "engineer", email="other@kestrel.test")
    assert "This browser did not begin that" in come_back(other, back).content.decode()
    assert not Authorisation.objects.exists()
    come_back(engineer, back)
    assert "This browser did not begin that" in come_back(engineer, back).content.decode()
    assert Authorisation.objects.count() == 1
    assert len(server.granted) == 1


def test_an_answer_for_another_endpoint_is_none_for_this_one(
    kestrel: Site, engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    pipeline.endpoint(kestrel.harbor, "wms", settings={**erp.settings, "client_id": "other"})
    back = server.say_yes(sent_to(engineer)).replace("/erp/", "/wms/")
    assert "This browser did not begin that" in come_back(engineer, back).content.decode()
    assert not Authorisation.objects.exists()


def test_a_no_is_told(engineer: Client, erp: Endpoint, server: TokenServer) -> None:
    back = server.say_yes(sent_to(engineer)) + "&error=access_denied&error_description=<b>No</b>"
    said = come_back(engineer, back).content.decode()
    assert "Not authorised. The token server 127.0.0.1 says access_denied" in said
    assert "<b>No</b>" not in said


def test_why_not_stands_beside_the_authorisation_and_is_said_once(
    engineer: Client, erp: Endpoint, server: TokenServer
) -> None:
    back = server.say_yes(sent_to(engineer)) + "&error=access_denied"
    soup = page(come_back(engineer, back))
    [said] = texts(soup, "#authorised [role=alert]")
    assert said.startswith("Not authorised. The token server 127.0.0.1 says access_denied")
    assert "access_denied" not in " ".join(texts(soup, ".toast"))
    assert texts(page(engineer.get(ERP)), "#authorised [role=alert]") == []


def test_ten_minutes_later_it_is_over(engineer: Client, erp: Endpoint, server: TokenServer) -> None:
    back = server.say_yes(sent_to(engineer))
    with clock.freeze(clock.now() + timedelta(minutes=11)):
        assert "longer than ten minutes" in come_back(engineer, back).content.decode()


def test_an_onboarding_goes_on_where_it_was_and_tries_what_was_allowed(
    engineer: Client, erp: Endpoint, server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = OnboardingRun.objects.create(
        customer_id=erp.customer_id, connector="http", label="ERP", endpoint=erp, started_by="Dana",
        done={"connector": "2026-03-02T14:00:00Z"},
    )  # fmt: skip
    step = f"/onboarding/{run.pk}/credentials/"
    soup = page(engineer.post(f"{step}test/", follow=True))
    assert "Nobody authorised us at the system yet. Authorise at the endpoint." in texts(
        soup, "#test li"
    )[2].removeprefix("key ")
    assert "key is wrong" not in soup.text
    assert "not authorised" in page(engineer.get(step)).select_one("#authorised").text
    tried: list[OnboardingRun] = []
    monkeypatch.setattr(onboarding, "try_connection", tried.append)
    answer = come_back(engineer, server.say_yes(sent_to(engineer)))
    assert answer.redirect_chain == [(step, 302)]
    assert tried == [run]
    assert "by Engineer" in page(engineer.get(step)).select_one("#authorised").text


def test_an_endpoint_that_is_not_ready_says_why(engineer: Client, erp: Endpoint) -> None:
    erp.settings = {**erp.settings, "authorise_url": "ftp://127.0.0.1/"}
    erp.save()
    answer = engineer.get(f"{ERP}authorise/", follow=True)
    assert answer.redirect_chain == [(ERP, 302)]
    assert "no http or https address" in answer.content.decode()


def test_other_endpoints_show_nothing_of_it(kestrel: Site, engineer: Client) -> None:
    pipeline.endpoint(kestrel.harbor, "erp", settings={})
    assert page(engineer.get(ERP)).select_one("#authorised") is None
    assert engineer.get("/endpoints/nobody/authorise/").status_code == 404
    assert engineer.get("/endpoints/nobody/authorise/back/").status_code == 404


def test_whoever_may_only_look_is_sent_nowhere(kestrel: Site, erp: Endpoint) -> None:
    viewer = sign_in(kestrel, "operator")
    assert viewer.get(f"{ERP}authorise/").status_code == 403
    assert viewer.get(f"{ERP}authorise/back/").status_code == 403
    shown = page(viewer.get(ERP)).select_one("#authorised")
    assert shown.select_one("a") is None


def test_a_partner_reaches_no_endpoint_of_another(aurora: Site, erp: Endpoint) -> None:
    stranger = sign_in(aurora, "engineer")
    assert stranger.get(f"{ERP}authorise/").status_code == 404
