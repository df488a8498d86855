"""Lines open to the documents they bill; what was free says why."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from billing.domain import explaining
from billing.models import Account, Invoice
from billing.queries import explained
from portal.core import clock
from tests.billing import selling
from tests.billing.pages import queries, use, visible
from tests.billing.selling import drafted, final_of
from tests.billing.usage import account, at
from tests.pages.scenery import page, texts
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor, recipients=["bills@harbor.example"])


def test_a_line_opens_to_the_documents_it_bills(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", "b")
    use(harbor, "other", when="2026-05-03 10:00")
    use(harbor, "free", free="a test before going live")
    use(harbor, "kind", kind="operator")
    invoice = final_of(harbor)
    shown = page(finance.get(f"/invoices/{invoice.pk}/lines/2/"))
    assert (
        texts(shown, ".bill-table tbody th") == ["a", "b"]
        or len(texts(shown, ".bill-table tbody th")) == 2
    )
    in_place = finance.get(f"/invoices/{invoice.pk}/lines/2/", headers={"HX-Request": "true"})
    assert b"<html" not in in_place.content
    assert b"bill-table" in in_place.content
    assert "fixed charge" in visible(finance.get(f"/invoices/{invoice.pk}/lines/1/"))
    assert finance.get(f"/invoices/{invoice.pk}/lines/3/").status_code == 404
    assert finance.get(f"/invoices/{invoice.pk}/lines/0/").status_code == 404


def test_documents_of_a_line_go_on_page_by_page(
    harbor: Account, finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (explained, explaining):
        monkeypatch.setattr(module, "SIZE", 2)
    selling.sell(harbor)
    use(harbor, "a", "b", "c")
    use(harbor, "d", "e", when="2026-04-05 10:00")
    invoice = final_of(harbor)
    found, url = 0, f"/invoices/{invoice.pk}/lines/2/"
    while url:
        shown = page(finance.get(url))
        found += len(shown.select(".bill-table tbody tr"))
        more = shown.select_one(".bill-more a")
        url = str(more["href"]) if more else ""
    assert found == 5
    for nonsense in ("x", "2026-04-03.", "2026-99-99.1", ".5", "2026-04-03.²"):
        answer = finance.get(f"/invoices/{invoice.pk}/lines/2/", {"after": nonsense})
        assert len(page(answer).select(".bill-table tbody tr")) == 2


def test_documents_take_as_many_queries_for_three_as_for_one(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", source=uuid4())
    url = f"/invoices/{drafted(harbor).pk}/lines/2/"
    one = queries(finance, url)
    use(harbor, "b", "c", source=uuid4())
    drafted(harbor)
    assert queries(finance, url) == one


def test_what_an_amendment_says_counts_and_what_came_late_is_marked(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    final_of(harbor)
    use(harbor, "late", quantity="3")
    use(harbor, "a", quantity="4", revision=1, reason="Counted twice")
    may = drafted(harbor, "2026-05")
    lines = [line.name for line in selling.said(may).lines]
    assert lines[0] == "Documents"  # 4 + 3, and 10 were billed
    rows = texts(page(finance.get(f"/invoices/{may.pk}/lines/1/")), ".bill-table tbody tr")
    assert len(rows) == 2
    assert any(
        "came late" in row and "amended: Counted twice" in row and "4" in row for row in rows
    )
    april = Invoice.objects.get(month="2026-04")
    was = texts(page(finance.get(f"/invoices/{april.pk}/lines/2/")), ".bill-table tbody .num")
    assert was == ["10"]


def test_what_was_free_says_why(harbor: Account, finance: Client) -> None:
    charge = {**selling.DOCUMENTS, "included": "5"}
    selling.sell(harbor, selling.published(selling.BASE, charge))
    use(harbor, "a", quantity="12")
    use(harbor, "t1", "t2", free="a test before going live")
    use(harbor, "o", kind="operator", free="our own fault")
    rows = texts(page(finance.get(f"/invoices/{drafted(harbor).pk}/")), ".bill-free tr")
    text = " / ".join(rows)
    assert "2 documents a test before going live" in text
    assert "1 stretch of work on a case our own fault" in text
    assert "5" in text
    assert "it is in the price" in text


def test_a_trial_is_told_with_what_was_used_in_it(harbor: Account, finance: Client) -> None:
    selling.sell(harbor, selling.published(trial_days=10))
    use(harbor, "a", "b", when="2026-04-03 10:00")
    use(harbor, "c", when="2026-04-20 10:00")
    text = visible(finance.get(f"/invoices/{drafted(harbor).pk}/"))
    assert "2 documents the trial, in which nothing is charged: until 10 April 2026" in text
