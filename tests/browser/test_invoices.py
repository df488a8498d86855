"""A month is run, looked at, made final and sent; the customer opens a line down to the documents it bills;
finance gives some of it back. In a real browser, with keys, in both themes, on a desk and in a hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import PARTNER
from tests import live
from tests.browser import axe
from tests.browser.conftest import Visit, Visits
from tests.browser.hands import go_to, tab_to
from tests.browser.scenery import ADMIN, VIEWER
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]
ORDERS = 6
FINANCE = "fay@kestrelpoint.example"
_METERED = "SELECT count(*) FROM billing_usagefact WHERE kind = 'document' AND free = ''"
# What moved today moved in the first two open months, too: a month that is over can be billed.
_EARLIER = """
from django_tenants.utils import schema_context
with schema_context("kestrel"):
    from datetime import UTC, datetime, time
    from billing.domain import intake
    from billing.domain.intake import Event
    from billing.models import Account, UsageFact
    from billing.plans.month import month, month_after
    account = Account.objects.get(slug="harbor")
    facts = list(UsageFact.objects.filter(account=account, kind="document").order_by("id")[:200])
    first = month(account.open_from)
    for of in (first, month_after(first)):
        at = datetime.combine(of.begins.replace(day=12), time(9), UTC)
        print(intake.note([Event(account.pk, "document", f"{of.key}/{one.key}", at,
            properties=one.properties, source=one.source) for one in facts]).added)
"""
# The first of them is billed to everybody.
_BILLED = """
from django_tenants.utils import schema_context
with schema_context("kestrel"):
    from billing.domain import final, invoice_states, runs
    from billing.models import Account, Invoice
    runs.start(Account.objects.get(slug="harbor").open_from, by="Fay Lindt")
    runs.finish()
    for one in Invoice.objects.order_by("id"):
        final.finalise(one.pk, seen=one.hash, by="Fay Lindt")
        invoice_states.become(one.pk, "sent", by="Fay Lindt")
    print(Invoice.objects.get(account__slug="harbor").pk)
"""


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, mails: Path) -> Iterator[Installation]:
    """One whose mails are files, with orders that were billed by nobody yet, and somebody of finance."""
    folder = tmp_path_factory.mktemp("billing")
    with live.running(folder, CROSSDOCK_EMAIL_URL=f"file://{mails}") as made:
        made.wait_for_catalogue()
        made.store.tell("orders", count=ORDERS, rate=20, seed=7)
        until(lambda: made.number(_METERED) >= ORDERS, seconds=180)
        earlier = made.manage("shell", "-c", _EARLIER)
        assert int(earlier.stdout.split()[-1]) >= ORDERS, earlier.stderr
        yield made


@pytest.fixture(scope="module")
def sent(installation: Installation) -> int:
    """Harbor's invoice for the first open month, whoever's test comes first."""
    billed = installation.manage("shell", "-c", _BILLED)
    assert billed.stdout.strip(), billed.stderr
    return int(billed.stdout.split()[-1])


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


@pytest.fixture
def finance(installation: Installation, visit: Visits) -> Visit:
    """Somebody of finance, who signs in with the password that everybody has."""
    known = "SELECT count(*) FROM accounts_person WHERE email = %s"
    if not installation.number(known, FINANCE):
        installation.manage(
            "shell",
            "-c",
            "from django_tenants.utils import schema_context\n"
            f"with schema_context('{PARTNER}'):\n"
            "    from portal.accounts.models import Person, Role\n"
            f"    Person.objects.create_person(email='{FINANCE}', name='Fay Lindt',"
            f" role=Role.objects.get(slug='finance'), password='{installation.password}')\n",
        )
    return visit(FINANCE)


def run(page: Page) -> str:
    """Run the second month that was open, two before the running one, by its key, and wait for the drafts.
    Returns the month."""
    values = page.locator("#run-month option").evaluate_all("all => all.map(one => one.value)")
    month = str(values[1])
    page.locator("#run-month").select_option(month)
    page.locator("body").press("r")
    page.wait_for_url(f"**/invoices/?month={month}")
    expect(page.locator("#invoices tbody [data-row]")).to_have_count(2, timeout=60_000)
    expect(page.locator("#panel-progress")).to_contain_text("for 2 accounts")
    return month


def test_a_month_is_run_reviewed_made_final_and_sent_and_the_customer_sees_what_it_is_for(
    sent: int, finance: Visit, visit: Visits, mails: Path
) -> None:
    page = finance.page
    finance.open("/invoices/")
    month = run(page)
    finance.check_page()
    finance.picture("invoices")
    go_to(page, "Harbor Outfitters")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/invoices/\d+/$"))
    address = page.url
    page.locator("body").press("v")
    expect(page.locator(".page-head .status")).to_have_text("in review")
    page.locator("body").press("f")
    expect(page.locator("h1")).to_have_text("Invoice INV-00003")
    page.locator("body").press("s")
    expect(page.locator(".page-head .status")).to_have_text("sent")
    finance.check_page()
    assert any("accounts@harbor.example" in one.read_text() for one in mails.iterdir())

    theirs = visit(VIEWER)
    theirs.open("/bills/")
    go_to(theirs.page, "20")
    theirs.page.keyboard.press("Enter")
    theirs.page.wait_for_url(re.compile(r"/bills/\d+/$"))
    line = theirs.page.locator(".bill-lines details", has_text="Documents").first
    tab_to(line.locator("summary"))
    theirs.page.keyboard.press("Enter")
    expect(line.locator(".bill-table")).to_contain_text("Your order")
    theirs.check_page()
    theirs.picture("own-bill")
    number = line.get_by_role("link", name=re.compile("^Your order")).first.inner_text()
    line.get_by_role("link", name=number).first.click()
    expect(theirs.page.locator("h1")).to_contain_text(number.removeprefix("Your order "))

    finance.open(address.removeprefix(finance.base))
    lines = page.locator(".bill-lines details", has_text="Documents").first
    lines.locator("summary").click()
    expect(lines.locator(".bill-table")).to_contain_text("→")
    finance.picture("invoice")
    page.get_by_text("Give some of it back").click()
    page.locator(".give-back input").first.fill("25.00")
    page.locator("#credit_reason").fill("Two days without the desk")
    page.get_by_role("button", name="Write a credit note").click()
    expect(page.get_by_role("link", name="CN-00001")).to_be_visible()
    finance.picture("credit-note")
    page.get_by_role("link", name="CN-00001").click()
    page.locator("body").press("s")
    expect(page.locator(".page-head .status")).to_contain_text("sent")
    theirs.open("/bills/")
    expect(theirs.page.locator("tbody")).to_contain_text("Credit note CN-00001")

    finance.open(f"/invoices/?month={month}")
    page.get_by_role("button", name=re.compile("^Make 1 final")).click()
    expect(page.locator("h1")).to_have_text("1 of 1 final")
    finance.check_page()
    finance.open(f"/invoices/?month={month}")
    page.get_by_role("button", name=re.compile("^Send 1")).click()
    expect(page.locator("h1")).to_have_text("1 of 1 sent")


def test_without_scripts_a_line_still_opens_and_leads_to_its_documents(
    sent: int, visit: Visits, installation: Installation
) -> None:
    browser = visit(VIEWER).page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    try:
        plain = Visit(context, f"http://{PARTNER}.localhost:{installation.port}")
        plain.page.goto(f"{plain.base}/login/")
        plain.page.fill("input[name=username]", VIEWER)
        plain.page.fill("input[name=password]", installation.password)
        plain.page.press("input[name=password]", "Enter")
        plain.page.goto(f"{plain.base}/bills/")
        plain.page.get_by_role("link", name=re.compile(r"20\d\d")).last.click()
        line = plain.page.locator(".bill-lines details", has_text="Documents").first
        line.locator("summary").click()
        line.get_by_role("link", name="The documents it bills").click()
        expect(plain.page.locator(".bill-table")).to_contain_text("Your order")
    finally:
        context.close()


PAGES = {
    "invoices-list": "/invoices/", "invoice-page": "/invoices/{pk}/", "invoice-line": "/invoices/{pk}/lines/2/",
    "billing": "/billing/", "billing-account": "/billing/harbor/", "billing-settings": "/billing/settings/",
}  # fmt: skip
OWN = {"bills": "/bills/", "bill": "/bills/{pk}/", "bill-line": "/bills/{pk}/lines/2/"}


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(("who", "pages"), [(ADMIN, PAGES), (VIEWER, OWN)], ids=["ours", "theirs"])
def test_everybody_can_use_the_pages_of_money(
    sent: int, visit: Visits, source: str, who: str, pages: dict[str, str], phone: bool
) -> None:
    one = visit(who, phone=phone)
    found: list[str] = []
    for name, pattern in pages.items():
        address = pattern.format(pk=sent)
        one.open(address)
        for theme in ("dark", "light"):
            one.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            one.page.wait_for_timeout(300)
            one.picture(f"{name}{'-dark' if theme == 'dark' else ''}{'-390' if phone else ''}")
            if axe.is_its_turn(dark=theme == "dark", phone=phone):
                found += [f"{address} {theme}: {said}" for said in axe.violations(one.page, source)]
    assert found == []
