"""`manage.py add_person`: how the first people of a site come to be."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import Person

pytestmark = pytest.mark.db


def add(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("add_person", *arguments, stdout=out)
    return out.getvalue().splitlines()


def dana(role: str = "operator", *more: str) -> list[str]:
    return add(
        "--partner", "kestrel", "--name", "Dana", "--email", "Dana@K.test", "--role", role, *more
    )


def test_somebody_added_signs_in_with_the_password_that_was_printed_once(kestrel):
    first, second = dana()
    assert first == "added Dana <dana@k.test>, Operator"
    password = second.removeprefix("password: ")
    assert len(password) == 16
    client = Client(headers={"host": kestrel.host})
    answer = client.post("/login/", {"username": "dana@k.test", "password": password})
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_password_entered_at_a_terminal_is_not_printed(kestrel, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        "portal.pages.management.commands.add_person.getpass", lambda _: "spruce and 7 pines"
    )
    assert dana() == ["added Dana <dana@k.test>, Operator"]
    assert Person.objects.get(email="dana@k.test").check_password("spruce and 7 pines")


def test_a_password_that_is_too_short_is_refused(kestrel, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("portal.pages.management.commands.add_person.getpass", lambda _: "spruce 7")
    with pytest.raises(CommandError, match="too short.*Nobody was added"):
        dana()
    assert not Person.objects.exists()


def test_a_customers_viewer_is_bound_to_the_customer(kestrel):
    dana("viewer", "--customer", "harbor")
    assert Person.objects.get(email="dana@k.test").customer_id == kestrel.harbor


@pytest.mark.parametrize(
    ("role", "more", "sentence"),
    [
        ("boss", (), "There is no role boss. There are: admin, engineer, finance, operator, owner, viewer."),
        ("viewer", (), "Customer viewer is a customer's role: name the customer with --customer."),
        ("viewer", ("--customer", "nobody"), "There is no customer nobody."),
        ("operator", ("--customer", "harbor"),
         "Operator sees every customer: leave out --customer."),
        ("operator", ("--email", "dana"), "dana is not a mail address."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nobody_is_added(kestrel, role, more, sentence):
    with pytest.raises(CommandError) as refused:
        dana(role, *more)
    assert str(refused.value) == sentence
    assert not Person.objects.exists()


def test_the_same_address_twice_is_refused(kestrel):
    dana()
    with pytest.raises(CommandError, match=r"dana@k\.test can sign in here already"):
        dana()


def test_platform_staff_are_added_beside_the_partners(kestrel):
    add("--platform", "--name", "Pat", "--email", "pat@p.test", "--role", "platform-admin")
    assert not Person.objects.exists()
    with schema_context("public"):
        assert Person.objects.get().name == "Pat"
