"""The editor of a plan: what it keeps, what it says is wrong, and its live example."""

from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from billing.domain import accounts, plans
from billing.models import Account, PlanVersion
from portal.tenants.models import Partner
from tests.billing import selling
from tests.billing.plan_pages import TIERS, editor, form_of, refused, send, use
from tests.billing.selling import ANA
from tests.pages.scenery import page, texts
from tests.people import Site

pytestmark = pytest.mark.db


def test_opening_the_editor_makes_no_draft_and_saving_does(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    form = editor(admin)
    assert PlanVersion.objects.count() == 1
    form["charges[1].terms.tiers[1].unit_amount"] = "0.38"
    form["charges[0].terms.amount"] = "1,120.50"
    assert send(admin, form).url == "/plans/basic/edit/"
    saved = PlanVersion.objects.get(number=2)
    assert saved.content["charges"][1]["terms"]["tiers"][1]["unit_amount"] == "0.38"
    assert saved.content["charges"][0]["terms"]["amount"] == "1120.5"
    soup = page(admin.get("/plans/basic/edit/"))
    assert texts(soup, ".plan-field[data-changed] .second") == ["was 100.00", "was 0.40"]


def test_saving_what_is_the_same_is_no_new_edition(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    send(admin, editor(admin))
    send(admin, editor(admin))
    draft = PlanVersion.objects.get(number=2)
    assert draft.edition == 2  # begun and saved once


def test_what_somebody_else_saved_meanwhile_is_never_overwritten(admin: Client, now: Any) -> None:
    version = selling.published(selling.BASE, TIERS)
    mine = editor(admin)
    theirs = plans.draft(version.plan, author=ANA)
    mine["charges[0].terms.amount"] = "1"
    answer = send(admin, mine)
    assert answer.status_code == 409
    soup = refused(answer, 409)
    assert "Ana Ruiz changed draft v2 meanwhile" in texts(soup, ".notice")[0]
    again = form_of(soup)
    assert again["charges[0].terms.amount"] == "1.00"  # nothing typed is lost
    assert send(admin, again).status_code == 409  # and pressing again overwrites nothing
    theirs.refresh_from_db()
    assert theirs.content["charges"][0]["terms"]["amount"] == "100"


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"charges[1].terms.tiers[1].up_to": "900"}, "at-charges-1-terms-tiers-1-up_to",
         "It ends at 900, and the tier before it at 1000."),
        ({"charges[1].terms.tiers[1].unit_amount": "-0.1"}, "at-charges-1-terms-tiers-1-unit_amount",
         "It is -0.1; it cannot be below 0."),
        ({"charges[0].terms.amount": "-5"}, "at-charges-0-terms-amount", "It is -5; it cannot be below 0."),
        ({"currency": "XYZ"}, "at-currency", "XYZ"),
        ({"charges[1].key": "base"}, "at-charges-1-key", "Another charge is 'base', too."),
        ({"charges[1].metric": "gone"}, "at-charges-1-metric", "There is no metric gone."),
        ({"charges[1].name": ""}, "at-charges-1-name", "Write one line of text."),
        ({"charges[0].terms.amount": "12 dollars"}, "at-charges-0-terms-amount", "is not a decimal amount"),
        ({"trial_days": "many"}, "at-trial_days", "is no whole number"),
        ({"commitment": "9", "cap": "8"}, "at-commitment", "more than the cap"),
        ({"charges[1].model": "magic"}, "at-charges-1-model", "There is no 'magic'."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    admin: Client, now: Any, changes: dict[str, str], place: str, words: str
) -> None:
    selling.published(selling.BASE, TIERS)
    answer = send(admin, {**editor(admin), **changes})
    soup = refused(answer, 422)
    assert words in soup.select_one(f"#{place}-said").text
    assert place in [link["href"][1:] for link in soup.select(".error-summary a")]
    for name, value in changes.items():
        if name not in ("charges[1].metric", "charges[1].model"):
            assert form_of(soup)[name].replace(".00", "") == value
    assert PlanVersion.objects.count() == 1


def test_everything_that_is_wrong_is_said_at_once(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    wrong = {"currency": "XYZ", "charges[1].key": "base", "charges[0].terms.amount": "-1"}
    soup = refused(send(admin, {**editor(admin), **wrong}), 422)
    assert len(soup.select(".error-summary p")) == 3
    assert "3 things keep it from being saved" in soup.select_one("#plan-says").text


def test_buttons_add_move_and_remove_without_a_script(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    form = editor(admin)
    for do, check in (
        ("add-tier charges[1].terms", lambda f: f["charges[1].terms.tiers[2].up_to"] == ""),
        ("remove-tier charges[1].terms:2", lambda f: "charges[1].terms.tiers[3].unit_amount" not in f),
        ("down charges[0]", lambda f: f["charges[1].key"] == "base"),
        ("up charges[1]", lambda f: f["charges[0].key"] == "base"),
        ("add-charge all", lambda f: f["charges[2].name"] == ""),
        ("remove-charge charges[2]", lambda f: "charges[2].name" not in f),
        ("add-ramp charges[0]", lambda f: f["charges[0].ramp[0].terms.amount"] == "100.00"),
        ("remove-ramp charges[0]:0", lambda f: "charges[0].ramp[0].months" not in f),
        ("add-ramp charges[1]", lambda f: f["charges[1].ramp[0].terms.tiers[1].unit_amount"] == "0.40"),
        ("remove-tier charges[9].terms:2", lambda f: f["charges[0].key"] == "base"),
        ("remove-charge elsewhere", lambda f: f["charges[0].key"] == "base"),
        ("nonsense", lambda f: f["charges[0].key"] == "base"),
    ):  # fmt: skip
        form = form_of(page(send(admin, form, do)))
        assert check(form), do
    assert PlanVersion.objects.count() == 1


def test_another_model_keeps_the_price_there_was(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, selling.DOCUMENTS)
    form = {**editor(admin), "charges[1].model": "graduated"}
    form = form_of(page(send(admin, form, "look")))
    assert form["charges[1].terms.tiers[0].unit_amount"] == "2.00"


def test_the_example_is_what_an_invoice_would_say(
    admin: Client, harbor: Account, maris: Account
) -> None:
    version = selling.published(selling.BASE, TIERS)
    for one, quantity in ((harbor, "8400"), (maris, "500")):
        selling.sell(one, version)
        use(one, "2026-04", quantity)
    form = {**editor(admin), "as": "harbor"}
    soup = page(admin.post("/plans/basic/edit/", {**form, "do": "look"}))
    assert form_of(soup)["usage.documents"] == "8,400"
    assert soup.select_one("#plan-pays").text == "3,060.00"  # 100 + 7,400 × 0.40
    live = page(admin.post("/plans/basic/live/", {**form_of(soup), "usage.documents": "11,000"}))
    assert live.select_one("#plan-pays").text == "3,950.00"  # 100 + 9,000 × 0.40 + 1,000 × 0.25
    assert "the marks below are 2 customers in April" in live.select_one("figure").text


def test_the_middle_customer_is_the_default(
    admin: Client, harbor: Account, maris: Account, kestrel: Site
) -> None:
    version = selling.published(selling.BASE, TIERS)
    for one, quantity in ((harbor, "8400"), (maris, "500")):
        selling.sell(one, version)
        use(one, "2026-04", quantity)
    soup = page(admin.get("/plans/basic/edit/"))
    assert form_of(soup)["usage.documents"] == "500"  # the lower of two in the middle
    assert "As used in April 2026." in soup.select_one(".plan-usage").text


def test_usage_that_is_no_number_is_said(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    form = editor(admin)
    for text in ("lots", "-1", "NaN", "1e99"):
        soup = page(
            admin.post("/plans/basic/edit/", {**form, "usage.documents": text, "do": "look"})
        )
        assert f"{text} is no number" in soup.select_one(".plan-usage").text


def test_wholesale_is_told_and_prices_below_it_are_warned_of(
    admin: Client, harbor: Account, kestrel: Site
) -> None:
    with schema_context("public"):
        partner = accounts.of_partner(Partner.objects.get(schema_name="kestrel"))
        dear = {**selling.DOCUMENTS, "terms": {"unit_amount": "0.3"}}
        selling.sell(partner, selling.published(dear, slug="wholesale"))
    version = selling.published(selling.BASE, TIERS)
    selling.sell(harbor, version)
    use(harbor, "2026-04", "8400")
    soup = page(admin.get("/plans/basic/edit/"))
    said = texts(soup, ".plan-think li")
    assert said == [
        "Documents above 10,000 at 0.25 is below wholesale, 0.30 each.",
        "Documents: the 1,000 that are free cost up to 300.00 a month at wholesale, and the fixed charges"
        " bring 100.00.",
        "The example leaves 17.6 %, below your floor of 20 %.",
    ]  # 3,060.00 − 2,520.00 = 540.00, of 3,060.00
    assert "2 things" not in soup.select_one("#plan-says").text
    assert "3 things to think of" in soup.select_one("#plan-says").text
    heads = [head.text for head in soup.select("figure thead th")]
    assert heads == ["Documents a month", "price, USD", "wholesale, USD"]


def test_a_charge_that_nobody_would_pay_is_warned_of(admin: Client, harbor: Account) -> None:
    version = selling.published(selling.BASE, TIERS)
    selling.sell(harbor, version)
    use(harbor, "2026-04", "900")
    said = texts(page(admin.get("/plans/basic/edit/")), ".plan-think li")
    assert said == [
        "Nobody would have paid Documents: 1,000 are free, and the most that anybody used is 900."
    ]
