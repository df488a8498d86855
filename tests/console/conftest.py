"""The platform's staff at their console."""

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal import env
from portal.accounts.models import Person, Role
from portal.tenants import flags


@pytest.fixture
def staff(db):
    with schema_context("public"):
        person = Person.objects.create_person(
            email="ops@platform.test",
            name="Ops",
            role=Role.objects.get(slug="platform-admin"),
            password=None,
        )
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(person, backend="portal.accounts.backends.EmailBackend")
    return client


@pytest.fixture(autouse=True)
def _no_memory_of_features():
    yield
    flags.forget()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Where exports are written."""
    monkeypatch.setattr(env, "data_folder", lambda: tmp_path)
    return tmp_path / "exports"
