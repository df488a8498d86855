"""What every answer tells browsers, whatever answered: pages, files, errors, the API, the door."""

import asyncio
import re
from importlib import import_module

import pytest
from django.test import Client, override_settings
from django.urls import path
from django.utils.module_loading import import_string

from integrations.connectors.inbound import Refused
from integrations.door.app import Door
from portal.core.bodies import Bodies
from portal.pages import matrix
from tests.api.asking import program
from tests.isolation.marks import mark
from tests.people import sign_in
from tests.security import filling
from tests.security.visiting import ask

pytestmark = [pytest.mark.db, pytest.mark.long]

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KEPT = ("/static/", "/brand.css", "/brand/icon-", "/brand/logo-", "/api/docs/", "/legal/")


def faults(answer) -> list[str]:
    """What is wrong with the headers of an answer."""
    found = [
        f"{name}: {answer.headers.get(name)}" for name, value in ALWAYS.items()
        if answer.headers.get(name) != value
    ]  # fmt: skip
    found += policy_faults(answer.headers.get("Content-Security-Policy", ""))
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if "Access-Control-Allow-Origin" in answer.headers:
        found.append("another site may read it")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("it names what answers")
    return found


def policy_faults(policy: str) -> list[str]:
    """Of a Content-Security-Policy. Styles in place are for what runs nothing: mails and drawings."""
    rules = {
        name: sources
        for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";"))
    }
    if "sandbox" in rules and rules["sandbox"] == "" and rules.get("default-src") == "'none'":
        policy = policy.replace("style-src 'unsafe-inline'", "")
    found = [f"no {name}" for name in ("default-src",) if name not in rules]
    found += [one for one in ("unsafe-inline", "unsafe-eval", "*", "http:") if one in policy]
    if "data:" in " ".join(s for name, s in rules.items() if name != "img-src"):
        found.append("data: beyond pictures")
    if "sandbox" not in rules and not rules.get("frame-ancestors"):
        found.append("anybody may frame it")
    if rules.get("default-src") != "'none'" and not {
        "base-uri",
        "form-action",
        "object-src",
    } <= set(rules):
        found.append("base, forms or objects are open")
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_address_of_a_site_says_what_browsers_may_do(site, planted, method):
    admin = sign_in(site, "admin")
    asked, wrong = 0, []
    for client in (admin, Client(HTTP_HOST=site.host)):
        for address in filling.addresses("portal.urls", planted):
            if address.method not in ("", method):
                continue
            answer = ask(client, address.path, method)
            asked += 1
            wrong += [(answer.status, address.path, *found) for found in [faults(answer)] if found]
            kept = answer.headers.get("Cache-Control", "")
            is_data = answer.status == 200 and not address.path.startswith(KEPT)
            if is_data and not re.search(r"no-store|private, no-cache", kept):
                wrong.append((address.path, f"kept: {kept}"))
    assert asked > 500
    assert wrong == []


def test_every_address_of_the_console_does_so_too(db):
    nobody = Client(HTTP_HOST="platform.localhost")
    for address in matrix.addresses("portal.urls_platform"):
        answer = ask(nobody, filling.filled(address.pattern, {}))
        assert faults(answer) == [], address.pattern


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("kestrel.localhost", "/static/css/base.css"),
        ("kestrel.localhost", "/static/js/theme.js"),
        ("kestrel.localhost", "/static/nothing.js"),
        ("kestrel.localhost", "/nothing/at/all/"),
        ("kestrel.localhost", "/api/v1/nothing/"),
        ("kestrel.localhost", "/api/v1/orders/%00"),
        ("kestrel.localhost", "/tls/ask?domain=evil.example"),
        ("nobody.example", "/"),
        ("nobody.example", "/api/v1/me/"),
    ],
)
def test_files_and_refusals_do_so_too(kestrel, host, asked):
    assert faults(ask(Client(HTTP_HOST=host), asked)) == []


def test_the_page_of_an_error_of_ours_does_so_too(kestrel, monkeypatch):
    def broken(request):
        raise RuntimeError("secret words")

    broken.required_permissions = ("open",)
    monkeypatch.setattr(import_module("portal.urls"), "urlpatterns",
                        [path("broken/", broken), *import_module("portal.urls").urlpatterns])  # fmt: skip
    with override_settings(ROOT_URLCONF="portal.urls"):
        from django.urls import clear_url_caches

        clear_url_caches()
        client = Client(HTTP_HOST=kestrel.host, raise_request_exception=False)
        answer = ask(client, "/broken/")
        monkeypatch.undo()
        clear_url_caches()
    assert answer.status == 500
    assert faults(answer) == []
    assert b"secret words" not in answer.body


def test_a_programs_answers_do_so_too(site, planted):
    app = program(site)
    for asked in ("me/", f"endpoints/{mark('kestrel', 'harbor')}/", "nothing/", "customers/"):
        answer = ask(app.client, f"/api/v1/{asked}")
        assert faults(answer) == [], asked
        assert (
            "no-cache" in answer.headers["Cache-Control"]
            or "no-store" in answer.headers["Cache-Control"]
        )


def test_the_door_does_so_too(monkeypatch):
    door, sent = Door("", Bodies(most=10)), []

    async def refused(*_):
        raise Refused(404, "address", "No endpoint takes documents at this address.")

    async def nothing(*_):
        return None

    monkeypatch.setattr(door, "_open_once", nothing)
    monkeypatch.setattr(door, "_take", refused)

    async def send(event):
        sent.append(event)

    asyncio.run(door({"path": "/in/a/b", "method": "POST", "headers": []}, nothing, send))
    headers = dict(sent[0]["headers"])
    assert sent[0]["status"] == 404
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cache-control"] == b"no-store"
    assert b"default-src 'none'" in headers[b"content-security-policy"]


def test_over_tls_browsers_never_go_back_to_plain_http(kestrel, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client = Client(HTTP_HOST=kestrel.host)
    for asked in ("/login/", "/static/css/base.css", "/api/v1/me/", "/nothing/"):
        safe = ask(client, asked, HTTP_X_FORWARDED_PROTO="https")
        assert safe.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in ask(client, asked).headers


def test_https_switches_on_all_that_belongs_to_it():
    """What settings make of one variable, in a process of its own."""
    import os
    import subprocess
    import sys

    script = (
        "from portal import settings as s\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,"
        " s.SECURE_PROXY_SSL_HEADER is not None)"
    )
    environment = {**os.environ, "CROSSDOCK_HTTPS": "1"}
    said = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    assert said.stdout.split() == ["True", "True", "31536000", "True"], said.stderr


def test_cookies_are_for_the_server_and_for_this_site(kestrel, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    from tests.people import PASSWORD

    sign_in(kestrel, "operator", email="ada@kestrel.test")
    client = Client(HTTP_HOST=kestrel.host)
    client.get("/login/")
    client.post("/login/", {"username": "ada@kestrel.test", "password": PASSWORD})
    client.post("/you/", {"name": "Ada", "time_zone": "UTC"})
    client.post("/theme/", {"theme": "dark"})
    cookies = dict(client.cookies)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "theme"} <= set(cookies)
    # Scripts read the theme, and the page that tries the API reads the token to send it along.
    for name, cookie in cookies.items():
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert cookie["secure"], name
        assert not cookie["domain"], name
        assert cookie["httponly"] or name in ("theme", settings.CSRF_COOKIE_NAME), name


def test_the_rules_stand_around_everything(settings):
    assert settings.MIDDLEWARE[:2] == [
        "django.middleware.security.SecurityMiddleware", "portal.pages.middleware.BrowserRules",
    ]  # fmt: skip
    assert import_string(settings.MIDDLEWARE[1])
