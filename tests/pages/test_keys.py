"""A customer enters the keys of their own store by a link, without a login."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from integrations.domain import secret_links
from integrations.models import Endpoint, SecretLink
from portal.core import clock
from portal.core.links import LinkOverError, NoLinkError
from portal.core.secrets import decrypt
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in
from tests.scenarios import target
from tests.scenarios.target import Target

pytestmark = pytest.mark.db

KEYS = {"webhook_secret": "the new webhook secret", "token": "the new token"}


@pytest.fixture
def system() -> Iterator[Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def shop(kestrel: Site, system: Target) -> Endpoint:
    return pipeline.endpoint(kestrel.harbor, "shop", settings={"url": system.url})


@pytest.fixture
def token(shop: Endpoint) -> str:
    return secret_links.issue(shop, by="Dana Reyes", lasts=timedelta(hours=72))


@pytest.fixture
def customer(kestrel: Site) -> Client:
    return Client(HTTP_HOST=kestrel.host)


def said(answer: Any) -> str:
    """The words of the page, whatever its status."""
    return BeautifulSoup(answer.content, "html.parser").main.text


def entered(shop: Endpoint) -> dict[str, str]:
    link = SecretLink.objects.get()
    return {name: KEYS.get(name, f"value of {name}") for name in secret_links.wanted(link)}


def stored(shop: Endpoint) -> dict[str, Any]:
    shop.refresh_from_db()
    assert shop.secrets
    return {name: secret.reveal() for name, secret in decrypt(bytes(shop.secrets)).items()}


def test_the_page_says_who_asks_and_opening_it_uses_nothing_up(
    customer: Client, token: str, shop: Endpoint
) -> None:
    for _ in range(3):
        answer = customer.get(f"/keys/{token}/")
        assert answer.status_code == 200
    assert "Dana Reyes asks Harbor Outfitters" in said(answer)
    assert b"Crossdock" not in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"


def test_keys_that_work_are_kept_and_the_link_is_used_up(
    customer: Client, token: str, shop: Endpoint
) -> None:
    given = entered(shop)
    answer = customer.post(f"/keys/{token}/", given)
    assert "Thank you" in said(answer)
    assert stored(shop)["webhook_secret"] == KEYS["webhook_secret"]
    again = customer.post(f"/keys/{token}/", given)
    assert again.status_code == 410
    assert "it works once. Ask Dana Reyes" in said(again)


def test_keys_that_do_not_work_are_not_kept_and_the_link_stays(
    customer: Client, token: str, shop: Endpoint, system: Target
) -> None:
    system.status = 401
    before = stored(shop)
    answer = customer.post(f"/keys/{token}/", entered(shop))
    assert answer.status_code == 422
    assert "The connection does not work yet" in said(answer)
    assert stored(shop) == before
    assert secret_links.find(token).tries == 1


def test_ten_tries_end_a_link(customer: Client, token: str, shop: Endpoint, system: Target) -> None:
    system.status = 401
    for _ in range(10):
        customer.post(f"/keys/{token}/", entered(shop))
    assert customer.get(f"/keys/{token}/").status_code == 410


def test_an_expired_link_says_so(customer: Client, token: str) -> None:
    SecretLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    answer = customer.get(f"/keys/{token}/")
    assert answer.status_code == 410
    assert "This link has expired. Ask Dana Reyes" in said(answer)


def test_a_link_that_was_taken_back_says_so(customer: Client, token: str) -> None:
    secret_links.revoke(SecretLink.objects.get())
    assert customer.get(f"/keys/{token}/").status_code == 410


@pytest.mark.parametrize("change", ["x{}", "{}x", "nonsense"])
def test_a_token_with_another_letter_is_no_link(customer: Client, token: str, change: str) -> None:
    with pytest.raises(NoLinkError):
        secret_links.find(change.format(token))
    assert customer.get(f"/keys/{change.format(token)}/").status_code == 404


def test_the_database_holds_no_token(token: str) -> None:
    assert token not in str(list(SecretLink.objects.values()))


def test_a_used_link_cannot_be_used_by_somebody_who_waited_for_it(
    token: str, shop: Endpoint
) -> None:
    secret_links.use(token, entered(shop))
    with pytest.raises(LinkOverError, match="used already"):
        secret_links.use(token, entered(shop))


def test_an_engineer_makes_a_link_that_is_shown_once(kestrel: Site, shop: Endpoint) -> None:
    engineer = sign_in(kestrel, "engineer")
    made = page(engineer.post("/endpoints/shop/secret-links/", {"hours": "24"}))
    assert "/keys/" in made.text
    later = page(engineer.get("/endpoints/shop/secret-links/"))
    assert "/keys/" not in later.text
    assert texts(later, "tbody .status") == ["open"]


def test_who_may_not_manage_endpoints_makes_no_link(kestrel: Site, shop: Endpoint) -> None:
    assert sign_in(kestrel, "operator").get("/endpoints/shop/secret-links/").status_code == 403
