"""The page of a fix: what would happen, by reason and by document, and what then did."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import replay
from integrations.models import LookupRow, Message, Problem
from monitoring.domain import carrying
from monitoring.models import ExceptionCase, Fix, FixItem
from monitoring.queries import fix_groups, fix_results
from portal.accounts.models import Role
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.hands import follow, mend, page_of, press, shown_form, tried, url, use
from tests.monitoring.lanes import settle
from tests.pages.scenery import page, texts

pytestmark = [pytest.mark.db, pytest.mark.long]
NUMBERS = [str(number) for number in range(1001, 1009)]


def with_second_item(place, number):
    """An order that holds for the first item and, once that is known, for the second."""
    body = pipeline.order(number, sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    return body


def held(number):
    return Message.objects.get(state="held", business_key__endswith=number)


@pytest.fixture
def mixed(operator, harbor, sink):
    """Eight orders that pass, two for another case, one somebody skips meanwhile, one without content;
    the dry run is done."""
    case = hold(harbor, *NUMBERS, "2001", "2002")
    pipeline.store(harbor.shop, with_second_item(harbor, "3001"), with_second_item(harbor, "3002"))
    pipeline.run(harbor.customer_id)
    use(operator, case, "lookup", value="TENT-2P")
    replay.skip([held("2001").pk], actor="J. Okafor", reason="cancelled")
    Message.objects.filter(pk=held("2002").pk).update(payload=None)
    return settle(Fix.objects.get())


def test_while_it_is_tried_the_page_polls_and_can_be_refreshed_without_a_script(operator, harbor):
    response = use(operator, hold(harbor, "1001", "1002"), "lookup", value="TENT-2P")
    fix = Fix.objects.get()
    shown = follow(operator, response)
    progress = shown.select_one("#progress")
    assert progress["hx-get"] == f"{url(fix)}watch/?was=checking"
    assert progress["hx-trigger"] == "every 1s"
    assert progress.select_one("a.without-script")["href"] == url(fix)
    assert texts(shown, ".steps li[aria-current]") == ["2 Dry run"]
    assert "Nothing has been sent." in texts(shown, "#flow-end")[0]
    still = page(operator.get(progress["hx-get"]))
    assert texts(still, "#progress p") == ["0 of 2 tried, nothing is sent Refresh"]
    assert still.select("main") == []
    settle(fix)
    over = operator.get(progress["hx-get"])
    assert (over["HX-Retarget"], over["HX-Reselect"]) == ("main", "main")
    assert page(over).select("#progress") == []


def test_the_dry_run_says_what_becomes_of_each_and_what_happens_next(operator, mixed):
    shown = page(operator.get(url(mixed)))
    assert texts(shown, ".figures > div") == [
        "8 will pass", "2 would still fail", "2 cannot be replayed"
    ]  # fmt: skip
    other = ExceptionCase.objects.get(value="GONE-1")
    rows = texts(shown, ".fix-groups tbody tr")
    assert rows[0] == "pass becomes an order, goes to Erp 8 1,024.00 replay"  # 8 × 128
    assert rows[1] == (
        f"fail “GONE-1” has no row in lookup table sku. 2 256.00 moves to case {other.label}"
    )
    assert rows[2].startswith("not possible no longer held: skipped at ")
    assert rows[2].endswith(" by J. Okafor 1 128.00 nothing to do")
    assert rows[3] == "not possible its content was removed 1 128.00 skip with this reason"
    assert texts(shown, ".fix-groups tfoot tr") == ["All 12 1,536.00"]
    assert texts(shown, ".bar .second")[0].endswith(f"list {mixed.label}")
    assert texts(shown, ".figures .second")[0].startswith("dry run of 12 in ")
    assert "2 documents would move to other cases" in texts(shown, "#flow-end")[0]


def test_a_cause_without_a_case_would_make_a_new_one(operator, harbor):
    case = hold(harbor, "1001")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    FixItem.objects.update(verdict="fail", code="missing_field")
    FixItem.objects.update(fingerprint="00000000-0000-0000-0000-000000000001")
    rows = texts(page(operator.get(url(fix))), ".fix-groups tbody td:last-child")
    assert rows == ["new case, field missing"]


def test_reasons_and_documents_have_addresses_and_keys(operator, mixed):
    shown = page(operator.get(url(mixed)))
    reasons = shown.select(".fix-groups td.main a")
    second = page(operator.get(reasons[1]["href"]))
    assert texts(second, ".split-list td .id") == ["3001", "3002"]
    assert texts(second, ".fix-groups tr[data-chosen] th") == ["fail"]
    keys = {a["data-key"]: a["href"] for a in second.select(".key-bar a[data-key]")}
    assert keys == {"[": reasons[0]["href"], "]": reasons[2]["href"]}
    last = page(operator.get(second.select(".split-list td a")[1]["href"]))
    assert texts(last, "#document .pane-top .id") == ["3002"]
    assert last.select_one("#document .diff h3").text.startswith("Now: held at ")


def test_documents_of_a_reason_are_paged(operator, harbor):
    numbers = [f"2{n:03}" for n in range(105)]
    fix = tried(operator, hold(harbor, *numbers), "lookup", value="TENT-2P")
    first = page(operator.get(url(fix)))
    assert texts(first, ".split-list td .id") == numbers[:100]
    second = page(operator.get(first.select_one(".pager a[rel=next]")["href"]))
    assert texts(second, ".split-list td .id") == numbers[100:]
    back = page(operator.get(second.select_one(".pager a[rel=prev]")["href"]))
    assert texts(back, ".split-list td .id") == numbers[:100]


def test_one_document_is_shown_before_and_after_with_its_checks_and_what_would_go_out(
    operator, mixed
):
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#document .tabs a") == ["Changed 2", "Whole", "Raw"]
    old, new = shown.select("#document .diff > div")
    assert texts(old, "li[data-changed]") == ["lines[0].sku not there", "state held"]
    assert texts(new, "li[data-changed]") == [
        "lines[0].sku TENT-2P",
        "state becomes an order, goes to Erp",
    ]
    assert "Erp has not got it yet" in texts(shown, ".fix-checks dd")
    assert texts(shown, ".fix-sends summary")[0].startswith("order to Erp · ")
    assert '"sku": "TENT-2P"' in shown.select_one(".fix-sends pre").text
    whole = page(operator.get(f"{url(mixed)}?show=whole"))
    assert "ship_to.city Reno" in texts(whole, "#document .diff li")
    raw = page(operator.get(f"{url(mixed)}?show=raw"))
    assert texts(raw, "#document .pane h3") == ["As it is", "To Erp"]


def test_without_the_right_to_payloads_places_and_lengths_are_shown(operator, mixed):
    role = Role.objects.get(slug="operator")
    role.permissions = [p for p in role.permissions if p != "payloads.view"]
    role.save()
    for tab in ("", "?show=whole", "?show=raw"):
        answer = operator.get(f"{url(mixed)}{tab}")
        assert b"400 Quay Street" not in answer.content
        assert b"Ann Ex" not in answer.content
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#document .tabs a") == ["Changed 2", "Whole"]
    assert "lines[0].sku 7 characters" in texts(shown, "#document .diff li")  # TENT-2P
    assert shown.select("#document pre, #document .payload") == []
    assert "Documents of Harbor Outfitters are not for Operator." in texts(shown, "#document")[0]


def test_the_sentence_about_money_is_computed(operator, mixed):
    assert texts(page(operator.get(url(mixed))), "#money") == ["No total changes in any of the 8."]
    passing = mixed.items.filter(verdict="pass")
    passing.filter(position=1).update(becomes="140.00")
    passing.filter(position=2).update(amount=None)
    assert texts(page(operator.get(url(mixed))), "#money") == [
        "The total changes in 1 of the 7 whose totals are known, by +$12.00 in all."
        " Of 1 document a total is not known."
    ]
    passing.exclude(position=1).update(becomes=None)
    assert texts(page(operator.get(url(mixed))), "#money") == [
        "The total of the one document whose totals are known changes, by +$12.00."
        " Of 7 documents a total is not known."
    ]
    passing.update(becomes=None)
    assert texts(page(operator.get(url(mixed))), "#money") == [
        "Of none of the 8 both totals are known: money was not compared."
    ]


def test_an_edit_that_changes_the_total_is_told_with_the_difference(operator, harbor):
    case = hold(harbor, "1001")
    _, values = shown_form(operator, case, "edit")
    edited = values["payload"].replace("TENT-OLD", "TENT-2P").replace("128.00", "130.00")
    edited = edited.replace('"shipping": "5.00"', '"shipping": "7.00"')
    fix = tried(operator, case, "edit", payload=edited, reason="two more for shipping")
    assert texts(page(operator.get(url(fix))), "#money") == [
        "The total of the one document changes, by +$2.00."
    ]


def test_in_time_counts_what_goes_before_its_cutoff(operator, harbor):
    hold(harbor, "1001", "1002", "1003")
    soon, late = clock.now() + timedelta(hours=2), clock.now() - timedelta(minutes=1)
    Problem.objects.filter(message=held("1001")).update(cutoff_at=soon)
    Problem.objects.filter(message=held("1002")).update(cutoff_at=late)
    fix = tried(operator, ExceptionCase.objects.get(), "lookup", value="TENT-2P")
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".fix-groups thead th")[4] == "In time for cut-off"
    assert texts(shown, ".fix-groups tbody td")[3] == "1"  # of the two that have one
    skip = tried(operator, ExceptionCase.objects.get(), "skip", reason="test orders")
    shown = page(operator.get(url(skip)))
    assert "In time for cut-off" not in texts(shown, ".fix-groups thead th")  # nothing goes


def test_the_page_that_comes_by_watching_has_the_links_of_the_page(operator, mixed):
    shown = page(operator.get(f"{url(mixed)}watch/?was=checking"))
    links = [a["href"] for a in shown.select("#fix-documents a[hx-get], #fix-keys a")]
    assert len(links) > 8
    assert [link for link in links if not link.startswith(f"{url(mixed)}?")] == []


def test_a_canary_of_five_goes_first_then_the_rest_and_both_are_compared(operator, mixed, sink):
    shown = press(operator, mixed, "Send canary of 5")
    assert texts(shown, ".steps li[aria-current]") == ["3 Canary of 5"]
    watch = f"{url(mixed)}watch/?was=canary"
    assert shown.select_one("#progress")["hx-get"] == watch
    carrying.step(mixed.pk)
    assert texts(page(operator.get(watch)), "#progress li")[0] == "1001 on the way"
    pipeline.run(mixed.case.customer_id)
    mixed.items.filter(position=1).update(outcome="passed")
    live = texts(page(operator.get(watch)), "#progress li")
    assert (live[0], len(live)) == ("1001 passed", 5)
    settle(mixed)
    assert len(sink.taken) == 5
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#said > h2") == ["The canary of 5 is done"]
    assert texts(shown, ".figures > div") == ["5 passed"]
    assert "5 of 5 documents came out as the dry run said." in texts(shown, "#said > p")
    buttons = texts(shown, "#flow-end button")
    assert buttons == [
        "Replay the other 5 Enter",
        "Undo the 5 Z",
        "Cancel",
    ]  # 3 that pass, 2 that move on
    press(operator, mixed, "Replay the other 5")
    settle(mixed)
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#said > h2")[0].startswith("Replayed 8 of 10 at ")
    assert "12 of 12 documents came out as the dry run said." in texts(shown, "#said > p")
    assert texts(shown, ".fix-groups tbody tr")[0] == "passed as foreseen 8 1,024.00"
    left = [row for row in texts(shown, ".fix-groups tbody tr") if "left as it was" in row]
    assert [row.rsplit(" ", 2)[0] for row in left][1] == "left as it was its content was removed"


def test_progress_is_counted_while_it_is_replayed(operator, mixed):
    press(operator, mixed, "Replay all 8")
    carrying.step(mixed.pk)
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#progress p")[0].startswith("0 of 10 replayed, 0 failed")
    bar = shown.select_one("#progress progress")
    assert (bar["value"], bar["max"]) == ("0", "10")
    assert texts(shown, "#flow-end button") == ["Cancel"]
    press(operator, mixed, "Cancel")
    settle(mixed)
    assert mixed.state == "cancelled"
    shown = page(operator.get(url(mixed)))
    assert texts(shown, "#said > h2")[0].startswith("Cancelled at ")


def test_few_documents_need_no_canary(operator, harbor, sink):
    fix = tried(operator, hold(harbor, "1001", "1002", "1003"), "lookup", value="TENT-2P")
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".steps li") == ["1 Remedy", "2 Dry run", "3 Replay"]
    assert texts(shown, "#flow-end button") == ["Replay 3 Enter", "Cancel"]
    assert shown.select_one("#flow-end button")["data-key"] == "enter"


def test_it_is_undone_within_ten_minutes_with_an_outcome_for_each(operator, harbor, sink):
    case = hold(harbor, "1001", "1002")
    with clock.freeze(clock.now()) as now:
        fix = mend(operator, case, "lookup", value="TENT-2P")
        now.move(60)
        shown = page(operator.get(url(fix)))
        assert texts(shown, "form[data-until] button") == ["Undo the 2 9:00 Z"]
        assert texts(shown, "#flow-end .second") == [
            "Undoing holds again what has not arrived, and cancels orders where their target allows it."
            " Undoing takes the lookup row back, too."
        ]
        now.move(541)
        assert page(operator.get(url(fix))).select("form[data-until]") == []
        refused = page_of(operator.post(f"{url(fix)}undo/", follow=True))
        assert "10 minutes at most" in texts(refused, ".toast")[0]
        now.at -= timedelta(minutes=5)
        press(operator, fix, "Undo the 2")
        settle(fix)
    shown = page(operator.get(url(fix)))
    assert texts(shown, "#said > p") == ["TENT-OLD means what it meant before", ""]
    rows = texts(shown, ".fix-groups tbody tr")
    assert rows == ["cancelled there Erp had it; a cancel was asked for 2 256.00"]
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    assert texts(shown, "#flow-end .second") == [
        "What its target had is cancelled or put right there: see below."
    ]
    FixItem.objects.update(outcome="stays")
    assert texts(page(operator.get(url(fix))), "#flow-end .second") == [
        "Nothing could be taken back: see why below."
    ]
    FixItem.objects.filter(position=1).update(outcome="taken_back")
    assert texts(page(operator.get(url(fix))), "#flow-end .second") == [
        "What was taken back is held in the case again. See below why the others are not."
    ]


def test_what_stopped_says_what_happened_and_what_to_do(operator, harbor):
    fix = tried(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    Fix.objects.update(state="failed", trouble="Mapping 12 does not go live: v19 is newer.")
    shown = page(operator.get(url(fix)))
    assert texts(shown, "#said [role=alert]") == ["Mapping 12 does not go live: v19 is newer."]
    then = "Nothing was changed and nothing was sent. Run it again, or choose another remedy."
    assert then in texts(shown, "#said > p")
    press(operator, fix, "Run again")
    settle(fix)
    assert (fix.state, fix.trouble) == ("checked", "")
    Fix.objects.update(state="failed", trouble="It broke.", applied_at=clock.now())
    shown = page(operator.get(url(fix)))
    assert "Choose a remedy for what is left in the case." in " ".join(texts(shown, "#said > p"))
    assert shown.select("form[action$='/again/']") == []
    refused = page_of(operator.post(f"{url(fix)}again/", follow=True))
    assert texts(refused, ".toast") == ["Part of this list has gone. Begin anew with what is left."]


def test_a_document_of_another_customer_is_not_shown_in_a_fix(operator, harbor, maris):
    fix = tried(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    hold(maris, "SECRET-9", sku="ELSE")
    other = Message.objects.get(customer_id=maris.customer_id, state="held")
    answer = operator.get(f"{url(fix)}?document={other.pk}&reason=999")
    assert texts(page(answer), "#document .pane-top .id") == ["1001"]
    assert b"SECRET-9" not in answer.content


def test_a_payload_that_was_purged_cannot_be_replayed_and_is_skipped_with_its_reason(
    operator, mixed, sink
):
    link = page(operator.get(url(mixed))).select_one(".fix-groups tbody a[href*='remedy=skip']")
    shown = page(operator.get(link["href"]))
    assert texts(shown, "#flow-end button") == ["Skip 1 … R"]
    form = shown.select_one("form#remedy")
    values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert values["reason"] == "its content was removed"
    operator.post(form["action"], values)
    fix = settle(Fix.objects.order_by("pk").last())
    assert texts(page(operator.get(url(fix))), ".split-list td .id") == ["2002"]
    press(operator, fix, "Skip 1")
    settle(fix)
    assert Message.objects.get(business_key__endswith="2002").state == "skipped"
    assert Message.objects.filter(state="held").count() == 10


def test_a_fix_asks_the_same_number_of_queries_for_one_and_for_three_documents(operator, harbor):
    one = tried(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    three = tried(
        operator, hold(harbor, "2001", "2002", "2003", sku="B-OLD"), "lookup", value="TENT-2P"
    )
    for path, most in (("", 140), ("watch/?was=checked", 16)):
        operator.get(url(one) + path)
        with CaptureQueriesContext(connection) as first:
            operator.get(url(one) + path)
        with CaptureQueriesContext(connection) as second:
            operator.get(url(three) + path)
        assert len(second) == len(first), path
        assert len(first) < most, len(first)


def test_ten_thousand_documents_are_grouped_quickly_and_in_one_query(harbor, operator):
    fix = tried(operator, hold(harbor, "1001"), "retry")
    items = (
        FixItem(fix=fix, position=n, message_id=f"00000000-0000-0000-0000-{n:012d}", verdict="fail",
                reason=f"reason {n % 150}", amount=1, currency="USD")
        for n in range(2, 10_001)
    )  # fmt: skip
    FixItem.objects.bulk_create(items)
    with CaptureQueriesContext(connection) as asked:
        groups = fix_groups.foreseen(fix, now=clock.now())
    assert len(asked) == 1
    assert (len(groups.rows), groups.more, groups.documents) == (100, 51, 10_000)
    with CaptureQueriesContext(connection) as asked:
        assert fix_results.tally(fix).staying == 1
    assert len(asked) == 1
