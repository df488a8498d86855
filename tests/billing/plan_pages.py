"""What the tests of plans' pages do at them."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from billing.domain import intake
from billing.models import Account
from tests.billing import selling
from tests.billing.usage import event
from tests.pages.scenery import page

TIERS = {
    **selling.DOCUMENTS, "model": "graduated",
    "terms": {"tiers": [{"up_to": "1000", "unit_amount": "0"}, {"up_to": "10000", "unit_amount": "0.4"},
                        {"up_to": None, "unit_amount": "0.25"}]},
}  # fmt: skip


def use(of: Account, month: str, quantity: str) -> None:
    made = event(of, f"{of.pk}/{month}", f"{month}-03 10:00", quantity=quantity)
    assert intake.note([made]).added == 1


def refused(answer: Any, status: int) -> Any:
    """The page that says why not."""
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser")


def form_of(soup: Any) -> dict[str, str]:
    """What a browser would send of the editor as it stands."""
    form = soup.select_one("#plan-form")
    sent = {}
    for field in form.select("input[name]"):
        is_box = field.get("type") == "checkbox"
        if not is_box or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "on")
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        sent[select["name"]] = chosen.get("value", "")
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def editor(client: Client, slug: str = "basic") -> dict[str, str]:
    return form_of(page(client.get(f"/plans/{slug}/edit/")))


def send(client: Client, form: dict[str, str], do: str = "save", slug: str = "basic") -> Any:
    return client.post(f"/plans/{slug}/edit/", {**form, "do": do})
