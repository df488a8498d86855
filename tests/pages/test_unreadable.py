"""Requests that no person's browser sends are refused in the site's own words."""

from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from portal.core.bodies import REFUSAL
from tests.pages.scenery import page
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.db
UNREADABLE = "This request cannot be read"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def visitor(kestrel):
    client = Client(HTTP_HOST=kestrel.host)
    client.raise_request_exception = False
    return client


def assert_refused(answer, status=400, title=UNREADABLE):
    assert answer.status_code == status
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.h1.text == title
    assert "Kestrel Point" in soup.select_one(".brand").text
    assert b"crossdock" not in answer.content.lower()
    assert b"django" not in answer.content.lower().replace(b"django_htmx", b"")


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/orders/", "/endpoints/", "/lookups/1/", "/login/", "/nothing/", "/brand.css"],
)
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=1&q=%00"])
def test_a_zero_in_an_address_is_refused(operator, address, query):
    operator.raise_request_exception = False
    assert_refused(operator.get(f"{address}?{query}"))


def test_a_zero_in_a_path_is_refused(operator):
    assert_refused(operator.get("/endpoints/a%00b/"))


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "theme", "messages", "other"])
def test_a_zero_in_a_cookie_is_refused(visitor, name):
    answer = visitor.get("/orders/", headers={"cookie": rf'{name}="\000abc"'})
    assert_refused(answer)


def test_a_zero_in_a_form_is_refused(kestrel, visitor):
    sign_in(kestrel, "operator")
    for fields in ({"username": "a\x00b"}, {"username": "a", "\x00": "b"}, {"next": "/\x00"}):
        assert_refused(visitor.post("/login/", {"password": PASSWORD, **fields}))
        form = "&".join(f"{k}={v}".replace("\x00", "%00") for k, v in fields.items())
        assert_refused(visitor.post("/login/", form, content_type=FORM))


def test_a_form_in_an_encoding_nobody_uses_is_refused_in_the_brand(visitor):
    answer = visitor.post("/login/", b"a=b", content_type=f"{FORM}; charset=utf-7")
    assert_refused(answer)


def test_a_form_with_too_many_fields_is_refused_in_the_brand(visitor):
    assert_refused(visitor.post("/login/", "a=1&" * 5100, content_type=FORM))


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (408, "This took too long to arrive"),
        (413, "This is too large"),
        (503, "Too much is arriving at once"),
    ],
)
def test_a_body_that_the_server_gave_up_on_is_refused_in_the_brand(visitor, status, title):
    scope = {"asgi.scope": {REFUSAL: status}}
    answer = visitor.post("/login/", {"username": "a"}, **scope)
    assert_refused(answer, status, title)
    assert answer.get("Retry-After") == ("5" if status == 503 else None)


@pytest.mark.parametrize("onward", ["%22", "home", "login", "x.y", "//evil.example", "/%5Cevil"])
def test_an_onward_address_that_is_none_of_ours_leads_home(operator, onward):
    assert operator.get(f"/login/?next={onward}").url == "/"


@pytest.mark.parametrize("onward", ["/orders/?q=7", "/desk/?case=3&x=%22"])
def test_who_is_signed_in_goes_on_to_where_they_wanted(operator, onward):
    assert operator.get(f"/login/?next={quote(onward)}").url == onward


def test_a_theme_chosen_from_nowhere_leads_somewhere(operator):
    for referer in ('"', "home", "x.y"):
        answer = operator.post("/theme/", {"theme": "dark"}, headers={"referer": referer})
        assert answer.status_code == 302


@pytest.mark.parametrize("address", ["/orders/", "/desk/", "/overview/", "/nothing/", "/"])
def test_no_page_behind_the_login_is_kept_by_a_browser_or_a_proxy(operator, visitor, address):
    for client in (operator, visitor):
        assert client.get(address)["Cache-Control"] == "private, no-store"


def test_the_login_is_not_kept_and_the_stylesheet_is(visitor):
    login = visitor.get("/login/")
    assert "no-store" in login["Cache-Control"]
    assert "private" in login["Cache-Control"]
    style = page(login).select_one("link[href^='/brand.css']")["href"]
    assert visitor.get(style)["Cache-Control"] == "public, max-age=31536000, immutable"
