from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Message, Payload
from monitoring.models import CaseEvent, ExceptionCase
from portal.accounts.models import Role
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.desk import make
from tests.monitoring.hands import mend
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def test_a_case_tells_what_happened_in_plain_words(operator, harbor):
    case = hold(harbor, "1001", "1002", "1003")
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, "h1") == ["SKU TENT-OLD is not known"]
    told = texts(shown, ".case-main .section.on-surface:first-child p")
    assert told[0] == "“TENT-OLD” has no row in lookup table sku."
    assert told[1] == "3 orders from Web shop wait here; none went further."
    assert texts(shown, ".figures div") == ["3 held", "$384.00 at risk"]


def test_a_closed_case_tells_it_with_one_full_stop_and_in_the_right_number(operator, harbor):
    case = make(
        harbor.shop, "ship_to.city is missing.", documents=1, closed_at=clock.now(),
        state="skipped", resolution="Skipped: “XXX” is not a currency.",
    )  # fmt: skip
    shown = page(operator.get(f"/cases/{case.pk}/"))
    told = texts(shown, ".case-main .section.on-surface:first-child p")
    assert told[0] == "ship_to.city is missing."
    assert told[1].endswith(": Skipped: “XXX” is not a currency.")
    assert texts(shown, ".figures div") == ["1 was held"]


def test_problems_stand_with_their_paths_and_the_bad_value_is_marked_in_the_bytes(operator, harbor):
    case = hold(harbor, "1001")
    shown = page(operator.get(f"/cases/{case.pk}/"))
    row = texts(shown, "#document table tbody tr th, #document table tbody tr td")
    assert row == [
        "line 1, SKU lines[0].sku",
        "TENT-OLD",
        "“TENT-OLD” has no row in lookup table sku. unknown_sku",
    ]
    assert texts(shown, "#document .pane h3") == ["Received"]
    assert texts(shown, "#document .payload mark") == ['"TENT-OLD"']
    marked = texts(shown, "#document .payload li[data-mark=bad]")
    assert marked == ['"sku": "TENT-OLD" ,']


def test_every_document_of_a_case_is_listed_and_paged(operator, harbor):
    numbers = [f"2{n:03}" for n in range(105)]
    case = hold(harbor, *numbers)
    first = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(first, ".split-list td .id") == numbers[:100]
    older = first.select_one(".pager a[rel=next]")["href"]
    second = page(operator.get(older))
    assert texts(second, ".split-list td .id") == numbers[100:]
    newer = second.select_one(".pager a[rel=prev]")["href"]
    assert texts(page(operator.get(newer)), ".split-list td .id") == numbers[:100]


def test_another_document_is_chosen_by_its_address(operator, harbor):
    case = hold(harbor, "1001", "1002")
    second = Message.objects.filter(state="held").order_by("-pk").first()
    shown = page(operator.get(f"/cases/{case.pk}/?document={second.pk}"))
    assert texts(shown, "#document .pane-top .id") == ["1002"]
    assert texts(shown, "tr[data-chosen] .id") == ["1002"]


def test_a_document_of_another_case_is_not_shown(operator, harbor, maris):
    case = hold(harbor, "1001")
    hold(maris, "SECRET-9", sku="ELSE")
    other = Message.objects.get(customer_id=maris.customer_id, state="held")
    shown = operator.get(f"/cases/{case.pk}/?document={other.pk}")
    assert texts(page(shown), "#document .pane-top .id") == ["1001"]
    assert b"SECRET-9" not in shown.content


def test_without_the_right_the_bytes_are_hidden_and_it_says_who_can_grant_it(
    operator, admin, harbor
):
    case = hold(harbor, "1001")
    role = Role.objects.get(slug="operator")
    role.permissions = [p for p in role.permissions if p != "payloads.view"]
    role.save()
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".pane .empty") == [
        "Documents of Harbor Outfitters are not for Operator. Admin can grant it."
    ]
    assert shown.select(".payload") == []
    assert "Edit and replay" not in texts(shown, ".bar .tabs a")
    desk = operator.get("/desk/").content.decode()
    assert "400 Quay Street" not in desk
    assert 'class="evidence"' in desk


def test_who_may_only_look_is_offered_nothing_to_do(operator, harbor):
    case = hold(harbor, "1001")
    role = Role.objects.get(slug="operator")
    role.permissions = ["desk.view"]
    role.save()
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert shown.select("form#remedy, .bar .tabs a, form[action$='comment/']") == []
    for remedy in ("lookup", "edit", "retry", "skip", "comment"):
        assert operator.post(f"/cases/{case.pk}/{remedy}/").status_code == 403


def test_a_long_payload_is_shown_in_its_first_part_with_the_whole_to_download(operator, harbor):
    note = "x" * 250_000
    pipeline.store(harbor.shop, pipeline.order("1", sku="TENT-OLD", note=note))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get()
    response = operator.get(f"/cases/{case.pk}/")
    assert len(response.content) < 320_000
    message = Message.objects.get()
    shown = page(response)
    assert shown.select_one(".pane-links a")["href"] == f"/messages/{message.pk}/raw/"
    raw = operator.get(f"/messages/{message.pk}/raw/")
    assert raw.content == bytes(Payload.objects.get().body)
    assert raw["X-Content-Type-Options"] == "nosniff"
    assert raw["Content-Disposition"].startswith("attachment")
    edit = page(operator.get(f"/cases/{case.pk}/?remedy=edit"))
    assert edit.select_one("button[form=remedy]").has_attr("disabled")


def test_unreadable_bytes_are_shown_as_they_are(operator, harbor):
    pipeline.store(harbor.shop, b'{"number": "10\x00<b>')
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get()
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".payload li") == ['{"number": "10\\u0000<b>']


def test_the_case_of_an_endpoint_says_what_waits_for_it(operator, harbor, sink):
    sink.status = 503
    pipeline.store(harbor.shop, *[pipeline.order(str(n), sku="TENT-2P") for n in range(3)])
    with clock.freeze(clock.now()):
        pipeline.run(harbor.customer_id)
        case = ExceptionCase.objects.get()
        shown = page(operator.get(f"/cases/{case.pk}/"))
    told = " ".join(texts(shown, ".case-main .section.on-surface:first-child p"))
    assert told.startswith("Erp does not answer since ")
    assert "waits and goes out in order when it answers" in told
    assert "So there is nothing to dry-run." in told
    assert texts(shown, ".figures div") == ["3 waiting for it", "$384.00 in orders waiting"]
    assert texts(shown, ".split-list td .id") == ["0", "1", "2"]
    assert texts(shown, ".bar .tabs a") == ["Try again", "Wait", "Ask the customer", "Snooze"]


def test_a_comment_stands_in_the_activity_with_its_author(operator, harbor):
    case = hold(harbor, "1001")
    response = operator.post(f"/cases/{case.pk}/comment/", {"comment": "asked <b>Jo</b>"})
    assert (response.status_code, response["Location"]) == (302, f"/cases/{case.pk}/")
    event = CaseEvent.objects.get(action="comment")
    assert (event.actor, event.text) == ("Operator", "asked <b>Jo</b>")
    shown = operator.get(f"/cases/{case.pk}/")
    assert "You: asked <b>Jo</b>" in texts(page(shown), ".activity li span")
    assert b"<b>Jo" not in shown.content


def test_a_case_asks_the_same_number_of_queries_for_one_and_for_three_documents(operator, harbor):
    case = hold(harbor, "1001")
    operator.get(f"/cases/{case.pk}/")
    with CaptureQueriesContext(connection) as one:
        operator.get(f"/cases/{case.pk}/")
    hold(harbor, "1002", "1003")
    with CaptureQueriesContext(connection) as three:
        operator.get(f"/cases/{case.pk}/")
    assert len(three) == len(one)
    assert len(one) < 39


def test_a_case_that_is_not_there_is_not_found(operator, harbor):
    assert operator.get("/cases/404404/").status_code == 404
    assert operator.get("/cases/99999999999999999999999/").status_code == 404
    case = hold(harbor, "1001")
    assert operator.get(f"/cases/{case.pk}/?document={uuid4()}").status_code == 200
    assert operator.post(f"/cases/{case.pk}/no-such/").status_code == 404
    assert operator.get(f"/cases/{case.pk}/skip/").status_code == 405


def test_a_persons_action_stands_once_in_the_activity(operator, harbor):
    case = hold(harbor, "1001")
    mend(operator, case, "skip", reason="test order", button="Skip 1")
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".activity li span") == [
        "You: Skipped: test order: 1 of 1 ended",
        "You: Dry run of Skipped: test order: 1 can end",
        "You: Acknowledged",
        "You: Took it",
        "Opened: SKU TENT-OLD is not known",
    ]
    assert texts(shown, ".split-list td .id") == ["1001"]
    assert shown.select("#remedies") == []
