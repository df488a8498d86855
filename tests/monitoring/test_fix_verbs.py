"""Who may let a fix go, when it is refused, and the same remedy on the same cause elsewhere."""

import pytest
from django_tenants.utils import schema_context

from integrations.domain import replay
from integrations.models import LookupRow, Message
from monitoring.domain import closing
from monitoring.models import ExceptionCase, Fix
from portal.accounts.models import Role
from tests import pipeline
from tests.monitoring.conftest import hold, remarked
from tests.monitoring.hands import follow, mend, press, shown_form, tried, url, use
from tests.monitoring.lanes import settle
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def fix(operator, harbor, sink):
    return tried(operator, hold(harbor, "1001", "1002"), "lookup", value="TENT-2P")


def go(client, fix, **given):
    return client.post(f"{url(fix)}go/", {"shown": fix.digest, **given})


def said(client, response):
    return texts(follow(client, response), ".toast")


def test_only_the_list_that_was_shown_goes(operator, fix, sink):
    assert said(operator, go(operator, fix, shown="0" * 64)) == [
        "This list is not the one you were shown. Look at it again before it goes."
    ]
    settle(fix)
    assert (fix.state, sink.taken) == ("checked", [])


def test_a_second_click_is_told_that_it_is_under_way(operator, fix, sink):
    assert said(operator, go(operator, fix)) == []
    assert said(operator, go(operator, fix)) == ["It is under way already: replaying."]
    settle(fix)
    assert len(sink.taken) == 2


def test_who_does_not_have_the_case_cannot_act_and_reads_why(engineer, operator, fix, sink):
    shown = page(engineer.get(url(fix)))
    assert texts(shown, "#flow-end [data-acts-note]") == ["held by Operator"]
    buttons = shown.select("[data-acts]")
    assert len(buttons) > 1
    assert all(button.has_attr("disabled") for button in buttons)
    assert said(engineer, go(engineer, fix))[0].startswith("Operator works on it since ")
    assert said(engineer, engineer.post(f"{url(fix)}again/"))[0].startswith("Operator works on it")
    mend(operator, hold_again(fix), "lookup", value="TENT-2P")
    case = page(engineer.get(f"/cases/{fix.case_id}/"))
    assert case.select("button[form=remedy][disabled]") == []  # closed: nothing is offered
    assert len(sink.taken) == 2


def hold_again(fix):
    return ExceptionCase.objects.get(pk=fix.case_id)


def test_who_does_not_have_the_case_begins_no_remedy(engineer, operator, harbor):
    case = hold(harbor, "1001")
    operator.post(f"/cases/{case.pk}/take/")
    shown = page(engineer.get(f"/cases/{case.pk}/"))
    assert texts(shown, "#flow-end [data-acts-note]") == ["held by Operator"]
    assert shown.select_one("button[form=remedy]").has_attr("disabled")
    for remedy, given in (("lookup", {"value": "TENT-2P"}), ("wait", {"reason": "no"})):
        refused = use(engineer, case, remedy, **given)
        assert said(engineer, refused)[0].startswith("Operator works on it since ")
    assert not Fix.objects.exists()
    case.refresh_from_db()
    assert case.state == "open"


def test_everybody_may_cancel_but_not_undo_what_another_does(engineer, operator, fix, sink):
    go(operator, fix)
    refused = engineer.post(f"{url(fix)}undo/")
    assert said(engineer, refused)[0].startswith("Operator works on it since ")
    engineer.post(f"{url(fix)}cancel/")
    settle(fix)
    assert (fix.state, pipeline.states(), sink.taken) == ("cancelled", ["held", "held"], [])


def test_who_lets_a_remedy_go_needs_its_permissions(operator, fix, sink):
    role = Role.objects.get(slug="operator")
    role.permissions = [p for p in role.permissions if p != "lookups.edit"]
    role.save()
    assert said(operator, go(operator, fix)) == [
        "Add a lookup is not for your role. Who may has to let it go."
    ]
    settle(fix)
    assert fix.state == "checked"


def test_strangers_customers_and_finance_get_nowhere(kestrel, viewer, stranger, client, fix):
    verbs = [f"{url(fix)}{verb}/" for verb in ("go", "cancel", "undo", "again")]
    for path in (url(fix), f"{url(fix)}watch/"):
        for somebody in (viewer, sign_in(kestrel, "finance", email=f"{len(path)}@kestrel.test")):
            assert somebody.get(path).status_code == 403
        assert client.get(path, headers={"host": kestrel.host}).status_code == 302
        assert stranger.get(path).status_code == 404
    for verb in verbs:
        assert viewer.post(verb, {"shown": fix.digest}).status_code == 403
        assert stranger.post(verb, {"shown": fix.digest}).status_code == 404
    with schema_context(kestrel.schema):
        assert Fix.objects.get().state == "checked"


def test_who_may_only_look_sees_the_dry_run_without_a_button(operator, fix):
    role = Role.objects.get(slug="operator")
    role.permissions = ["desk.view", "payloads.view"]
    role.save()
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".figures > div") == ["2 will pass"]
    assert shown.select("#flow-end button, .page-actions button, .fix-ways button") == []
    for verb in ("go", "cancel", "undo", "again"):
        assert operator.post(f"{url(fix)}{verb}/").status_code == 403


def test_what_somebody_handled_meanwhile_is_left_as_it_is(operator, harbor, sink):
    fix = tried(operator, hold(harbor, "1001", "1002"), "lookup", value="TENT-2P")
    first = Message.objects.filter(state="held").order_by("pk").first()
    replay.skip([first.pk], actor="J. Okafor", reason="cancelled")
    press(operator, fix, "Replay 2")
    settle(fix)
    assert [o["number"] for o in sink.taken] == ["1002"]
    first.refresh_from_db()
    assert first.state == "skipped"


def test_a_closed_case_begins_nothing(operator, harbor, sink):
    case = hold(harbor, "1001")
    action, values = shown_form(operator, case, "skip")
    mend(operator, case, "lookup", value="TENT-2P")
    toasts = said(operator, operator.post(action, {**values, "reason": "late"}))
    assert toasts == [f"{case.label} is closed already."]
    assert Fix.objects.count() == 1


def test_a_remedy_nobody_knows_is_not_found(operator, harbor):
    case = hold(harbor, "1001")
    assert operator.post(f"/cases/{case.pk}/magic/").status_code == 404


def test_the_same_remedy_is_tried_elsewhere_with_a_dry_run_of_its_own(
    operator, harbor, maris, sink
):
    other = hold(maris, "M-1", "M-2")
    fix = tried(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    shown = page(operator.get(url(fix)))
    form = shown.select_one("aside form[action*='/like/']")
    assert (form["action"], form.button.text) == (f"/cases/{other.pk}/like/{fix.pk}/", "dry run 2")
    response = operator.post(form["action"])
    begun = settle(Fix.objects.order_by("pk").last())
    assert response["Location"] == url(begun)
    assert (begun.case_id, begun.terms, begun.documents) == (other.pk, fix.terms, 2)
    assert texts(page(operator.get(url(begun))), ".figures > div") == ["2 will pass"]
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    press(operator, begun, "Replay 2")
    settle(begun)
    assert LookupRow.objects.get(code="TENT-OLD").table.customer_id == maris.customer_id


def test_what_does_not_carry_over_is_not_tried_elsewhere(operator, harbor, maris):
    case, other = hold(harbor, "1001"), hold(maris, "M-1")
    unlike = hold(harbor, "1002", sku="ELSE")
    _, values = shown_form(operator, case, "edit")
    edited = values["payload"].replace("TENT-OLD", "TENT-2P")
    fix = tried(operator, case, "edit", payload=edited, reason="typed by hand")
    assert page(operator.get(url(fix))).select("aside form[action*='/like/']") == []
    refused = operator.post(f"/cases/{other.pk}/like/{fix.pk}/")
    assert said(operator, refused) == ["This remedy does not carry over to another case as it is."]
    assert operator.post(f"/cases/{unlike.pk}/like/{fix.pk}/").status_code == 404
    assert operator.post(f"/cases/{other.pk}/like/404404/").status_code == 404
    assert Fix.objects.count() == 1


def test_a_remark_is_accepted_after_it_was_shown(operator, harbor, sink):
    case = remarked(harbor)
    fix = tried(operator, case, "skip", reason="agreed by phone")
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".figures > div") == ["1 will be accepted"]
    assert texts(shown, ".fix-groups tbody tr") == [
        "accepted its remark is accepted 1 128.00 accept"
    ]
    assert texts(shown, "#document p.empty") == [
        "Its remark is accepted. The document went on before and stays as it is."
    ]
    press(operator, fix, "Accept 1")
    settle(fix)
    case.refresh_from_db()
    assert (pipeline.states(direction="in"), case.state) == (["applied"], "skipped")
    done = page(operator.get(url(fix)))
    assert texts(done, "#said > h2")[0].startswith("Accepted 1 of 1 at ")
    assert texts(done, ".fix-groups tbody th") == ["accepted"]


def test_what_is_skipped_is_said_to_end_and_is_not_compared(operator, harbor):
    case = hold(harbor, "1001", "1002")
    fix = tried(operator, case, "skip", reason="test orders")
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".figures > div") == ["2 will end here"]
    assert texts(shown, ".fix-groups tbody tr") == ["ends here it takes no effect 2 256.00 skip"]
    assert texts(shown, ".split-list thead th")[0] == "2, ends here"
    assert texts(shown, ".split-list tbody td.main") == ["1001 ends here", "1002 ends here"]
    assert shown.select("#document .diff, #document .tabs") == []
    assert texts(shown, "#document p.empty") == [
        "It ends here and takes no effect: nothing of it goes on, and nothing is sent."
    ]
    press(operator, fix, "Skip 2")
    settle(fix)
    done = page(operator.get(url(fix)))
    assert texts(done, ".figures > div") == ["2 ended here"]
    assert texts(done, ".fix-groups tbody tr") == ["ended it takes no effect 2 256.00"]
    assert texts(done, "#document p.empty") == ["It ended here and takes no effect."]


def test_a_case_somebody_closes_while_it_is_tried_lets_nothing_go(operator, fix, sink):
    closing.close([fix.case_id], cause="No longer needed", actor="J. Okafor")
    assert said(operator, go(operator, fix)) == [f"C-{fix.case_id} is closed: No longer needed"]
    assert (pipeline.states(), sink.taken) == (["held", "held"], [])
