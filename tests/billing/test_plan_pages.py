"""The pages of plans: what each says, who may open it, and how often it asks the database."""

from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from billing.domain import accounts, plans, simulate
from billing.models import Account, LegalEntity, Metric, Plan, PlanVersion, Subscription
from portal.tenants.models import Partner
from tests.billing import selling
from tests.billing.pages import queries
from tests.billing.plan_pages import TIERS, editor, refused, send, use
from tests.billing.selling import ANA
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db

EVIL = "<script>alert(1)</script>"


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
    assert len(soup.select("table tbody tr")) == 24
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
