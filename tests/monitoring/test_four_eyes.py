"""Drafts of mappings as a remedy, and what one person may not let go alone: these and edited amounts."""

import pytest

from integrations.domain import approval, drafts, evidence
from integrations.domain.subjects import Subject
from integrations.models import Kind
from monitoring.domain import fixing
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseEvent, ExceptionCase
from portal.accounts.models import Person
from portal.customers.models import Customer
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.hands import follow, press, shown_form, tried, url
from tests.monitoring.lanes import settle
from tests.monitoring.rule_scenery import act, rule
from tests.pages.scenery import HELD_ROWS, page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


def draft(place, author, rows):
    subject = Subject(place.customer_id, Kind.MAPPING, f"{place.shop.slug} order in")
    return drafts.begin(subject, author=author, content={"rows": rows})


def test_a_draft_of_another_customers_mapping_is_refused(engineer, harbor, maris):
    case = hold(harbor, "1001")
    author = Person.objects.get(email="engineer@kestrel.test")
    foreign = draft(maris, author, HELD_ROWS)
    action, values = shown_form(engineer, case, "mapping")
    response = engineer.post(action, {**values, "change": str(foreign.pk)})
    assert response.status_code == 422
    assert "is not one of the available choices" in response.content.decode()
    with pytest.raises(NotDoneError, match="choose an open draft"):
        fixing.begin(
            case, "mapping", {"change": foreign.pk}, words="x",
            ids=fixing.frozen(case, up_to=2**62), person=author,
        )  # fmt: skip


def tried_draft(engineer, harbor):
    """The engineer's own draft, which asks no lookup, tried on two orders."""
    case = hold(harbor, "1001", "1002")
    author = Person.objects.get(email="engineer@kestrel.test")
    rows = [["lines[].sku", "sku"] if row[0] == "lines[].sku" else row for row in HELD_ROWS]
    change = draft(harbor, author, rows)
    return change, tried(engineer, case, "mapping", change=str(change.pk))


def test_a_draft_of_ones_own_is_tried_before_it_goes_live(engineer, harbor, sink):
    one = {"approval": {"mapping": "one"}}
    Customer.objects.filter(pk=harbor.customer_id).update(policies=one)
    change, fix = tried_draft(engineer, harbor)
    assert texts(page(engineer.get(url(fix))), ".figures > div") == ["2 will pass"]
    change.refresh_from_db()
    assert (change.state, sink.taken) == ("draft", [])
    press(engineer, fix, "Replay 2")
    settle(fix)
    assert {line["sku"] for order in sink.taken for line in order["lines"]} == {"TENT-OLD"}
    change.refresh_from_db()
    assert change.state == "live"


def test_a_draft_that_another_has_to_approve_waits_for_that(kestrel, engineer, harbor, sink):
    change, fix = tried_draft(engineer, harbor)
    shown = page(engineer.get(url(fix)))
    why = f"{change} has to be approved by somebody else before it can go live. Ask for that in Changes."
    assert texts(shown, "#flow-end .second") == [f"Nothing has been sent. {why}"]
    assert refused(engineer, fix) == [why]
    press(engineer, fix, "Release")
    assert refused(sign_in(kestrel, "admin"), fix) == [
        why
    ]  # it would go live in the engineer's name
    assert (pipeline.states(), sink.taken) == (["held", "held"], [])
    author = Person.objects.get(email="engineer@kestrel.test")
    evidence.gather(change)
    asked = approval.ask(change.pk, actor=author, reason="their new items")
    admin = Person.objects.get(email="admin@kestrel.test")
    approval.approve(change.pk, actor=admin, edition=asked.edition)
    press(engineer, fix, "Replay 2")
    settle(fix)
    assert (fix.state, len(sink.taken)) == ("done", 2)


def refused(client, fix):
    """What is said to somebody who lets it go all the same."""
    answer = client.post(f"{url(fix)}go/", {"shown": fix.digest})
    return texts(follow(client, answer), ".toast")


def edited(client, harbor, *changes):
    """A held order of 128.00 with these changes in its text, tried."""
    case = hold(harbor, "1001")
    _, values = shown_form(client, case, "edit")
    text = values["payload"].replace("TENT-OLD", "TENT-2P")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return tried(client, case, "edit", payload=text, reason="agreed by phone")


def test_an_edit_that_changes_an_amount_is_let_go_by_somebody_else(
    operator, engineer, harbor, sink
):
    fix = edited(operator, harbor, ('"123.00"', '"23.00"'), ('"128.00"', '"28.00"'))
    why = (
        "The edit changes the amount from 128.00 USD to 28.00: somebody else than Operator has to"
        " let it go."
    )
    shown = page(operator.get(url(fix)))
    note = f"Nothing has been sent. {why}"
    assert texts(shown, "#flow-end .second") == [f"{note} Release the case for that."]
    assert not shown.select("#flow-end form[action$='/go/']")
    assert refused(operator, fix) == [why]
    with pytest.raises(NotNowError):
        fixing.go(fix.pk, person=None, shown=fix.digest, canary=False)
    assert (pipeline.states(), sink.taken) == (["held"], [])
    press(operator, fix, "Release")
    assert texts(page(operator.get(url(fix))), "#flow-end .second") == [note]
    press(engineer, fix, "Replay 1")
    settle(fix)
    assert (fix.state, [order["totals"]["total"] for order in sink.taken]) == ("done", ["28.00"])
    assert CaseEvent.objects.filter(case=fix.case, actor="Engineer", action="let_go").exists()


def test_an_edit_into_another_currency_is_one_too(operator, harbor):
    fix = edited(operator, harbor, ('"USD"', '"EUR"'))
    assert "what the document is worth, 128.00 USD until now" in refused(operator, fix)[0]


def test_an_edit_of_anything_else_goes_by_oneself(operator, harbor, sink):
    fix = edited(operator, harbor, ("Quay Street", "Quai Street"))
    press(operator, fix, "Replay 1")
    settle(fix)
    assert (fix.state, len(sink.taken)) == ("done", 1)


def test_a_customer_may_leave_amounts_to_one_person(kestrel, operator, harbor, sink):
    admin = sign_in(kestrel, "admin")
    form = page(admin.get("/changes/policy/?customer=harbor")).select_one("main form[method=post]")
    values = {
        select["name"]: select.select_one("[selected]")["value"] for select in form.select("select")
    }
    assert values["amount"] == "two"
    token = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    admin.post("/changes/policy/?customer=harbor", {**token, **values, "amount": "one"})
    fix = edited(operator, harbor, ('"123.00"', '"23.00"'), ('"128.00"', '"28.00"'))
    press(operator, fix, "Replay 1")
    settle(fix)
    assert (fix.state, len(sink.taken)) == ("done", 1)
    assert Customer.objects.get(pk=kestrel.maris).policies == {}


def test_an_edit_that_fails_for_another_reason_is_no_way_around(operator, engineer, harbor, sink):
    changes = ('"TENT-2P"', '"NOSUCH-1"'), ('"128.00"', '"9999.00"'), ('"USD"', '"AUD"')
    fix = edited(operator, harbor, *changes)
    assert fix.items.get().verdict == "fail"
    why = "The edit changes what the document is worth, 128.00 USD until now"
    assert refused(operator, fix) == [f"{why}: somebody else than Operator has to let it go."]
    press(operator, fix, "Release")
    press(engineer, fix, "Let 1 move on")
    settle(fix)
    moved = ExceptionCase.objects.get(value="NOSUCH-1")
    _, values = shown_form(engineer, moved, "edit")
    back = values["payload"].replace("NOSUCH-1", "TENT-2P").replace('"9999.00"', '"128.00"')
    fix = tried(engineer, moved, "edit", payload=back.replace("AUD", "USD"), reason="as it was")
    assert "9,999.00 AUD until now: somebody else than Engineer" in refused(engineer, fix)[0]
    assert sink.taken == []


def test_an_amount_that_nobody_could_read_is_not_set_by_one_person(operator, harbor, sink):
    totals = {**pipeline.order()["totals"], "total": "unknown"}
    pipeline.store(harbor.shop, pipeline.order("1001", totals=totals))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get()
    _, values = shown_form(operator, case, "edit")
    text = values["payload"].replace('"unknown"', '"998128.00"')
    fix = tried(operator, case, "edit", payload=text, reason="agreed by phone")
    assert "somebody else than Operator has to let it go" in refused(operator, fix)[0]
    assert sink.taken == []


def test_what_matters_ends_by_two_people_where_the_customer_wants_that(
    operator, engineer, harbor, sink
):
    case = hold(harbor, "1001")
    fix = tried(operator, case, "skip", reason="a test order")
    assert refused(operator, fix) == []  # one person may, unless the policy says otherwise
    settle(fix)
    assert fix.state == "done"
    Customer.objects.filter(pk=harbor.customer_id).update(policies={"approval": {"skip": "two"}})
    fix = tried(operator, hold(harbor, "1002"), "skip", reason="a test order")
    why = "What ends without effect here matters: somebody else than Operator has to let it go."
    assert refused(operator, fix) == [why]
    press(operator, fix, "Release")
    press(engineer, fix, "Skip 1")
    settle(fix)
    assert set(pipeline.states()) == {"skipped"}


def test_an_edited_amount_is_shown_wherever_the_document_stands(operator, engineer, harbor, sink):
    hold(harbor, "1002")
    fix = edited(operator, harbor, ('"128.00"', '"28.00"'))
    press(operator, fix, "Release")
    press(engineer, fix, "Replay 1")
    settle(fix)
    shown = page(engineer.get(url(fix)))
    assert "128.00" not in " ".join(texts(shown, "td.num"))
    assert texts(shown, ".fix-groups td.num")[1] == "28.00"


def test_who_comes_back_to_an_edit_goes_on_from_it(operator, harbor):
    fix = edited(operator, harbor, ("Quay Street", "Quai Street"))
    other = page(operator.get(url(fix))).find("a", string="Other remedy")["href"]
    form = page(operator.get(other)).select_one("form#remedy")
    assert "Quai Street" in form.select_one("textarea").text
    assert form.select_one("[name=reason]")["value"] == "agreed by phone"


def test_no_rule_ends_what_two_people_have_to_end(harbor, sink):
    Customer.objects.filter(pk=harbor.customer_id).update(policies={"approval": {"skip": "two"}})
    acting = rule(remedy="skip", terms={"reason": "samples"}, words="Skipped: samples")
    case = hold(harbor, "1001")
    fix = act(case)
    assert (fix.state, pipeline.states()) == ("checked", ["held"])
    assert f"somebody else than {acting.name} has to let it go" in fix.trouble
