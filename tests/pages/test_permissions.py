"""Every address of both sites, asked by every role and by nobody."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.domain import tokens
from portal.accounts.models import Person, Role
from portal.accounts.roles import PARTNER_ROLES, PLATFORM_ROLES
from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN
from portal.pages import matrix
from tests import pipeline
from tests.api.asking import maker, program
from tests.people import Site, sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]

SAMPLES = {"uuid": "01980000-0000-7000-8000-000000000000", "int": "999999", "slug": "nothing",
           "sha256": "0" * 64, "str": "nothing"}  # fmt: skip
ANSWERED = {200, 302, 401, 404, 405, 422}  # 401: it asks for a key instead of a person
OF_THE_API = {409, 428}  # it may be done, and not now; or not without saying to what
PARTNER_ADDRESSES = matrix.addresses("portal.urls")
PLATFORM_ADDRESSES = matrix.addresses("portal.urls_platform")
CALLABLE = [a for a in PARTNER_ADDRESSES if a.pattern != "/logout/"]


def sample(pattern: str) -> str:
    path = re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES[m[1] or "str"], pattern)
    assert "<" not in path
    return path


def ask(client: Client, address):
    """A page is looked at; of the API each method is asked for."""
    return client.generic(
        address.method or "GET", sample(address.pattern), b"{}" if address.method else b"",
        content_type="application/json",
    )  # fmt: skip


def answered(address) -> set[int]:
    return ANSWERED | OF_THE_API if address.method else ANSWERED


def may(role, address) -> bool:
    wanted = set(address.permissions)
    return bool(wanted & {OPEN_TO_ALL, SIGNED_IN, *role.permissions})


def visitor(site: Site, role) -> Client:
    return sign_in(site, role.slug, customer_id=site.harbor if role.for_customers else None)


@pytest.mark.parametrize("address", PARTNER_ADDRESSES + PLATFORM_ADDRESSES, ids=lambda a: a.label)
def test_every_address_declares_who_may_use_it(address):
    assert address.permissions, f"{address.pattern} answers nobody"


def test_the_addresses_are_not_overlooked():
    patterns = {address.pattern for address in PARTNER_ADDRESSES}
    assert {
        "/",
        "/login/",
        "/orders/",
        "/orders/<uuid:pk>/",
        "/endpoints/",
        "/lookups/",
    } <= patterns
    assert "/networks/" in {address.pattern for address in PLATFORM_ADDRESSES}


@pytest.mark.parametrize("role", PARTNER_ROLES, ids=lambda role: role.slug)
def test_a_role_opens_what_the_matrix_gives_it_and_nothing_else(kestrel, role):
    client = visitor(kestrel, role)
    wrong = []
    for address in CALLABLE:
        status = ask(client, address).status_code
        if status not in (answered(address) if may(role, address) else {403}):
            wrong.append((address.label, status))
    assert wrong == []


@pytest.mark.parametrize("role", PARTNER_ROLES, ids=lambda role: role.slug)
def test_a_role_cannot_post_where_it_cannot_look(kestrel, role):
    client = visitor(kestrel, role)
    refused = [address for address in CALLABLE if not may(role, address) and not address.method]
    assert refused or "endpoints.manage" in role.permissions  # today's pages ask for nothing more
    statuses = {a.pattern: client.post(sample(a.pattern)).status_code for a in refused}
    assert set(statuses.values()) <= {403}, statuses


def test_whoever_is_not_signed_in_is_sent_to_the_login(kestrel):
    client = Client(HTTP_HOST=kestrel.host)
    for address in PARTNER_ADDRESSES:
        if OPEN_TO_ALL in address.permissions:
            continue
        path = sample(address.pattern)
        if address.method:
            assert ask(client, address).status_code == 401, address.label
            continue
        answer = client.get(path)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/login/"), path
        assert client.post(path).status_code == 302, path


def test_the_console_opens_to_its_staff_and_to_nobody_else(kestrel):
    with schema_context("public"):
        person = Person.objects.create_person(
            email="ops@platform.test",
            name="Ops",
            role=Role.objects.get(slug=PLATFORM_ROLES[0].slug),
            password=None,
        )
        staff = Client(HTTP_HOST="platform.localhost")
        staff.force_login(person, backend="portal.accounts.backends.EmailBackend")
    nobody = Client(HTTP_HOST="platform.localhost")
    for address in PLATFORM_ADDRESSES:
        path = sample(address.pattern)
        if OPEN_TO_ALL in address.permissions:
            continue
        assert staff.get(path).status_code in ANSWERED, path
        assert nobody.get(path).url.startswith("/login/"), path


def test_a_view_without_a_declared_permission_answers_nobody(admin, monkeypatch):
    from integrations.views import flows

    monkeypatch.delattr(flows.flows, "required_permissions")
    assert admin.get("/flows/").status_code == 403


def test_the_page_about_permissions_is_what_the_code_says():
    written = Path(__file__).parents[2] / "docs" / "permissions.md"
    assert written.read_text() == matrix.document(), "run manage.py permission_matrix --write"


def test_a_token_opens_what_its_scopes_say_and_nothing_else(kestrel):
    """Every operation of the API, with what it needs alone, and with everything but that."""
    application = pipeline.endpoint(kestrel.harbor, "counterapp", "application", secrets={})
    by_need = defaultdict(list)
    for address in PARTNER_ADDRESSES:
        if address.method and SIGNED_IN not in address.permissions:
            by_need[address.permissions].append(address)
    wrong = []
    for needed, operations in by_need.items():
        is_hub = needed[0] in tokens.OF_AN_APPLICATION
        whom = {
            "customer_id": kestrel.harbor if is_hub or needed[0] in tokens.OF_A_CUSTOMER else None,
            "endpoint_id": application.pk if is_hub else None,
        }
        everything = tokens.grantable(maker(kestrel), **whom)
        with_it = program(kestrel, needed[0], **whom).client
        without = program(kestrel, *everything - set(needed), **whom).client
        for address in operations:
            statuses = [ask(client, address).status_code for client in (with_it, without)]
            if statuses[0] == 403 or statuses[1] != 403:
                wrong.append((address.label, statuses))
    assert len(by_need) > 15
    assert wrong == []
