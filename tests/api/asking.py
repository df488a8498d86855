"""A program that asks the API with a token."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.domain import tokens
from portal.accounts.models import ApiToken, Person, Role
from portal.core import clock
from tests.people import PASSWORD, Site

PROBLEM = "application/problem+json"


class Program:
    """Asks `site` with one token; none at all where it is blank."""

    def __init__(self, site: Site, text: str = "") -> None:
        self.text = text
        headers = {"Authorization": f"Bearer {text}"} if text else {}
        self.client = Client(HTTP_HOST=site.host, headers=headers, raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        return self.client.generic(
            method, f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


def maker(site: Site, role: str = "admin", **more: Any) -> Person:
    """Somebody who makes tokens."""
    with schema_context(site.schema):
        found = Person.objects.filter(email=f"{role}.maker@{site.schema}.test").first()
        return found or Person.objects.create_person(
            email=f"{role}.maker@{site.schema}.test", name="Ana Ruiz",
            role=Role.objects.get(slug=role), password=PASSWORD, **more,
        )  # fmt: skip


def token(
    site: Site,
    *scopes: str,
    role: str = "admin",
    days: int = 30,
    customer_id: int | None = None,
    endpoint_id: int | None = None,
) -> tuple[ApiToken, str]:
    """A token of somebody with `role`; without scopes everything they may give."""
    with schema_context(site.schema):
        person = maker(site, role)
        whom = {"customer_id": customer_id, "endpoint_id": endpoint_id}
        wanted = scopes or tokens.grantable(person, **whom)
        return tokens.new_token(
            person, name="Nightly sync", permissions=wanted, **whom,
            expires_at=clock.now() + timedelta(days=days),
        )  # fmt: skip


def program(site: Site, *scopes: str, **more: Any) -> Program:
    return Program(site, token(site, *scopes, **more)[1])
