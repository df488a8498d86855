"""Walking through the steps of a sign-in, as a browser would."""

import re
from typing import Any

import pyotp
from django.http import HttpResponse
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.domain import authenticators
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.core.secrets import Secret
from tests.people import PASSWORD, Site

EMAIL = "ana@kestrel.test"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # base32 of a well-known test text


def person_of(site: Site, role: str = "operator", *, customer_id: int | None = None) -> Person:
    with schema_context(site.schema):
        return Person.objects.create_person(
            email=EMAIL,
            name="Ana Ruiz",
            role=Role.objects.get(slug=role),
            password=PASSWORD,
            customer_id=customer_id,
        )


def browser(site: Site, **headers: Any) -> Client:
    return Client(HTTP_HOST=site.host, **headers)


def enter(client: Client, password: str = PASSWORD, *, email: str = EMAIL, onward: str = "") -> Any:
    return client.post("/login/", {"username": email, "password": password, "next": onward})


def enter_code(client: Client, code: str) -> HttpResponse:
    return client.post("/login/code/", {"code": code})  # type: ignore[return-value]


def code_at(offset: int = 0) -> str:
    """What the app shows now, or that many steps of 30 seconds later."""
    return pyotp.TOTP(SECRET).at(clock.now(), counter_offset=offset)


def with_app(person: Person) -> Person:
    """Give the person an authenticator app whose last used code is that of the step before the last."""
    assert authenticators.add(person, Secret(SECRET), code_at(-1))
    return person


def is_in(client: Client) -> bool:
    """Whether the browser is signed in."""
    answer = client.get("/you/")
    return answer.status_code == 200 or answer.url == "/you/security/"


def wait_said(answer: Any) -> str:
    [found] = re.findall(r"Wait \d+ minutes?", answer.content.decode())
    return str(found)
