"""What the tests of money pages do at them."""

from typing import Any

from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.domain import intake
from billing.models import Account, Invoice
from tests.billing.usage import event
from tests.pages.scenery import page, texts


def use(of: Account, *keys: str, when: str = "2026-04-03 10:00", **more: Any) -> None:
    noted = intake.note([event(of, key, when, **more) for key in keys])
    assert noted.added == len(keys)


def visible(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    for hidden in soup.select("script, style"):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def seen(client: Client, invoice: Invoice) -> str:
    """The hash that stands on the invoice's page."""
    field = page(client.get(f"/invoices/{invoice.pk}/")).select_one("input[name=seen]")
    assert field is not None
    return str(field["value"])


HARBOR = "/billing/harbor/"


def agree(client: Client, action: str, **entered: Any) -> Any:
    """What a form of Harbor's account sends."""
    return client.post(f"{HARBOR}agree/{action}/", entered)


def refused(answer: Any) -> str:
    """Why a form was not taken."""
    assert answer.status_code == 422
    return " ".join(texts(page_of(answer), "[role=alert]"))
