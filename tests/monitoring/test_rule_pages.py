"""The pages of rules: what is worth one, what one did, and who may let it work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import LookupRow
from monitoring.domain import learn, rule_evidence
from monitoring.models import Fix, RemedyRule
from portal.accounts.models import Person
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.monitoring.rule_scenery import WORDS, act, rule, solve
from tests.pages.scenery import page, texts

pytestmark = [pytest.mark.db, pytest.mark.long]

EVIL = "<script>alert(1)</script>"
LIMITS = {"most_documents": "20", "most_amount": "500", "most_per_day": "40", "expires_at": "",
          "suggestions_needed": "3"}  # fmt: skip


@pytest.fixture
def often(harbor, maris, ana, sink):
    """The same row added three times, for two customers."""
    for where, number in ((harbor, "1001"), (maris, "2001"), (harbor, "1002")):
        LookupRow.objects.filter(table=where.table, code="TENT-OLD").delete()
        fix = solve(hold(where, number), ana)
    return fix


def proposed(fix, person) -> RemedyRule:
    made = learn.propose(fix.pk, person, scope="all")
    while rule_evidence.try_next(made.pk):
        pass
    made.refresh_from_db()
    return made


def buttons(soup) -> list[str]:
    return texts(soup, "main form button")


def test_what_helped_often_is_shown_as_worth_a_rule(operator, often):
    shown = page(operator.get("/rules/"))
    cells = texts(shown, "#rules table:first-of-type tbody tr > *")
    assert cells[0] == f"{WORDS} last in {often.case.label}"
    assert cells[1:3] == ["Harbor Outfitters, Maris Foods", "3"]
    assert texts(shown, "#rules select option") == ["for all customers", "for Harbor Outfitters"]
    assert page(operator.get("/rules/?view=off")).select("#rules form") == []


def test_an_empty_page_says_how_rules_come_about(operator, kestrel):
    assert texts(page(operator.get("/rules/")), ".empty p") == [
        "There is no rule yet. A remedy that helped three times and was never undone is proposed here."
    ]


def test_an_operator_proposes_and_cannot_approve(operator, often):
    answer = operator.post("/rules/propose/", {"fix": often.pk, "scope": "all"}, follow=True)
    made = RemedyRule.objects.get()
    while rule_evidence.try_next(made.pk):
        pass
    assert answer.redirect_chain == [(f"/rules/{made.pk}/", 302)]
    shown = page(operator.get(f"/rules/{made.pk}/"))
    assert buttons(shown) == ["Try it again T"]
    for verb in ("approve", "act", "suggest", "off", "on", "limits"):
        assert operator.post(f"/rules/{made.pk}/{verb}/", LIMITS).status_code == 403
    made.refresh_from_db()
    assert made.state == "proposed"


def test_the_page_tells_the_evidence_in_words(engineer, harbor, often, ana):
    LookupRow.objects.filter(code="TENT-OLD").delete()
    hold(harbor, "1003", "1004")
    made = proposed(often, ana)
    shown = page(engineer.get(f"/rules/{made.pk}/"))
    assert texts(shown, "h1") == [WORDS]
    told = texts(shown, "#evidence p")
    assert told[0].startswith("For unknown item TENT-OLD, all customers.")
    assert told[1] == (
        "It would have acted on 1 case in the last 90 days, with 1 document: 1 resolved the same way,"
        " none otherwise, none undone."
    )
    assert told[2] == "Open now: 1 case, 2 documents; 2 pass, 0 fail."
    assert told[3].endswith("Nothing was sent.")
    row = texts(shown, "#rule table tbody tr:first-of-type > *")
    assert row[1:] == ["Harbor Outfitters", "2", "2", "none", "none"]


def test_while_it_is_being_tried_the_page_says_how_far_and_comes_again(
    engineer, often, harbor, ana
):
    LookupRow.objects.filter(code="TENT-OLD").delete()
    hold(harbor, "1003")
    made = learn.propose(often.pk, ana, scope="all")
    shown = page(engineer.get(f"/rules/{made.pk}/"))
    assert "0 of 1 open cases tried" in shown.select_one("#evidence").get_text()
    assert shown.select_one("#evidence")["hx-trigger"] == "load delay:1s"
    assert "Approve as suggestion" not in buttons(shown)


def test_from_proposed_to_acting(engineer, harbor, maris, often, ana, sink):
    made = proposed(often, ana)
    address = f"/rules/{made.pk}/"
    assert "Approve as suggestion" in buttons(page(engineer.get(address)))[-2]
    engineer.post(f"{address}approve/", {**LIMITS, "suggestions_needed": "1"})
    made.refresh_from_db()
    assert (made.state, made.most_documents, made.suggestions_needed) == ("suggesting", 20, 1)
    shown = page(engineer.get(address))
    assert not any("Let it act" in text for text in buttons(shown))
    assert "right 0 times in a row. After 1 somebody" in shown.get_text()
    LookupRow.objects.filter(code="TENT-OLD").delete()
    solve(hold(harbor, "1003"), ana)
    assert any("Let it act" in text for text in buttons(page(engineer.get(address))))
    engineer.post(f"{address}act/")
    LookupRow.objects.filter(code="TENT-OLD").delete()
    case = hold(maris, "2003")
    act(case)
    shown = page(engineer.get(address))
    assert texts(shown, ".figures b")[:2] == ["1", "1"]
    rows = texts(shown, "#rule table:last-of-type tbody tr:first-of-type > *")
    assert rows[:5] == [case.label, "Maris Foods", "by itself", "done", "1"]
    listed = texts(page(engineer.get("/rules/")), "#rules tbody tr > *")
    assert listed[1:7] == ["acts by itself", "1", "1", "", "", "4 min"]
    assert texts(page(engineer.get("/rules/")), ".page-facts b") == ["1 case", "4 min"]


def test_a_rule_that_may_not_act_yet_is_not_let_by_a_post_either(engineer, kestrel):
    made = rule("suggesting", right=29)
    answer = engineer.post(f"/rules/{made.pk}/act/")
    assert answer.status_code == 409
    assert b"it may act after 30" in answer.content


def test_a_rule_that_switched_itself_off_says_why_and_can_be_switched_on(engineer, kestrel):
    why = "2 documents it let go were held again for the same cause."
    made = rule("off", off_reason=why, off_at=clock.now(), fired=1)
    shown = page(engineer.get(f"/rules/{made.pk}/"))
    notice = shown.select_one(".notice")
    assert (notice["data-state"], "by itself: " + why in notice.text) == ("bad", True)
    assert texts(page(engineer.get("/rules/")), "#rules td .status") == ["switched itself off"]
    engineer.post(f"/rules/{made.pk}/on/")
    made.refresh_from_db()
    assert made.state == "suggesting"


def test_switching_off_takes_a_reason(engineer, kestrel):
    made = rule()
    assert b"Say why" in engineer.post(f"/rules/{made.pk}/off/", {"reason": " "}).content
    engineer.post(f"/rules/{made.pk}/off/", {"reason": "items are renamed"})
    shown = page(engineer.get(f"/rules/{made.pk}/"))
    assert "by Engineer: items are renamed" in texts(shown, ".notice")[0]
    assert texts(shown, ".activity span") == ["Engineer: Switched off: items are renamed"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"most_documents": "0"}, "greater than or equal to 1"),
        ({"most_amount": "x"}, "Enter a number"),
        ({"expires_at": "2020-01-01T00:00"}, "That time is over"),
        ({"suggestions_needed": ""}, "required"),
        ({"most_per_day": "99999999999"}, "less than or equal to"),
    ],
)
def test_limits_that_cannot_be_are_refused_where_they_stand(engineer, kestrel, change, why):
    made = rule("suggesting")
    answer = engineer.post(f"/rules/{made.pk}/limits/", {**LIMITS, **change})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    made.refresh_from_db()
    assert made.most_documents == 50


def test_limits_are_kept(engineer, kestrel):
    made = rule("acting")
    engineer.post(f"/rules/{made.pk}/limits/", LIMITS)
    made.refresh_from_db()
    assert (made.most_documents, made.most_amount, made.most_per_day) == (20, 500, 40)


def test_an_expired_rule_says_so(operator, kestrel):
    made = rule(expires_at=clock.now() - timedelta(days=1))
    shown = page(operator.get(f"/rules/{made.pk}/"))
    assert "It expired" in texts(shown, ".notice")[0]
    assert texts(shown, ".page-head .status")[0].startswith("expired ")


def test_who_proposed_is_told_that_somebody_else_has_to_approve(engineer, kestrel):
    ben = Person.objects.get(email="engineer@kestrel.test")
    made = rule("suggesting", proposer=ben, proposed_by="Engineer", remedy="skip", right=30,
                terms={"reason": "test"})  # fmt: skip
    shown = page(engineer.get(f"/rules/{made.pk}/"))
    assert "Somebody other than Engineer" in texts(shown, ".notice")[0]
    assert not any("Let it act" in text for text in buttons(shown))
    assert engineer.post(f"/rules/{made.pk}/act/").status_code == 409


def test_the_list_is_narrowed_by_state_and_customer(operator, kestrel):
    rule("suggesting", customer_id=kestrel.harbor, words="of harbor")
    rule("off", words="of all", off_by="Ana")
    rule("acting", customer_id=kestrel.maris, words="of maris")

    def shown(query: str) -> list[str]:
        return texts(page(operator.get(f"/rules/{query}")), "#rules th a[data-row-link]")

    assert shown("") == ["of maris", "of all", "of harbor"]
    assert shown("?view=work") == ["of maris", "of harbor"]
    assert shown("?customer=harbor") == ["of all", "of harbor"]
    assert shown("?view=off&customer=maris") == ["of all"]
    assert shown("?before=x&view=zz") == ["of maris", "of all", "of harbor"]


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_three(engineer, kestrel, often):
    rule()
    engineer.get("/rules/")
    with CaptureQueriesContext(connection) as one:
        engineer.get("/rules/")
    for state in ("suggesting", "off"):
        rule(state, customer_id=kestrel.harbor)
    with CaptureQueriesContext(connection) as three:
        engineer.get("/rules/")
    assert len(three) == len(one)
    assert len(one) < 24


def test_hostile_texts_are_shown_as_text(engineer, harbor, ana, sink):
    case = hold(harbor, "1001", sku=EVIL)
    Fix.objects.filter(pk=solve(case, ana).pk).update(words=EVIL)
    made = rule(
        words=EVIL, value=EVIL, path=EVIL, code="x<b>", off_reason=EVIL, proposed_by=EVIL, state="off",
        evidence={"left": [], "now": [], "words": [EVIL], "reasons": {EVIL: 1}, "at": None},
    )  # fmt: skip
    made.steps.create(text=EVIL, actor=EVIL)
    for address in ("/rules/", f"/rules/{made.pk}/"):
        content = engineer.get(address).content
        assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in content
        assert b"<script>alert" not in content


@pytest.mark.parametrize("given", [{}, {"fix": "x", "scope": "all"}, {"fix": "9" * 30, "scope": "all"},
                                   {"fix": "999999", "scope": "all"}])  # fmt: skip
def test_what_is_no_remedy_is_not_proposed(operator, kestrel, given):
    assert operator.post("/rules/propose/", given).status_code == 404


def test_a_scope_nobody_offered_is_not_found(operator, often):
    assert operator.post("/rules/propose/", {"fix": often.pk, "scope": "maris"}).status_code == 404
    assert not RemedyRule.objects.exists()


def test_proposing_twice_says_that_there_is_one(operator, often):
    given = {"fix": often.pk, "scope": "all"}
    operator.post("/rules/propose/", given)
    answer = operator.post("/rules/propose/", given, follow=True)
    assert "There is a rule for" in answer.content.decode()
    assert RemedyRule.objects.count() == 1


def test_viewers_and_strangers_see_no_rules(viewer, stranger, harbor, often, ana):
    made = proposed(often, ana)
    assert viewer.get("/rules/").status_code == 403
    assert viewer.get(f"/rules/{made.pk}/").status_code == 403
    assert stranger.get(f"/rules/{made.pk}/").status_code == 404
    assert "TENT-OLD" not in stranger.get("/rules/").content.decode()
    assert stranger.post("/rules/propose/", {"fix": often.pk, "scope": "all"}).status_code == 404
    assert stranger.post(f"/rules/{made.pk}/try/").status_code == 404


def test_the_rail_counts_proposals_for_those_who_may_approve(engineer, operator, kestrel):
    rule("proposed")
    rule("suggesting")

    def counted(client) -> list[str]:
        return texts(page(client.get("/rules/")), "a[href='/rules/'] .rail-count")

    assert (counted(engineer), counted(operator)) == (["1"], [])
