"""The vendor's name planted in every channel, and found in exactly that one."""

from collections.abc import Callable, Iterator
from typing import Any

import paramiko
import pytest
from django.template import engines
from django.template.loaders.locmem import Loader
from django.test import override_settings
from django_tenants.utils import schema_context

from integrations.door import app as door_app
from integrations.models import Endpoint, Record
from portal.core import problem_json
from portal.pages.brand_scan.scanning import STEPS, Result, look
from portal.pages.brand_scan.surface import CHANNELS
from portal.pages.middleware import BROWSER_RULES
from portal.tenants.mail_kinds import MAIL_KINDS
from portal.tenants.models import Partner
from tests.brand.conftest import publish
from tests.brand.logos import raster

pytestmark = [pytest.mark.db, pytest.mark.long]


def mark(channel: str) -> str:
    return f"Crossdock of {channel}!"


def added(function: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
    """A function whose result is changed on its way."""
    return lambda *given, **named: change(function(*given, **named))


def templates(monkeypatch: pytest.MonkeyPatch, **planted: str) -> None:
    """Put a comment into pages and mails: channel → the template and the words it is put before."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    sources = {}
    for channel, place in planted.items():
        name, _, before = place.partition(": ")
        source = engine.get_template(name).source
        assert before in source
        sources[name] = source.replace(before, f"<!-- {mark(channel)} -->{before}", 1)
    loaders = [Loader(engine, sources), *engine.template_loaders]
    monkeypatch.setattr(engine, "template_loaders", loaders)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, house: Partner) -> None:
    templates(
        monkeypatch,
        staff='customers/customers.html: <div class="list"',
        customer="customer/stock.html: <h1>",
        open="errors/refused.html: <h1>",
        mails="emails/frame.txt: {% for line in brand.signature %}",
        api="api/docs.html: <h1",
    )

    def change(path: str, how: Callable[[Any], Any]) -> None:
        module, _, name = path.rpartition(".")
        monkeypatch.setattr(path, added(_got(module, name), how))

    change("portal.pages.views.site.stylesheet", lambda css: f"{css}/* {mark('files')} */")
    change("billing.documents.invoice_csv.csv_file", lambda body: body + mark("downloads").encode())
    change(
        "integrations.documents.certificate._data", lambda data: {**data, "title": mark("papers")}
    )
    change("portal.core.problem_json.content", lambda said: {**said, "by": mark("api_errors")})
    change(
        "portal.webhooks.domain.outbox.body_of", lambda body: body.replace("{", f'{{"{mark("webhooks")}":1,', 1)
    )  # fmt: skip
    monkeypatch.setitem(BROWSER_RULES, "Permissions-Policy", mark("headers"))
    monkeypatch.setitem(door_app.REFUSALS, "method", mark("door"))
    monkeypatch.setattr(paramiko.Transport, "_CLIENT_ID", mark("outgoing"))


def _got(module: str, name: str) -> Any:
    from importlib import import_module

    return getattr(import_module(module), name)


def whole() -> Result:
    result = Result()
    for step in STEPS:
        result.merge(look(step))
    return result


def test_the_name_is_found_in_every_channel_where_it_was_planted_and_in_no_other(
    planted: None,
) -> None:
    assert problem_json.content("not-found")["by"] == mark("api_errors")
    found = {channel: set[str]() for channel in CHANNELS}
    for leak, _ in whole().leaks:
        assert leak.kind == "word"
        found[leak.channel] |= {one for one in CHANNELS if mark(one) in leak.excerpt}
    assert found == {channel: {channel} for channel in CHANNELS}


@pytest.fixture
def platform(house: Partner) -> Iterator[None]:
    with override_settings(
        PLATFORM_DOMAIN="platform.net", EDGE_NAME="edge.platform.net",
        MAIL_FROM="noreply@platform.net",
    ):  # fmt: skip
        yield


def test_the_sender_of_the_platform_is_found_in_mails(platform: None) -> None:
    found = {(leak.kind, leak.found, leak.part) for leak, _ in look("mails").leaks}
    assert ("host", "platform.net", "header From") in found
    assert {kind for kind, _, _ in found} == {"host"}


def test_a_picture_of_the_platforms_is_found_in_mails_and_among_icons(house: Partner) -> None:
    picture = raster(colour="#aa1111")
    with schema_context("public"):
        publish(Partner.objects.get(schema_name="public"), logo=picture, name="Platform")
    assert look("mails").leaks == []
    publish(house, logo=picture)
    (told,) = look("mails").leaks
    assert (told.leak.kind, told.leak.part) == ("picture", "logo.png, picture")
    assert told.times > 5


def test_the_partners_own_words_are_read_like_everything_else(house: Partner) -> None:
    publish(house, mail_foot="Sent with Cross-Dock")
    leaks = look("mails").leaks
    assert {leak.found for leak, _ in leaks} == {"Cross-Dock"}
    assert {leak.channel for leak, _ in leaks} == {"mails"}


def test_pages_that_stand_between_a_partner_and_the_platform_are_looked_at(
    house: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates(monkeypatch, open="errors/closed.html: {% include")
    templates(monkeypatch, customer="components/acting.html: <aside")
    closed, acting = look("visitors"), look("support")
    assert {leak.channel for leak, _ in closed.leaks} == {"open"}
    assert closed.leaks_of("open") == 4  # suspended and archived, in two languages
    assert {leak.channel for leak, _ in acting.leaks} == {"customer"}
    assert acting.leaks_of("customer") > 20  # of the partner's and of the platform's people
    templates(monkeypatch, open="support/enter.html: <h1")
    assert look("doors").leaks_of("open") == 2


SPOKEN = "{% load i18n %}{% get_current_language as it %}{% if it == 'de' %}Crossdock {% endif %}"


def test_what_is_said_in_another_language_only_is_found(
    house: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    places = {
        "emails/frame.txt": "{% for line in brand.signature %}", "customer/stock.html": "<h1",
        "login.html": "<h1",
    }  # fmt: skip
    sources = {name: engine.get_template(name).source for name in places}
    assert all(before in sources[name] for name, before in places.items())
    changed = {
        name: sources[name].replace(before, f"{SPOKEN}{before}", 1)
        for name, before in places.items()
    }
    loaders = [Loader(engine, changed), *engine.template_loaders]
    monkeypatch.setattr(engine, "template_loaders", loaders)
    mails = look("mails")
    assert {leak.where.endswith(", Deutsch") for leak, _ in mails.leaks} == {True}
    assert mails.leaks_of("mails") == len(MAIL_KINDS)
    assert look("visitors").leaks_of("open") > 0
    assert look("customers").leaks_of("customer") > 0


def test_where_a_system_is_reached_is_data_of_who_entered_it_also_in_the_audit_log(
    house: Partner,
) -> None:
    endpoint = Endpoint.objects.order_by("pk").first()
    assert endpoint is not None
    for place in ("cross-dock", "cross-dock-2"):
        url = f"https://harbor.example/{place}/{'far/' * 30}"
        endpoint.settings = {**endpoint.settings, "url": url}
        endpoint.save()
    result = look("staff")
    assert result.leaks == []
    assert result.in_data > 2


def test_what_customers_systems_sent_is_no_leak(house: Partner) -> None:
    for record in Record.objects.all():
        body = {**record.body, "channel": "Reno cross-dock 4"}
        Record.objects.filter(pk=record.pk).update(body=body)
    result = look("api")
    assert result.leaks == []
    assert result.in_data > 0
