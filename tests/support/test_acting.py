"""A browser that acts as a customer's person: it may look, and nothing else, for as long as it lasts."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from portal.pages import matrix
from portal.support.domain import acting
from tests.pages.test_permissions import sample
from tests.support.conftest import WHY, begun, looked

pytestmark = [pytest.mark.db, pytest.mark.long]

ADDRESSES = matrix.addresses("portal.urls")
OPEN = {"/home/", "/orders/", "/stock/", "/shipments/", "/returns/", "/trade-invoices/", "/questions/",
        "/service/", "/bills/"}  # fmt: skip
ENDING = {"/support/end/", "/theme/", "/logout/"}


def test_the_banner_stands_on_every_page_and_the_rest_is_the_customers(house):
    access = begun(house)
    page = house.ana_client.get("/orders/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "You act as Vera of Harbor Outfitters for Ana Ruiz, until" in words
    assert WHY in words
    assert "End now" in words
    assert "/desk/" not in page
    assert looked(access) == [("Orders", "/orders/")]


def test_links_to_what_is_theirs_alone_are_hidden(house):
    def personal(client):
        links = BeautifulSoup(client.get("/orders/").content, "html.parser").select("header a")
        return {"/you/", "/notifications/"} & {link["href"] for link in links}

    vera = Client(HTTP_HOST=house.site.host)
    vera.force_login(house.vera, backend="portal.accounts.backends.EmailBackend")
    assert personal(vera) == {"/you/", "/notifications/"}
    begun(house)
    assert personal(house.ana_client) == set()


def test_it_can_be_ended_on_a_page_that_refuses(house):
    begun(house)
    answer = house.ana_client.get("/you/")
    form = BeautifulSoup(answer.content, "html.parser").select_one(".acting form")
    assert form["action"] == "/support/end/"
    assert form.select_one("[name=csrfmiddlewaretoken]")["value"]


@pytest.mark.parametrize("path", sorted(OPEN))
def test_what_may_be_looked_at_opens(house, path):
    begun(house, whom=house.hanna)
    assert house.ana_client.get(path).status_code == 200


def test_every_other_address_is_refused_to_look_at(house):
    begun(house, whom=house.hanna)
    wrong = []
    for address in ADDRESSES:
        name = getattr(address.view, "__name__", "")
        is_looked_at = (
            set(address.permissions) & acting.MAY and address.pattern != "/notifications/"
        )
        if address.pattern in ENDING or is_looked_at or address.method:
            continue
        status = house.ana_client.get(sample(address.pattern)).status_code
        if (
            status != 403
            and address.pattern not in {"/", "/rail/", "/brand.css"}
            and (not address.pattern.startswith(("/brand/logo", "/brand/icon", "/legal/")))
        ):
            wrong.append((address.pattern, name, status))
    assert wrong == []


def test_nothing_can_be_posted_anywhere(house):
    begun(house, whom=house.hanna)
    wrong = []
    for address in ADDRESSES:
        if address.pattern in ENDING:
            continue
        for verb in ("post", "put", "patch", "delete"):
            status = getattr(house.ana_client, verb)(sample(address.pattern)).status_code
            if status not in (403, 405):
                wrong.append((verb, address.pattern, status))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    ["/you/", "/notifications/", "/you/security/", "/you/sessions/", "/you/security/app/", "/colleagues/", "/privacy/",
     "/tokens/", "/people/", "/support/", "/audit/", "/api/v1/customers/", "/api/docs/", "/login/"],
)  # fmt: skip
def test_secrets_people_and_access_are_refused_in_words(house, path):
    access = begun(house, whom=house.hanna)
    answer = house.ana_client.get(path)
    assert answer.status_code == 403
    assert looked(access) == []
    if not path.startswith("/api/v1"):
        assert "theirs alone" in answer.content.decode()


def test_the_rows_are_those_of_the_customer(house):
    from tests.pages import scenery

    scenery.with_warehouse(scenery.business(house.site.harbor))
    begun(house)
    ana_sees = house.ana_client.get("/orders/").content
    vera = Client(HTTP_HOST=house.site.host)
    vera.force_login(house.vera, backend="portal.accounts.backends.EmailBackend")
    assert house.vera.customer_id == house.site.harbor
    assert ana_sees.count(b"<tr") == vera.get("/orders/").content.count(b"<tr")


@pytest.mark.parametrize(
    "said", [{}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"},
             {"X-Requested-With": "XMLHttpRequest"}, {"Purpose": "prefetch"},
             {"Accept": "application/pdf"}],
)  # fmt: skip
def test_nothing_a_browser_says_hides_a_look(house, said):
    access = begun(house, whom=house.hanna)
    for path in ("/orders/", "/stock/", "/bills/"):
        assert house.ana_client.get(path, headers=said).status_code == 200
    seen = [("Orders", "/orders/"), ("Stock", "/stock/"), ("Bills", "/bills/")]
    assert looked(access) == seen


def test_a_head_and_a_file_are_looks_too(house):
    access = begun(house, whom=house.hanna)
    assert house.ana_client.head("/orders/").status_code == 200
    assert house.ana_client.get("/stock/stock.csv").status_code == 200
    assert looked(access) == [("Orders", "/orders/"), ("Stock as a file", "/stock/stock.csv")]


def test_a_part_that_renews_itself_is_told_once_a_minute(house):
    access = begun(house)
    told = [("Today", "/home/orders/")]
    for _ in range(3):
        assert house.ana_client.get("/home/orders/").status_code == 200
    house.clock.move(59)
    house.ana_client.get("/home/orders/?other=1")
    assert looked(access) == told
    house.clock.move(1)
    house.ana_client.get("/home/orders/")
    house.ana_client.get("/rail/")
    assert looked(access) == [*told, *told, ("Menu", "/rail/")]


def test_pages_that_are_asked_for_twice_are_told_twice(house):
    access = begun(house)
    for _ in range(2):
        house.ana_client.get("/orders/", headers={"HX-Request": "true"})
    assert looked(access) == [("Orders", "/orders/")] * 2


def test_what_is_the_same_for_everybody_is_no_look(house):
    access = begun(house)
    assert house.ana_client.get("/brand.css").status_code == 200
    assert looked(access) == []
