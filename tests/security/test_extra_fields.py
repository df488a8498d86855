"""What nobody asked for is not taken: fields of rows beyond those that a form or an operation names."""

import json
import re

import pytest
from django import forms
from django.urls import get_resolver

from portal.accounts.models import Person, Role
from portal.api.operation import Body
from portal.env import ROOT
from portal.pages import matrix
from portal.pages.views.platform import NetworkForm
from portal.tenants.models import Partner
from tests.api.asking import program
from tests.people import sign_in
from tests.security import filling

pytestmark = [pytest.mark.db, pytest.mark.long]

MORE = {
    "id": 1, "pk": 1, "customer": "maris", "customer_id": 2, "partner": 1, "partner_id": 1, "tenant": 1,
    "schema_name": "aurora", "is_staff": True, "is_superuser": True, "is_active": True, "is_limited": False,
    "role": 1, "role_id": 1, "permissions": ["people.manage"], "maker": 1, "made_by": "Somebody", "state": "live",
    "password": "x", "created_at": "2020-01-01T00:00:00Z", "digest": "x", "secrets": "x", "price": "0",
}  # fmt: skip
# Fields that say whose a row is, who made it, or what it may: no form takes them straight to the row.
OWNERSHIP = {"id", "customer", "partner", "tenant", "schema_name", "is_staff", "is_superuser", "is_active",
             "is_limited", "role", "permissions", "maker", "made_by", "created_by", "state", "digest", "secrets",
             "sealed", "password", "approved_by", "sealed_at"}  # fmt: skip


# Of customers' programs and of applications: what they take is tried in tests/api.
# What published resources take is their own, and tried in tests/resources.
OF_OTHERS = ("/api/v1/own/", "/api/v1/hub/", "/api/v1/resources/")


def operations():
    for address in matrix.addresses("portal.urls"):
        kind = getattr(address.view, "cls", None)
        if address.method and kind and address.pattern.startswith("/api/v1/"):
            yield address, getattr(kind, address.method.lower()).operation


def test_every_operation_that_takes_fields_refuses_those_it_does_not_name(kestrel):
    app, asked = program(kestrel), 0
    for address, operation in operations():
        if operation.takes is None or address.pattern.startswith(OF_OTHERS):
            continue
        for name, value in MORE.items():
            if name in operation.takes().fields:
                continue
            body = {**(operation.example or {}), name: value}
            answer = app.client.generic(
                address.method, filling.filled(address.pattern, {}), json.dumps(body).encode(),
                content_type="application/json",
            )  # fmt: skip
            asked += 1
            assert answer.status_code == 422, (address.label, name, answer.status_code)
            said = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
            assert said.get(f"/{name}") == "There is no such field.", (address.label, name)
    assert asked > 200


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    monkeypatch.setattr("portal.api.limits.BURST", 1e6)


def test_every_body_is_of_the_kind_that_refuses():
    for address, operation in operations():
        assert operation.takes is None or issubclass(operation.takes, Body), address.label
        if address.method in ("POST", "PUT", "PATCH") and operation.takes:
            writable = {n for n, f in operation.takes().fields.items() if not f.read_only}
            assert not writable & {"id", "is_staff", "is_superuser", "partner", "schema_name"}, (
                address.label
            )


def model_forms():
    _ = get_resolver("portal.urls").url_patterns
    _ = get_resolver("portal.urls_platform").url_patterns
    waiting = [forms.ModelForm]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith(("portal", "integrations", "monitoring", "billing")):
                yield kind


def test_forms_over_rows_name_their_fields_and_none_that_says_whose_it_is():
    found = list(model_forms())
    assert len(found) >= 5
    for kind in found:
        assert kind._meta.fields not in (None, "__all__"), kind
        assert kind._meta.exclude is None, kind
        # For whom a network is allowed is the platform's staff's to say, on their own site.
        said = {"partner"} if kind is NetworkForm else set()
        assert not set(kind._meta.fields) & (OWNERSHIP - said), kind


def test_no_view_hands_a_request_on_as_it_came():
    wild = re.compile(r"[a-z_]\(\*\*request\.|\*\*self\.request\.data|setattr\([^)]*request\.")
    found = [
        str(path.relative_to(ROOT))
        for app in ("portal", "integrations", "monitoring", "billing")
        for path in (ROOT / app).rglob("*.py")
        if wild.search(path.read_text())
    ]
    assert found == []


def row(email):
    return Person.objects.filter(email=email).values(
        "role_id", "customer_id", "is_active", "is_limited", "password", "email"
    ).get()  # fmt: skip


@pytest.mark.parametrize("path", ["/you/", "/you/security/password/", "/notifications/", "/theme/"])
def test_nobody_makes_more_of_themselves(kestrel, path):
    sign_in(kestrel, "admin")
    client = sign_in(kestrel, "viewer", email="vi@kestrel.test", customer_id=kestrel.harbor)
    before = row("vi@kestrel.test")
    more = {
        **MORE,
        "role": Role.objects.get(slug="admin").pk,
        "customer": kestrel.maris,
        "email": "x@y.test",
    }
    client.post(
        path, {"time_zone": "UTC", "name": "Vi", "numbers": "", "days": "", "clock": "", **more}
    )
    assert row("vi@kestrel.test") == before


def test_managing_a_person_changes_no_more_than_name_and_role(kestrel):
    admin = sign_in(kestrel, "admin")
    sign_in(kestrel, "operator", email="op@kestrel.test")
    pk, before = Person.objects.get(email="op@kestrel.test").pk, row("op@kestrel.test")
    more = {**MORE, "customer": kestrel.maris, "customer_id": kestrel.maris, "email": "x@y.test"}
    admin.post(f"/people/{pk}/", {**more, "name": "Opal", "role": before["role_id"]})
    assert row("op@kestrel.test") == before
    assert Person.objects.get(pk=pk).name == "Opal"


def test_a_brand_stays_its_partners(kestrel):
    admin = sign_in(kestrel, "admin")
    before = Partner.objects.filter(schema_name="kestrel").values().get()
    admin.post("/brand/", {**MORE, "name": "Kestrel", "accent": "#0e5a68", "edition": "1"})
    admin.post("/brand/live/", {**MORE, "name": "Kestrel", "accent": "#0e5a68", "edition": "1"})
    assert Partner.objects.filter(schema_name="kestrel").values().get() == before
    assert Partner.objects.filter(schema_name="aurora").count() == 1
