"""Views of the desk with their counts, filters, what is found by a search, and what people save."""

from datetime import timedelta

import pytest

from monitoring.domain import assignment, leases
from monitoring.models import ExceptionCase, SavedView, Team
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.desk import NOON, make, titles
from tests.monitoring.rule_scenery import solve
from tests.pages.scenery import HELD_ROWS, page, texts

pytestmark = pytest.mark.db
EVIL = "<img src=x onerror=alert(1)>"


def tabs(response):
    return texts(page(response), ".bar .tabs a")


@pytest.fixture
def scene(harbor, ana, ben):
    """One case or two for each view."""
    with clock.freeze(NOON):
        make(harbor.shop, "free")
        make(
            harbor.shop,
            "free, S1, cut-off at 23:00",
            severity=1,
            cutoff_at=NOON + timedelta(hours=11),
        )
        make(harbor.shop, "came back", times_back=1, assignee=ben)
        make(harbor.shop, "mine", assignee=ana, cutoff_at=NOON + timedelta(hours=13))
        team = Team.objects.create(name="Master data")
        team.members.add(ana)
        make(harbor.shop, "my team's", team=team)
        make(harbor.shop, "of another team", team=Team.objects.create(name="EDI"))
        leases.take(make(harbor.shop, "leased by me").pk, ana)
        leases.take(make(harbor.shop, "leased by ben").pk, ben)
        make(harbor.shop, "waits", state="waiting")
        make(harbor.shop, "snoozed", state="snoozed", snoozed_until=NOON + timedelta(hours=2))
        done = {"state": "resolved", "resolution": "lookup added"}
        make(harbor.shop, "done", **done, closed_at=NOON - timedelta(hours=1))
        make(harbor.shop, "long done", **done, closed_at=NOON - timedelta(days=1))
        yield


@pytest.mark.usefixtures("scene")
def test_every_view_has_a_tab_with_its_count(operator):
    assert tabs(operator.get("/desk/")) == [
        "All open 10", "Mine 3", "Free 2", "Cut-off today 1", "Came back 1", "Waiting 1",
        "Snoozed 1", "S1 1", "Closed today 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("mine", {"mine", "my team's", "leased by me"}),
        ("free", {"free", "free, S1, cut-off at 23:00"}),
        ("today", {"free, S1, cut-off at 23:00"}),
        ("back", {"came back"}),
        ("waiting", {"waits"}),
        ("snoozed", {"snoozed"}),
        ("s1", {"free, S1, cut-off at 23:00"}),
        ("closed", {"done"}),
    ],
)
@pytest.mark.usefixtures("scene")
def test_a_view_shows_its_cases(operator, view, shown):
    answer = operator.get(f"/desk/?view={view}")
    assert set(titles(answer)) == shown
    [current] = texts(page(answer), ".bar .tabs a[aria-current]")
    assert current.endswith(f" {len(shown)}")


@pytest.mark.usefixtures("scene")
def test_a_lease_that_is_over_holds_no_case(operator):
    with clock.freeze(NOON + timedelta(minutes=6)):
        assert "leased by ben" in titles(operator.get("/desk/?view=free"))


@pytest.mark.usefixtures("scene")
def test_a_closed_case_is_struck_through_with_its_outcome(operator):
    row = page(operator.get("/desk/?view=closed")).select_one("tbody tr[data-row]")
    assert row.has_attr("data-gone")
    assert row.select_one(".outcome").text == "lookup added"


def test_filters_narrow_by_customer_cause_endpoint_severity_tag_and_holder(
    operator, harbor, maris, ana
):
    make(harbor.shop, "ours", tags=["peak"])
    at_erp = make(harbor.erp, "at the ERP", code="unavailable", severity=1)
    team = Team.objects.create(name="EDI")
    make(maris.shop, "theirs", team=team)
    assignment.assign(at_erp, actor="Ana", person=ana)
    queries = {
        "customer=maris": ["theirs"], "cause=unavailable": ["at the ERP"], "endpoint=shop": ["ours"],
        "severity=1": ["at the ERP"], "severity=S1": ["at the ERP"], "tag=peak": ["ours"],
        f"holder=person-{ana.pk}": ["at the ERP"], "holder=me": ["at the ERP"],
        f"holder=team-{team.pk}": ["theirs"], "holder=nobody": ["ours"],
        "customer=harbor&severity=2": ["ours"], "holder=person-x": [], "tag=nope": [],
    }  # fmt: skip
    assert {query: titles(operator.get(f"/desk/?{query}")) for query in queries} == queries


def test_filters_say_what_is_chosen_and_escape_clears_them(operator, harbor):
    make(harbor.shop, "ours", tags=["peak"], code="unknown_sku")
    shown = page(operator.get("/desk/?view=free&endpoint=shop&tag=peak&cause=unknown_sku"))
    assert texts(shown, "select[data-active] option[selected]") == [
        "unknown item", "Web shop, Harbor Outfitters", "peak",
    ]  # fmt: skip
    assert texts(shown, ".more > summary[data-active]") == ["peak"]
    assert shown.select_one("a[data-escape]")["href"] == "/desk/?view=free"
    assert (
        page(operator.get("/desk/?view=free")).select("a[data-escape].clear, form a[data-escape]")
        == []
    )


def test_with_a_customer_chosen_only_their_endpoints_are_offered(operator, harbor, maris):
    make(harbor.shop, "ours")
    make(maris.shop, "theirs")
    both = page(operator.get("/desk/"))
    one = page(operator.get("/desk/?customer=maris"))
    offered = "select[name=endpoint] option[value]:not([value=''])"
    assert texts(both, offered) == ["Web shop, Harbor Outfitters", "maris-Web shop, Maris Foods"]
    assert texts(one, offered) == ["maris-Web shop, Maris Foods"]


@pytest.mark.parametrize(
    "text", ["C-{n}", "{n}", "c-{n}", "tent-old", "1002", " 1002 ", "not known tent"]
)
def test_search_finds_a_case_by_its_number_its_words_and_the_orders_it_holds(
    operator, harbor, text
):
    case = hold(harbor, "1001", "1002")
    hold(harbor, "7001", sku="ELSE")
    found = titles(operator.get("/desk/", {"q": text.format(n=case.pk)}))
    assert found == ["SKU TENT-OLD is not known"]


def test_search_knows_every_number_of_an_order_that_went_on(operator, harbor, sink):
    sink.status = 422
    harbor.shop.mappings.update(rows=[*HELD_ROWS, ["po_number", "po_number"]])
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P", po_number="PO-77"))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get(endpoint=harbor.erp)
    for text in ("1001", "po-77", "tent-2p"):
        assert titles(operator.get("/desk/", {"q": text})) == [case.title], text
    assert titles(operator.get("/desk/", {"q": "PO-7"})) == []


def test_search_by_its_number_finds_a_closed_case_among_all(operator, harbor):
    case = make(harbor.shop, "done", state="resolved", closed_at=clock.now() - timedelta(days=9))
    assert titles(operator.get("/desk/", {"q": case.label})) == ["done"]
    assert titles(operator.get("/desk/", {"q": case.label, "view": "free"})) == []


def test_search_finds_what_held_an_order_until_it_was_closed(operator, harbor, ana, sink):
    case = hold(harbor, "1001", "1002")
    solve(case, ana)
    later = hold(harbor, "1003", sku="TENT-NEW")
    assert titles(operator.get("/desk/", {"q": "1001"})) == ["SKU TENT-OLD is not known"]
    assert titles(operator.get("/desk/", {"q": "1003"})) == [later.title]
    assert titles(operator.get("/desk/", {"q": "1001", "view": "free"})) == []
    assert titles(operator.get("/desk/", {"q": "1001", "view": "closed"})) == [case.title]
    assert titles(operator.get("/desk/", {"q": "1001", "customer": "maris"})) == []


def save(client, name="Harbor, S1", query="customer=harbor&severity=1", **fields):
    return client.post("/desk/views/", {"name": name, "query": query, **fields})


def test_a_saved_view_is_a_tab_with_its_count_for_its_person_alone(operator, engineer, harbor, ana):
    make(harbor.shop, "severe", severity=1)
    make(harbor.shop, "plain")
    answer = save(operator)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/?customer=harbor&severity=1")
    assert SavedView.objects.get().person == ana
    shown = operator.get(answer["Location"])
    assert tabs(shown)[9:] == ["Harbor, S1 1"]
    assert texts(page(shown), ".bar .tabs a[aria-current]") == ["Harbor, S1 1"]
    assert titles(shown) == ["severe"]
    assert len(tabs(engineer.get("/desk/"))) == 9


def test_a_shared_view_is_everybodys(operator, engineer, harbor):
    save(operator, shared="1")
    assert tabs(engineer.get("/desk/"))[9:] == ["Harbor, S1 0"]


def test_what_was_searched_is_not_saved_and_without_a_filter_nothing_is(operator, harbor):
    save(operator, query="q=1001&tag=peak&view=free&next=//evil")
    assert SavedView.objects.get().query == "view=free&tag=peak"
    assert save(operator, query="view=s1&q=1001")["Location"] == "/desk/?view=s1"
    save(operator, name="  ")
    assert SavedView.objects.count() == 1


def test_eight_views_are_the_most(operator, harbor):
    for n in range(9):
        save(operator, name=f"View {n}")
    assert SavedView.objects.count() == 8
    shown = page(operator.get("/desk/"))
    assert texts(shown, ".toast") == ["Not saved: 8 views are the most. Delete one first."]
    assert len(texts(shown, ".bar .tabs a")) == 17


def test_one_deletes_ones_own_view_and_not_anothers(operator, engineer, harbor):
    save(operator)
    view = SavedView.objects.get()
    assert engineer.post(f"/desk/views/{view.pk}/delete/").status_code == 404
    form = page(operator.get(f"/desk/?{view.query}")).select_one(
        f"form[action='/desk/views/{view.pk}/delete/']"
    )
    assert form.button["aria-label"] == "Delete the view Harbor, S1"
    assert operator.post(form["action"]).status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_is_saved_and_deleted_by_post_alone(operator, harbor):
    save(operator)
    assert operator.get("/desk/views/").status_code == 405
    assert operator.get(f"/desk/views/{SavedView.objects.get().pk}/delete/").status_code == 405


def test_hostile_names_of_tags_and_views_are_shown_as_text(operator, harbor):
    make(harbor.shop, "plain", tags=[EVIL])
    save(operator, name=EVIL, query="tag=%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E")
    for address in ("/desk/", f"/desk/?{SavedView.objects.get().query}"):
        answer = operator.get(address)
        assert page(answer).select("img") == []
        assert b"&lt;img src=x onerror=alert(1)&gt;" in answer.content


def test_no_view_of_another_partner_shows(operator, stranger, harbor):
    save(operator, shared="1", name="Kestrel's own")
    address = f"/desk/views/{SavedView.objects.get().pk}/delete/"
    assert "Kestrel" not in " ".join(tabs(stranger.get("/desk/")))
    assert stranger.post(address).status_code == 404
    assert "Kestrel's own 0" in tabs(operator.get("/desk/"))
