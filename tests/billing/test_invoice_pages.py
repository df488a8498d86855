"""One invoice on the pages of whoever bills: what it says, and the legal steps."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from billing.domain import invoice_states
from billing.models import Account, Invoice
from portal.core import clock
from tests.billing import selling
from tests.billing.pages import page_of, queries, seen, use, visible
from tests.billing.selling import drafted, final_of
from tests.billing.usage import account, at
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor, recipients=["bills@harbor.example"])


def test_an_invoice_reads_as_its_pdf_does(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="12")
    invoice = final_of(harbor)
    text = visible(finance.get(f"/invoices/{invoice.pk}/"))
    for said in ("Invoice INV-00001", "$124.00 to pay by 3 July 2026", "Harbor Outfitters",
                 "12 documents at 2.00 Amount 24.00", "12 × 2.00 = 24.00", invoice.hash):  # fmt: skip
        assert said in text
    pdf = finance.get(f"/invoices/{invoice.pk}/invoice.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="INV-00001.pdf"'
    rows = list(csv.DictReader(io.StringIO(finance.get(f"/invoices/{invoice.pk}/invoice.csv").content.decode("utf-8-sig"))))  # fmt: skip
    assert [row["amount"] for row in rows] == ["100", "24"]
    assert finance.get(f"/invoices/{invoice.pk}/invoice.exe").status_code == 404


def test_an_invoice_takes_as_many_queries_for_three_lines_as_for_one(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor, selling.published(selling.BASE, slug="small"))
    small = final_of(harbor)
    charges = [{**selling.BASE, "key": f"base-{n}"} for n in range(3)]
    selling.sell(harbor, selling.published(*charges, slug="large"), begins="2026-05-01")
    large = final_of(harbor, "2026-05")
    assert (
        queries(finance, f"/invoices/{large.pk}/") <= queries(finance, f"/invoices/{small.pk}/") + 1
    )


def test_an_invoice_goes_from_draft_to_paid_by_legal_steps_only(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    invoice = drafted(harbor)
    url = f"/invoices/{invoice.pk}/"

    def buttons() -> set[str]:
        forms = page(finance.get(url)).select("main form")
        return {str(form["action"]).removeprefix(url) for form in forms if form.get("action")}

    assert buttons() == {"discard/", "renew/", "review/", "final/"}
    finance.post(f"{url}review/")
    assert buttons() == {"discard/", "renew/", "final/"}
    finance.post(f"{url}final/", {"seen": seen(finance, invoice)})
    assert buttons() == {"send/", "hand-over/", "void/", "credit/"}
    finance.post(f"{url}send/")
    assert buttons() == {"paid/", "disputed/", "void/", "credit/"}
    finance.post(f"{url}disputed/", {"reason": "Two documents too many"})
    assert buttons() == {"paid/", "settled/", "void/", "credit/"}
    finance.post(f"{url}settled/")
    finance.post(f"{url}paid/")
    assert buttons() == {"credit/"}
    log = " ".join(texts(page(finance.get(url)), ".activity li"))
    assert "Finance: Two documents too many" in log
    assert "Mailed to bills@harbor.example" in log


def test_a_draft_that_changed_is_made_anew_and_says_what_changed(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = drafted(harbor)
    old = seen(finance, invoice)
    use(harbor, "b", quantity="2")
    answer = finance.post(f"/invoices/{invoice.pk}/final/", {"seen": old})
    assert answer.status_code == 409
    text = visible(answer)
    assert "Documents, April 2026: $20.00, now $24.00" in text  # 10 × 2, 12 × 2
    assert "To pay: $120.00, now $124.00" in text
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == ("draft", None)
    finance.post(f"/invoices/{invoice.pk}/final/", {"seen": seen(finance, invoice)})
    invoice.refresh_from_db()
    assert (invoice.state, invoice.number) == ("final", "INV-00001")


VERBS = ("renew", "review", "final", "send", "hand-over", "paid", "disputed", "settled", "credit")


@pytest.mark.parametrize("verb", [*VERBS, "void"])
def test_no_form_changes_what_a_final_invoice_says(
    harbor: Account, finance: Client, verb: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    use(harbor, "late")
    before = (bytes(invoice.content), invoice.hash, invoice.number, invoice.net, invoice.due)
    finance.post(
        f"/invoices/{invoice.pk}/{verb}/", {"seen": invoice.hash, "reason": "Why", "line-0": "1"}
    )
    after = Invoice.objects.get(pk=invoice.pk)
    assert (bytes(after.content), after.hash, after.number, after.net, after.due) == before


@pytest.mark.parametrize("verb", ["renew", "review", "final", "paid", "settled", "disputed"])
def test_what_is_not_legal_now_is_refused_in_words(
    harbor: Account, finance: Client, verb: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    answer = finance.post(f"/invoices/{invoice.pk}/{verb}/", {"reason": "Why", "seen": "x"})
    assert answer.status_code == 409
    assert "INV-00001 is final" in texts(page_of(answer), "[role=alert]")[0]
    assert Invoice.objects.get(pk=invoice.pk).state == "final"


@pytest.mark.parametrize("verb", ["void", "disputed"])
def test_a_void_and_a_dispute_want_a_reason(harbor: Account, finance: Client, verb: str) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    invoice_states.become(invoice.pk, "sent", by="Ana")
    answer = finance.post(f"/invoices/{invoice.pk}/{verb}/", {"reason": " "})
    assert answer.status_code == 422
    assert Invoice.objects.get(pk=invoice.pk).state == "sent"


def test_a_void_invoice_and_the_one_instead_of_it_name_each_other(
    harbor: Account, finance: Client
) -> None:
    selling.sell(harbor)
    old = final_of(harbor)
    finance.post(f"/invoices/{old.pk}/void/", {"reason": "Wrong address"})
    new = final_of(harbor)
    assert "Written anew as INV-00002" in visible(finance.get(f"/invoices/{old.pk}/"))
    assert "Written instead of INV-00001" in visible(finance.get(f"/invoices/{new.pk}/"))


def credit_form(
    client: Client, invoice: Invoice, lines: dict[str, str], *, reason: str
) -> dict[str, str]:
    """What the page's form sends: an amount for lines by their place, and what it knew."""
    form = page(client.get(f"/invoices/{invoice.pk}/")).select_one("form[action$='credit/']")
    names = [one["name"] for one in form.select("tbody input")]
    given = {names[int(at)]: amount for at, amount in lines.items()}
    return {"given": form.select_one("[name=given]")["value"], "reason": reason, **given}


def test_a_credit_note_gives_back_what_is_entered(harbor: Account, finance: Client) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = final_of(harbor)
    url = f"/invoices/{invoice.pk}/"
    entered = credit_form(finance, invoice, {"1": "5.00"}, reason="Twice")
    answer = finance.post(f"{url}credit/", entered, follow=True)
    text = visible(answer)
    assert "CN-00001 gives back $5.00" in text
    assert "Corrected by CN-00001 −$5.00" in text
    assert "To pay $115.00" in text  # 120 − 5
    note = Invoice.objects.get(kind="credit_note")
    assert "Corrects INV-00001" in visible(finance.get(f"/invoices/{note.pk}/"))
    again = finance.post(f"{url}credit/", entered)  # sent a second time
    assert "Something was given back since you looked" in visible(again)
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    left = texts(page(finance.get(url)), ".give-back tbody tr")
    assert "15.00" in left[1]  # 20 − 5
    assert texts(page(finance.get(f"/invoices/{note.pk}/lines/1/")), ".bill-table tbody .num") == [
        "10"
    ]


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"1": "21"}, "at most $20.00"),
        ({"1": "-1"}, "at most $20.00"),
        ({"1": "five"}, "five is no amount"),
        ({"1": "0.001"}, "not in whole units"),
        ({}, "at least one line"),
        ({"1": "1", "reason": ""}, "This field is required"),
    ],
)
def test_a_credit_note_that_cannot_be_is_refused_in_words(
    harbor: Account, finance: Client, entered: dict[str, str], said: str
) -> None:
    selling.sell(harbor)
    use(harbor, "a", quantity="10")
    invoice = final_of(harbor)
    lines = {at: amount for at, amount in entered.items() if at != "reason"}
    given = credit_form(finance, invoice, lines, reason=entered.get("reason", "Twice"))
    answer = finance.post(f"/invoices/{invoice.pk}/credit/", given)
    assert answer.status_code == 422
    assert said in visible(answer)
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_who_has_nothing_to_do_with_money_sees_none(
    kestrel: Site, harbor: Account, role: str
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    client = sign_in(kestrel, role)
    for url in ("/invoices/", f"/invoices/{invoice.pk}/", f"/invoices/{invoice.pk}/invoice.pdf",
                f"/invoices/{invoice.pk}/lines/1/", "/invoices/months/2026-04/journal.csv"):  # fmt: skip
        assert client.get(url).status_code == 403, url
    for verb in VERBS:
        assert client.post(f"/invoices/{invoice.pk}/{verb}/").status_code == 403, verb


def test_another_partners_invoice_does_not_exist(
    kestrel: Site, aurora: Site, harbor: Account
) -> None:
    selling.sell(harbor)
    invoice = final_of(harbor)
    client = sign_in(aurora, "finance")
    assert client.get(f"/invoices/{invoice.pk}/").status_code == 404
    assert client.post(f"/invoices/{invoice.pk}/void/", {"reason": "x"}).status_code == 404
    assert "There is no invoice yet" in visible(client.get("/invoices/"))


def test_who_only_looks_gets_no_buttons(kestrel: Site, harbor: Account) -> None:
    from portal.accounts.models import Role

    role = Role.objects.get(slug="finance")
    role.permissions = ["money.view"]
    role.save()
    selling.sell(harbor)
    invoice = drafted(harbor)
    client = sign_in(kestrel, "finance")
    for url in ("/invoices/?month=2026-04", f"/invoices/{invoice.pk}/"):
        assert page(client.get(url)).select("main form[method=post]") == []
    assert client.post("/invoices/run/", {"month": "2026-04"}).status_code == 403
