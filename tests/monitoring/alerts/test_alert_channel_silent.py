"""A channel that takes nothing has a case, and its alert goes any other way."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from monitoring.domain import closing
from monitoring.domain.alerts import setup, silent
from monitoring.models import AlertChannel, AlertMessage, ExceptionCase
from monitoring.queries import month_cases, own_motion
from monitoring.statements.content import Period
from portal.core import clock
from tests.core.web_server import answer
from tests.monitoring.alerts.scenery import bodies, rule, settle, webhook
from tests.monitoring.desk import NOON, make
from tests.pages.scenery import page

pytestmark = [pytest.mark.db, pytest.mark.long]
PLANTED = "Zq7RplantedT9x"


def cases() -> Any:
    return ExceptionCase.objects.filter(code=silent.CODE)


def fail_for(time: Any, seconds: int) -> None:
    """Let time pass in the steps in which the lanes look."""
    for _ in range(seconds // 15):
        time.move(15)
        settle()


def told_in_vain(shop: Any, time: Any, **fields: Any) -> Any:
    """A case whose alert is tried for ten minutes."""
    one = make(shop, "one", began_at=NOON, **fields)
    settle()
    fail_for(time, 600)
    return one


@pytest.fixture
def dead(server):
    """A channel whose service knows its address no more, and says so with the address in it."""
    path = f"/hooks/{PLANTED}"
    server.answers[path] = answer(404, f"no hook {path}".encode())
    return webhook(server, "Room", path)


def test_five_tries_that_fail_in_three_minutes_open_one_case(shop, dead, ana):
    rule(dead)
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        fail_for(time, 210)
        assert (AlertMessage.objects.get().tries, cases().count()) == (4, 0)
        fail_for(time, 60)
        make(shop, "two", began_at=NOON)
        fail_for(time, 600)
        case = cases().get()
    assert (case.title, case.severity, case.state) == ("Room takes no alerts", 2, "new")
    assert case.evidence["lines"] == [
        ["Channel", "Room (Webhook)"],
        ["It says", "127.0.0.1 answered 404: no hook /not shown"],
        ["Takes nothing since", "Mon 2 Mar 12:00 UTC"],
        ["Did not arrive", "2 messages"],
        ["First of them", "one"],
    ]
    assert case.evidence["url"] == f"/alerts/channels/{dead.pk}/"
    assert PLANTED not in f"{case.evidence}{case.title}"


def test_a_service_that_restarts_opens_no_case_however_much_waits(shop, dead):
    rule(dead)
    with clock.freeze(NOON) as time:
        for n in range(9):
            make(shop, f"case {n}", began_at=NOON)
        settle()
        fail_for(time, 165)
    dead.refresh_from_db()
    assert dead.failures > 5
    assert cases().count() == 0


def test_its_alert_is_told_by_mail_and_by_other_channels_and_never_by_itself(
    shop, dead, server, ana, ben
):
    up = webhook(server, "Up", "/up")
    rule(dead, name="First")
    rule(up, dead, name="Second", code=silent.CODE)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
    number = cases().get().label
    said = AlertMessage.objects.filter(alert__key=number).order_by("receiver")
    assert {(one.receiver, one.state, one.last_answer) for one in said if one.channel_id} == {
        ("Room (Webhook)", "failed", "Room takes nothing itself."),
        ("Up (Webhook)", "sent", '127.0.0.1 answered 200: {"ok": true}'),
    }
    assert [one.to for one in mail.outbox if "Room takes no alerts" in one.subject] == [[ben.email]]
    paths = [path for _, path, _, body in server.requests if b"takes no alerts" in body]
    assert paths == ["/up"]


def test_without_mail_every_other_channel_that_works_is_told(shop, dead, server, ben, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    webhook(server, "Up", "/up")
    rule(dead)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
    told = AlertMessage.objects.filter(alert__key=cases().get().label, state="sent")
    assert [one.receiver for one in told] == ["Up (Webhook)"]


def test_a_mail_server_that_refuses_is_told_by_another_channel(shop, server, ben, settings):
    settings.EMAIL_BACKEND = "tests.monitoring.alerts.test_alert_mails.Refused"
    leads = AlertChannel.objects.create(
        name="Leads", kind="mail", settings={"addresses": ["a@k.test"]}
    )
    webhook(server, "Up", "/up")
    rule(leads)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
    assert [one["title"] for one in bodies(server)] == ["Leads takes no alerts"]


def test_a_message_that_arrives_closes_it_and_a_test_is_one(shop, dead, server):
    rule(dead)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
        server.answers[f"/hooks/{PLANTED}"] = answer(200)
        setup.test_channel(dead, by="Ana")
        settle()
        case = cases().get()
    assert (case.state, case.resolution) == ("resolved", "A message arrived again")
    dead.refresh_from_db()
    assert (dead.failures, dead.failing_since) == (0, None)


def test_it_closes_with_new_secrets_only_once_something_arrives(shop, dead, server):
    rule(dead)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
        dead.refresh_from_db()
        setup.put_channel(dead, {"url": server.url("/new"), "secret": ""})
        assert cases().get().is_open
        settle()
        assert cases().get().resolution == "A message arrived again"


def test_who_switches_it_off_or_deletes_it_closes_it(shop, dead, server):
    rule(dead)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
        dead.refresh_from_db()
        dead.is_on = False
        setup.put_channel(dead, {})
        assert cases().get().resolution == "The channel was switched off"
        dead.is_on = True
        setup.put_channel(dead, {})
        make(shop, "two", began_at=NOON)
        fail_for(time, 600)
        assert cases().get().state == "regressed"
        setup.drop_channel(dead)
        assert cases().get().resolution == "The channel was deleted"


def test_a_customer_hears_nothing_of_it(shop, dead, kestrel):
    rule(dead)
    with clock.freeze(NOON) as time:
        one = told_in_vain(shop, time, opened_at=NOON)
        assert cases().get().customer_id == kestrel.harbor
        month = Period("2026-03", NOON - timedelta(days=1), NOON + timedelta(days=1), "UTC")
        told = month_cases.of_month(kestrel.harbor, month, as_of=NOON + timedelta(days=1))
        causes = own_motion.causes(kestrel.harbor, since=NOON - timedelta(days=1))
    assert [case.key for case in told] == [one.label]
    assert [cause.title for cause in causes] == ["one"]


def test_its_page_leads_to_the_channel_and_asks_no_customer(shop, dead, admin):
    rule(dead)
    with clock.freeze(NOON) as time:
        told_in_vain(shop, time)
        case = cases().get()
        shown = page(admin.get(f"/cases/{case.pk}/"))
        [link] = shown.select(f"#work a[href='/alerts/channels/{dead.pk}/']")
        assert link.text == "Go to the channel"
        assert "Ask the customer" not in shown.text
        assert shown.select("[name=for_customer]") == []
        admin.post(f"/cases/{case.pk}/comment/", {"comment": "Ours", "for_customer": "on"})
        assert [one.for_customer for one in case.events.filter(action="comment")] == [False]
        assert admin.get(f"/cases/{case.pk}/ask/").url == f"/cases/{case.pk}/"


def test_it_is_counted_as_open_and_with_no_customer(shop, dead, admin):
    rule(dead)
    with clock.freeze(NOON) as time:
        one = told_in_vain(shop, time)
        closing.close([one.pk], cause="mended", actor="Ana")
        shown = page(admin.get("/overview/"))
    assert "1 case open" in shown.text
    assert "Room takes no alerts" not in shown.select_one("main").text
