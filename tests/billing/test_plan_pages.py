"""The pages of plans: what each says, who may open it, and how often it asks the database."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from billing.domain import accounts, intake, plans, simulate
from billing.models import Account, LegalEntity, Metric, Plan, PlanVersion, Subscription
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.tenants.models import Partner
from tests.billing import selling
from tests.billing.selling import ANA
from tests.billing.usage import account, at, event
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db

EVIL = "<script>alert(1)</script>"
TIERS = {
    **selling.DOCUMENTS, "model": "graduated",
    "terms": {"tiers": [{"up_to": "1000", "unit_amount": "0"}, {"up_to": "10000", "unit_amount": "0.4"},
                        {"up_to": None, "unit_amount": "0.25"}]},
}  # fmt: skip


@pytest.fixture
def now(kestrel: Site) -> Any:
    with clock.freeze(at("2026-05-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(now: Any, kestrel: Site) -> Account:
    return account(kestrel.harbor)


@pytest.fixture
def maris(now: Any, kestrel: Site) -> Account:
    return account(kestrel.maris)


@pytest.fixture
def staff(db: None) -> Client:
    with schema_context("public"):
        person = Person.objects.create_person(
            email="ops@platform.test", name="Ops", role=Role.objects.get(slug="platform-admin"),
            password=None,
        )  # fmt: skip
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(person, backend="portal.accounts.backends.EmailBackend")
    return client


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


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_list_says_what_each_costs_who_has_it_and_what_waits(
    admin: Client, harbor: Account
) -> None:
    version = selling.published(selling.BASE, TIERS)
    selling.sell(harbor, version)
    plans.draft(version.plan, author=ANA)
    row = page(admin.get("/plans/")).select_one("#plans tbody tr")
    assert texts(row, "td, th") == [
        "Basic $100.00 a month; Documents: first 1,000 free, then 0.40 to 10,000, then 0.25",
        "sold", "v1", "1", "draft v2 by Ana Ruiz",
    ]  # fmt: skip
    assert texts(page(admin.get("/plans/?view=archived")), ".empty p") == ["No plan is archived."]


def test_an_empty_list_leads_to_examples(admin: Client, now: Any) -> None:
    empty = page(admin.get("/plans/")).select_one(".empty")
    assert empty.a["href"] == "/plans/examples/"


def test_a_plan_stands_in_words_with_its_versions(
    admin: Client, harbor: Account, maris: Account
) -> None:
    first = selling.published(selling.BASE, TIERS)
    for one in (harbor, maris):
        selling.sell(one, first)
    draft = plans.draft(first.plan, author=ANA)
    content = {**draft.content, "charges": [selling.BASE]}
    draft = plans.save(draft, content, edition=1, author=ANA)
    selling.publish(draft)
    Subscription.objects.filter(account=maris).update(version=draft)
    soup = page(admin.get("/plans/basic/"))
    assert texts(soup, ".plan-words tbody tr > *") == [
        "Monitoring",
        "nothing, it is fixed",
        "100.00",
    ]
    rows = [
        texts(row, "td")
        for row in soup.select("#versions")[0].find_parent("section").select("tbody tr")
    ]
    assert [row[1:] for row in rows] == [
        ["new customers only", "1", "Maris Foods"], ["new customers only", "1", "Harbor Outfitters"],
    ]  # fmt: skip


def test_examples_are_there_to_be_used(admin: Client, now: Any) -> None:
    soup = page(admin.get("/plans/examples/"))
    assert len(soup.select(".bundle")) == 5
    assert len(soup.select(".bundle-tier")) == 15
    answer = admin.post("/plans/examples/monitoring-professional/use/")
    assert answer.url == "/plans/monitoring-professional/edit/"
    again = admin.post("/plans/examples/monitoring-professional/use/")
    assert again.url == "/plans/monitoring-professional-2/edit/"
    assert admin.post("/plans/examples/nothing/use/").status_code == 404
    assert texts(page(admin.get(answer.url)), ".crumb") == ["Plans / Monitoring, Professional"]


def test_a_new_plan_begins_with_nothing_an_example_or_a_copy(admin: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    for begins, keys in (
        ("", ["base"]), ("plan:basic", ["base", "documents"]), ("example:governance-essential", ["base", "flows"]),
    ):  # fmt: skip
        said = {"name": "Metrics", "currency": "eur", "begins": begins}
        url = admin.post("/plans/new/", said).url
        version = PlanVersion.objects.latest("pk")
        assert url == f"/plans/{version.plan.slug}/edit/"
        assert version.content["currency"] == "EUR"
        assert [one["key"] for one in version.content["charges"]] == keys
    slugs = set(Plan.objects.values_list("slug", flat=True))
    assert slugs == {
        "basic",
        "metrics-2",
        "metrics-3",
        "metrics-4",
    }  # /plans/metrics/ is another page


def test_an_unknown_currency_is_said(admin: Client, now: Any) -> None:
    answer = admin.post("/plans/new/", {"name": "A", "currency": "XYZ", "begins": ""})
    assert answer.status_code == 422
    assert "There is no currency XYZ." in answer.content.decode()


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


def test_history_is_worked_out_from_the_editor_and_stays_with_the_version(
    admin: Client, harbor: Account, maris: Account
) -> None:
    version = selling.published(selling.BASE, TIERS)
    for one, quantity in ((harbor, "8400"), (maris, "500")):
        selling.sell(one, version)
        use(one, "2026-04", quantity)
    form = {
        **editor(admin),
        "charges[1].terms.tiers[1].unit_amount": "0.3",
        "months": "3",
        "charges[0].terms.amount": "110",
    }
    assert send(admin, form, "simulate").url == "/plans/basic/edit/#history"
    soup = page(admin.get("/plans/basic/edit/"))
    assert texts(soup, "#history progress") == [""]
    assert "0 of 2 customers rated twice" in soup.select_one("#history").text
    simulate.finish()
    soup = page(admin.get("/plans/basic/edit/"))
    rows = [texts(row, "th, td.num") for row in soup.select(".plan-effect tbody tr")]
    assert rows == [
        ["Harbor Outfitters", "8,400", "3,060.00", "2,330.00", "−730.00"],  # 110 + 7,400 × 0.30
        ["Maris Foods", "500", "100.00", "110.00", "+10.00"],
    ]
    assert texts(soup, ".plan-sentence b") == [
        "Revenue −22.8 %, −720.00 USD. 1 customer would have paid less, 1 more."  # of 3,160.00
    ]
    url = soup.select_one(".plan-effect tbody a")["href"].split("?")[0]
    months = page(admin.get(f"{url}?account={maris.pk}"))
    assert texts(months, ".plan-months tbody tr:nth-of-type(4) > *") == [
        "Change",
        "",
        "",
        "+10.00",
        "+10.00",
    ]
    file = admin.get(f"{url}months.csv").content.decode().splitlines()
    assert file[1] == "Harbor Outfitters,2026-04,8400.00000000,3060.00,2330.00,-730.00,,USD,"
    form = {**editor(admin), "charges[0].terms.amount": "120"}
    send(admin, form)
    assert "earlier prices" in page(admin.get("/plans/basic/edit/")).select_one("#history").text


def test_publishing_shows_the_effect_and_asks_why_and_who_moves(
    admin: Client, harbor: Account
) -> None:
    version = selling.published(selling.BASE, TIERS)
    selling.sell(harbor, version)
    form = {**editor(admin), "charges[0].terms.amount": "110"}
    assert send(admin, form, "publish").url == "/plans/basic/publish/"
    soup = page(admin.get("/plans/basic/publish/"))
    assert texts(soup, "table tbody tr > *") == ["Monitoring", "100.00.", "110.00."]
    assert "1 customer on earlier versions: Harbor Outfitters." in soup.text
    said = {
        "who": "everyone",
        "from_month": "2026-06",
        "edition": "2",
        "note": "Costs rose",
        "do": "publish",
    }
    assert admin.post("/plans/basic/publish/", {**said, "note": ""}).status_code == 422
    assert admin.post("/plans/basic/publish/", {**said, "edition": "1"}).status_code == 409
    assert admin.post("/plans/basic/publish/", {**said, "from_month": "1999-01"}).status_code == 422
    assert admin.post("/plans/basic/publish/", said).url == "/plans/basic/"
    found = list(
        Subscription.objects.order_by("pk").values_list("version__number", "begins", "ends")
    )
    assert [(number, str(begins)) for number, begins, _ in found] == [
        (1, "2026-04-01"),
        (2, "2026-06-01"),
    ]
    assert "everyone from June 2026" in page(admin.get("/plans/basic/")).text
    assert admin.get("/plans/basic/publish/").status_code == 404


def test_of_two_persons_the_other_one_publishes(admin: Client, kestrel: Site, now: Any) -> None:
    accounts.entity()
    LegalEntity.objects.update(second_person=True)
    selling.published(selling.BASE, TIERS)
    send(admin, {**editor(admin), "charges[0].terms.amount": "110"})
    assert "somebody else publishes them" in page(admin.get("/plans/basic/publish/")).text
    said = {"who": "new", "from_month": "2026-06", "edition": "2", "note": "Costs rose"}
    assert admin.post("/plans/basic/publish/", {**said, "do": "publish"}).status_code == 409
    assert admin.post("/plans/basic/publish/", {**said, "do": "ask"}).url == "/plans/basic/"
    assert "v2 waits to be published, asked by Admin" in page(admin.get("/plans/")).text
    other = sign_in(kestrel, "admin", email="second@kestrel.test")
    shown = page(other.get("/plans/basic/publish/"))
    assert shown.select_one("[name=note]")["value"] == "Costs rose"
    assert other.post("/plans/basic/publish/", {**said, "do": "publish"}).url == "/plans/basic/"
    assert PlanVersion.objects.get(number=2).state == "published"


def test_whoever_may_only_write_prices_asks(finance: Client, now: Any) -> None:
    selling.published(selling.BASE, TIERS)
    send(finance, {**editor(finance), "charges[0].terms.amount": "110"})
    said = {"who": "new", "from_month": "2026-06", "edition": "2", "note": "Costs rose"}
    soup = page(finance.get("/plans/basic/publish/"))
    assert "publish" not in [button.get("value") for button in soup.select("main button")]
    assert finance.post("/plans/basic/publish/", {**said, "do": "publish"}).status_code == 409
    assert finance.post("/plans/basic/publish/", {**said, "do": "ask"}).status_code == 302


def test_a_plan_in_use_is_archived_and_not_deleted(admin: Client, harbor: Account) -> None:
    selling.sell(harbor, selling.published())
    answer = admin.post("/plans/basic/delete/")
    assert "Basic cannot be deleted: Harbor Outfitters had or have it" in refused(answer, 409).text
    assert admin.post("/plans/basic/archive/").status_code == 302
    assert texts(page(admin.get("/plans/?view=archived")), "tbody th a") == ["Basic"]
    assert admin.get("/plans/basic/edit/").status_code == 409
    admin.post("/plans/basic/bring-back/")
    assert texts(page(admin.get("/plans/")), "tbody th a") == ["Basic"]


def test_a_draft_is_thrown_away_and_with_the_first_one_its_plan(admin: Client, now: Any) -> None:
    selling.published()
    send(admin, {**editor(admin), "charges[0].terms.amount": "110"})
    assert admin.post("/plans/basic/discard/").url == "/plans/basic/"
    assert admin.post("/plans/basic/discard/").status_code == 409
    admin.post("/plans/examples/governance-essential/use/")
    assert admin.post("/plans/api-governance-essential/discard/").url == "/plans/"


def test_metrics_are_listed_added_and_archived_unless_in_use(admin: Client, now: Any) -> None:
    soup = page(admin.get("/plans/metrics/"))
    assert len(soup.select("table tbody tr")) == 23
    said = {"code": "pallets", "name": "Pallets", "unit": "pallet", "kinds": "pallet, half_pallet",
            "aggregation": "sum", "filters": "site = RNO1, RNO2"}  # fmt: skip
    assert admin.post("/plans/metrics/", said).status_code == 302
    made = Metric.objects.get(code="pallets")
    assert (made.kinds, made.filters) == (["pallet", "half_pallet"], {"site": ["RNO1", "RNO2"]})
    for changes, words in (
        ({}, "There is a metric pallets already."),
        ({"code": "b", "kinds": " , "}, "Say of which kind"),
        ({"code": "b", "aggregation": "unique"}, "Say of which field"),
        ({"code": "b", "field": "x"}, "Only different values"),
        ({"code": "b", "filters": "nonsense"}, "is no line such as"),
        ({"code": "No code"}, "slug"),
    ):
        assert words in refused(admin.post("/plans/metrics/", said | changes), 422).text
    charge = {**selling.DOCUMENTS, "metric": "pallets"}
    selling.published(charge)
    answer = admin.post("/plans/metrics/pallets/archive/")
    assert "Basic counts by Pallets." in refused(answer, 409).text
    assert admin.post("/plans/metrics/returns/archive/").status_code == 302
    assert texts(page(admin.get("/plans/metrics/?view=archived")), "tbody th")[0].startswith(
        "Returns"
    )


def test_names_that_look_like_tags_are_text(admin: Client, now: Any) -> None:
    selling.published({**selling.BASE, "name": EVIL}, {**TIERS, "name": EVIL})
    Plan.objects.update(name=EVIL)
    for path in ("/plans/", "/plans/basic/", "/plans/basic/edit/"):
        assert EVIL not in admin.get(path).content.decode()


PATHS = (
    "/plans/", "/plans/new/", "/plans/examples/", "/plans/metrics/", "/plans/basic/",
    "/plans/basic/edit/", "/plans/basic/publish/",
)  # fmt: skip


def test_operators_viewers_and_strangers_see_none_of_it(
    operator: Client, viewer: Client, stranger: Client, kestrel: Site, now: Any
) -> None:
    version = selling.published()
    plans.draft(version.plan, author=ANA)
    for path in PATHS:
        assert operator.get(path).status_code == 403, path
        assert viewer.get(path).status_code == 403, path
        assert stranger.get(path, HTTP_HOST=kestrel.host).status_code == 302, path
    for path in ("edit", "live", "publish", "archive", "delete", "discard", "rename"):
        assert operator.post(f"/plans/basic/{path}/").status_code == 403, path


def test_another_partners_plans_are_not_there(
    kestrel: Site, aurora: Site, admin: Client, now: Any
) -> None:
    with schema_context("aurora"):
        version = selling.published(slug="secret")
        made = simulate.ask(version, months=3, everyone=True, by="Ana")
    assert admin.get("/plans/secret/").status_code == 404
    assert admin.get(f"/plans/secret/simulations/{made.pk}/").status_code == 404
    assert "Secret" not in page(admin.get("/plans/")).text


def test_questions_do_not_grow_with_plans_versions_and_customers(
    admin: Client, harbor: Account, maris: Account
) -> None:
    version = selling.published(selling.BASE, TIERS)
    selling.sell(harbor, version)
    use(harbor, "2026-04", "900")
    draft = plans.draft(version.plan, author=ANA)
    simulate.ask(draft, months=3, everyone=True, by="Ana")
    simulate.finish()
    paths = (
        "/plans/",
        "/plans/basic/",
        "/plans/basic/edit/",
        "/plans/basic/publish/",
        "/plans/metrics/",
    )
    before = {path: queries(admin, path) for path in paths}
    selling.sell(maris, version)
    use(maris, "2026-04", "500")
    for slug in ("second", "third"):
        selling.sell(maris, selling.published(selling.BASE, TIERS, slug=slug))
        simulate.ask(draft, months=3, everyone=True, by="Ana")
    simulate.finish()
    assert {path: queries(admin, path) for path in paths} == before
    assert max(before.values()) < 35, before


def test_the_platform_has_the_same_for_its_partners(staff: Client, kestrel: Site, now: Any) -> None:
    with schema_context("public"):
        partner = accounts.of_partner(Partner.objects.get(schema_name="kestrel"))
        partner.open_from = "2026-04"
        partner.save()
        selling.sell(partner, selling.published(selling.BASE, TIERS))
        use(partner, "2026-04", "8400")
    assert "What partners pay" in page(staff.get("/plans/")).text
    form = {**editor(staff), "charges[0].terms.amount": "110", "months": "3"}
    send(staff, form, "simulate")
    soup = page(staff.get("/plans/basic/edit/"))
    assert texts(soup, ".plan-effect tbody td.num") == ["8,400", "3,060.00", "3,070.00", "+10.00"]
    assert len(page(staff.get("/plans/examples/")).select(".bundle-tier")) == 1
    for path in PATHS:
        assert staff.get(path).status_code == 200, path
