"""Another site's page cannot make a browser act here, nor lead anybody away from here."""

import json
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from portal.pages import matrix
from tests.api.asking import token
from tests.people import PASSWORD, sign_in
from tests.security import filling

pytestmark = [pytest.mark.db, pytest.mark.long]

# Asked with what stands in their own address or header, never with a browser's session.
WITHOUT_TOKEN = {"/unsubscribe/<str:token>/"}
BY_KEY = {"/api/usage/"}
EVIL = [
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "http:evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,<script>", "/%09/evil.example", "//evil.example\\@kestrel.localhost",
    "https://kestrel.localhost@evil.example/", "https://kestrel.localhost.evil.example/", "evil.example",
    "//kestrel.localhost:80@evil.example/", "/\x00/evil.example", "ftp://evil.example", " //evil.example",
    "\u2028//evil.example", "/／evil.example", "https:/evil.example",
]  # fmt: skip


def strict(site, person: Client) -> Client:
    client = Client(enforce_csrf_checks=True, HTTP_HOST=site.host)
    client.cookies = person.cookies
    return client


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_changed_without_the_token_of_a_form(kestrel, method):
    client, wrong, asked = strict(kestrel, sign_in(kestrel, "admin")), [], 0
    for address in matrix.addresses("portal.urls"):
        if address.pattern in WITHOUT_TOKEN | BY_KEY or address.method not in ("", method):
            continue
        path = filling.filled(address.pattern, {})
        answer = client.generic(method, path, b"{}", content_type="application/json")
        asked += 1
        if answer.status_code not in ((403,) if method == "POST" else (403, 405)):
            wrong.append((path, answer.status_code))
    assert asked > 250
    assert [one for one in wrong if not is_not_a_method(client, one, method)] == []


def is_not_a_method(client: Client, found: tuple[str, int], method: str) -> bool:
    """The API says 405 before it asks for anything: there is nothing to forge."""
    return found[1] == 405 and found[0].startswith("/api/")


def test_a_token_of_another_session_opens_no_form(kestrel):
    client, other = strict(kestrel, sign_in(kestrel, "admin")), Client(HTTP_HOST=kestrel.host)
    other.get("/login/")
    foreign = other.cookies["csrftoken" if "csrftoken" in other.cookies else "csrf_token"].value
    answer = client.post("/you/", {"csrfmiddlewaretoken": foreign, "time_zone": "UTC"})
    assert answer.status_code == 403


def test_what_is_exempt_is_known_by_name():
    """A new address that takes posts without the token has to be added here, with the reason above."""
    exempt = {
        address.pattern
        for urlconf in ("portal.urls", "portal.urls_platform")
        for address in matrix.addresses(urlconf)
        if getattr(address.view, "csrf_exempt", False)
        and not address.pattern.startswith("/api/v1/")
    }
    assert exempt == WITHOUT_TOKEN | BY_KEY


def test_every_operation_of_the_api_asks_a_browser_for_it():
    from portal.api.authentication import TokenOrSession

    for address in matrix.addresses("portal.urls"):
        if address.pattern.startswith("/api/v1/") and (kind := getattr(address.view, "cls", None)):
            assert kind.authentication_classes == [TokenOrSession], address.pattern


def test_a_program_with_a_token_needs_none_and_its_cookie_does_not_count(kestrel):
    text = token(kestrel)[1]
    client = Client(
        enforce_csrf_checks=True,
        HTTP_HOST=kestrel.host,
        headers={"Authorization": f"Bearer {text}"},
    )
    answer = client.post("/api/v1/customers/", json.dumps({}), content_type="application/json")
    assert answer.status_code == 405 or answer.json()["type"].endswith(("invalid", "unreadable"))


def leads_away(answer) -> bool:
    """As a browser reads it: backslashes are slashes, tabs and line breaks are nothing."""
    location = answer.headers.get("Location", "")
    read = "".join(c for c in location.strip() if c not in "\t\r\n").replace("\\", "/")
    parts = urlsplit(read)
    return bool(parts.scheme and parts.scheme not in ("http", "https")) or (
        (parts.netloc not in ("", "kestrel.localhost")) or read.startswith("//")
    )


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_leads_nowhere_else(kestrel, evil):
    sign_in(kestrel, "operator", email="ada@kestrel.test")
    client = Client(HTTP_HOST=kestrel.host)
    login = {"username": "ada@kestrel.test", "password": PASSWORD, "next": evil}
    assert not leads_away(client.post(f"/login/?next={quote(evil)}", login))
    assert not leads_away(client.get(f"/login/?next={quote(evil)}"))
    for asked in ("/you/security/confirm/", "/login/code/", "/logout/"):
        for answer in (
            client.post(f"{asked}?next={quote(evil)}", {"next": evil, "password": PASSWORD}),
            client.get(f"{asked}?next={quote(evil)}"),
        ):
            assert not leads_away(answer), asked


@pytest.mark.parametrize("evil", EVIL)
def test_the_page_one_comes_from_does_not_lead_away(kestrel, evil):
    admin = sign_in(kestrel, "admin")
    referer = evil.replace("\n", "").replace("\x00", "").encode("ascii", "ignore").decode()
    for client in (admin, Client(HTTP_HOST=kestrel.host)):
        for asked in ("/theme/", "/desk/take/", "/brand/publish/", "/orders/"):
            answer = client.post(asked, {"theme": "dark"}, headers={"referer": referer})
            assert not leads_away(answer), asked


WORDS = (
    "next",
    "url",
    "return",
    "return_to",
    "redirect",
    "redirect_to",
    "back",
    "goto",
    "continue",
    "to",
)


@pytest.mark.parametrize("evil", EVIL[:2])
def test_no_address_follows_a_parameter_of_the_request(kestrel, evil):
    """Every page, with every usual name of such a parameter."""
    admin, wrong = sign_in(kestrel, "admin"), []
    query = "&".join(f"{word}={quote(evil)}" for word in WORDS)
    for address in matrix.addresses("portal.urls"):
        if address.method or address.pattern == "/logout/":
            continue
        path = filling.filled(address.pattern, {})
        if leads_away(admin.get(f"{path}?{query}")):
            wrong.append(path)
    assert wrong == []


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example/", "//evil.example/%2e%2e", "/%5cevil.example"]
)
def test_an_address_that_looks_like_a_host_is_a_page_that_is_not_there(kestrel, path):
    client = Client(HTTP_HOST=kestrel.host)
    assert not leads_away(client.get(path))
    assert not leads_away(client.get("/login", PATH_INFO=path))


@pytest.mark.parametrize("host", ["evil.example", "kestrel.localhost.evil.example", "kestrel.localhost@evil.example",
                                  "evil.example#kestrel.localhost"])  # fmt: skip
def test_a_host_of_somebody_elses_choice_reaches_nobody(kestrel, host):
    answer = Client(HTTP_HOST=host).get("/login/")
    assert answer.status_code in (400, 404)
    answer = Client(HTTP_HOST=kestrel.host, HTTP_X_FORWARDED_HOST=host).get("/orders/")
    assert "evil" not in answer.headers.get("Location", "")
