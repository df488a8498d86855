"""Five things that people try, from the page to the refusal: each is refused with a clear word."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import ApiToken, Person, Role
from portal.core import guard
from portal.tenants.models import BrandImage, Domain, DomainClaim, Partner
from portal.webhooks.models import Webhook
from tests.api.asking import Program
from tests.brand.logos import svg
from tests.brand.test_brand_page import post

pytestmark = pytest.mark.db

NEW = {"name": "Mira", "password": "four odd words here", "again": "four odd words here"}


def words(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def test_an_invitation_used_twice(admin, kestrel):
    role = Role.objects.get(slug="operator").pk
    admin.post("/people/invite/", {"email": "mira@x.test", "name": "Mira", "role": role})
    link = re.search(r"/join/[\w:-]+/", mail.outbox[-1].body)[0]
    assert Client(HTTP_HOST=kestrel.host).post(link, NEW).status_code == 302
    for second in (
        Client(HTTP_HOST=kestrel.host).get(link),
        Client(HTTP_HOST=kestrel.host).post(link, NEW),
    ):
        assert second.status_code in (404, 409, 410)
        assert "It was used already: an invitation works once." in words(second)
    assert Person.objects.filter(email="mira@x.test").count() == 1


def test_an_invitation_at_another_partners_site(admin, kestrel, aurora):
    role = Role.objects.get(slug="operator").pk
    admin.post("/people/invite/", {"email": "mira@x.test", "name": "Mira", "role": role})
    link = re.search(r"/join/[\w:-]+/", mail.outbox[-1].body)[0]
    assert Client(HTTP_HOST=aurora.host).post(link, NEW).status_code in (404, 409, 410)
    with schema_context("aurora"):
        assert not Person.objects.filter(email="mira@x.test").exists()


def test_a_token_after_it_was_revoked(admin, kestrel):
    made = admin.post("/tokens/new/", {
        "name": "Sync", "permissions": ["customers.view"], "expires_on": _next_month(),
    })  # fmt: skip
    text = re.search(r"pat_[\w-]{40,}", made.content.decode())[0]
    app = Program(kestrel, text)
    assert app.get("customers/").status_code == 200
    admin.post(f"/tokens/{ApiToken.objects.get().pk}/revoke/")
    for answer in (app.get("customers/"), app.post("customers/", {})):
        assert answer.status_code == 401
        assert answer.json()["detail"] == "This token was revoked. Ask for a new one."


def _next_month() -> str:
    from datetime import timedelta

    from portal.core import clock

    return (clock.now() + timedelta(days=30)).date().isoformat()


def test_a_domain_that_belongs_to_another_partner(admin, aurora):
    other = Partner.objects.get(schema_name="aurora")
    Domain.objects.create(tenant=other, domain="portal.aurorasystems.test", is_primary=False)
    for host in ("portal.aurorasystems.test", "PORTAL.AuroraSystems.test.", "aurora.localhost"):
        refused = admin.post("/domains/", {"host": host})
        assert refused.status_code == 422
        assert "aurora systems" not in words(refused).lower().replace(host.lower(), "")
    assert "This domain is in use elsewhere." in words(
        admin.post("/domains/", {"host": "portal.aurorasystems.test"})
    )
    assert not DomainClaim.objects.exists()


def test_an_svg_logo_with_a_script(admin, kestrel):
    for inside in ("<script>alert(1)</script>", '<path d="M0 0h9v9z" onclick="alert(1)"/>'):
        file = SimpleUploadedFile("logo.svg", svg(inside), "image/svg+xml")
        refused = post(admin, logo_light=file)
        assert refused.status_code == 422
        assert re.search(r"script|onclick", words(refused))
    assert not BrandImage.objects.exists()


@pytest.mark.parametrize(
    "host", ["10.1.2.3", "169.254.169.254", "127.0.0.1", "[::1]", "2130706433"]
)
def test_a_webhook_to_a_private_address(admin, monkeypatch, host):
    monkeypatch.setattr(guard, "_allowed", tuple)
    guard.forget()
    refused = admin.post(
        "/webhooks/new/", {"name": "Lake", "url": f"https://{host}/in", "which": "every"}
    )
    assert refused.status_code == 422
    assert "is not on the internet, and this installation does not allow calling it" in words(
        refused
    )
    assert not Webhook.objects.exists()
    guard.forget()
