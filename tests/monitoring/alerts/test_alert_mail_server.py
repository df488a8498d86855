"""A partner's own mail server that refuses three mails in a row has a case, told by what is no mail."""

from contextlib import nullcontext
from typing import Any

import pytest
from django_tenants.utils import schema_context

from monitoring.domain.alerts import mail_server as looking
from monitoring.models import AlertChannel, AlertMessage, ExceptionCase
from portal.core.mail import NotSentError
from portal.jobs.models import Wake
from portal.tenants import mailing
from portal.tenants.mailing import server as verbs
from portal.tenants.models import MailServer, Partner
from portal.tenants.site import current_site
from tests import mail_server
from tests.monitoring.alerts.scenery import settle, webhook
from tests.pages.scenery import page

pytestmark = pytest.mark.db


@pytest.fixture
def smtp():
    with mail_server.serving() as server:
        yield server


@pytest.fixture
def own(kestrel, smtp):
    partner = Partner.objects.get(schema_name="kestrel")
    given = {
        "host": "127.0.0.1", "port": smtp.port, "tls": "none", "user": "",
        "from_address": "post@kestrelpoint.test", "from_name": "", "reply_to": "", "dkim_selector": "",
    }  # fmt: skip
    kept = verbs.keep(partner, given, password=None, by="Ana")
    MailServer.objects.update(is_on=True, tested_at=kept.changed_at)
    return kept


def send(*, taken: bool = False) -> None:
    letter = {"to": ["jo@harbor.test"], "subject": "A", "text": "B", "html": "<p>B</p>"}
    with nullcontext() if taken else pytest.raises(NotSentError):
        mailing.send(current_site(), kind="invoice", **letter)  # type: ignore[arg-type]


def cases() -> Any:
    return ExceptionCase.objects.filter(code=looking.CODE)


def test_three_refusals_in_a_row_open_one_case_and_the_next_mail_closes_it(shop, own, smtp):
    smtp.answers["MAIL"] = "553 5.7.1 no"
    for refused in range(1, 6):
        send()
        settle()
        assert cases().count() == (1 if refused >= 3 else 0)
    case = cases().get()
    assert (case.title, case.severity, case.is_internal) == (
        "127.0.0.1 takes none of your mails", 2, True,
    )  # fmt: skip
    lines = dict(case.evidence["lines"])
    assert lines["Refused in a row"] == "5 mails"
    assert lines["It says"].endswith("(553 5.7.1 no)")
    assert case.evidence["url"] == "/mail/"
    smtp.answers.clear()
    send(taken=True)
    settle()
    assert cases().get().state in ("resolved", "closed", "fixed")


def test_a_mail_that_is_taken_in_between_begins_the_count_anew(shop, own, smtp):
    for _ in range(2):
        for _ in range(2):
            smtp.answers["MAIL"] = "553 no"
            send()
        smtp.answers.clear()
        send(taken=True)
    settle()
    assert not cases().exists()


def test_addresses_nobody_has_are_not_the_servers_fault(shop, own, smtp):
    smtp.answers["RCPT"] = "550 no such user"
    for _ in range(5):
        send()
    settle()
    assert MailServer.objects.get().refused_in_row == 0
    assert not cases().exists()


def test_its_case_is_told_once_by_channels_that_are_no_mail(shop, own, smtp, server):
    webhook(server, "Up", "/up")
    AlertChannel.objects.create(name="Leads", kind="mail", settings={"addresses": ["a@k.test"]})
    smtp.answers["MAIL"] = "553 no"
    for _ in range(4):
        send()
        settle()
    told = AlertMessage.objects.filter(alert__key=cases().get().label)
    assert [(one.receiver, one.state) for one in told] == [("Up (Webhook)", "sent")]


def test_switched_off_it_is_over(shop, own, smtp):
    smtp.answers["MAIL"] = "553 no"
    for _ in range(3):
        send()
    settle()
    verbs.switch(own.partner, on=False, by="Ana")
    settle()
    assert cases().get().state in ("resolved", "closed", "fixed")


def test_no_customer_sees_it(shop, own, smtp, viewer):
    smtp.answers["MAIL"] = "553 no"
    for _ in range(3):
        send()
    settle()
    assert "none of your mails" not in page(viewer.get("/home/")).text
    assert "none of your mails" not in page(viewer.get("/questions/")).text


def test_the_lane_is_woken_when_it_turns_and_not_for_every_mail(
    shop, own, smtp, django_capture_on_commit_callbacks
):
    def woken() -> bool:
        Wake.objects.filter(schema="kestrel", kind="alert_watch").delete()
        with django_capture_on_commit_callbacks(execute=True):
            send(taken=not smtp.answers)
        return Wake.objects.filter(schema="kestrel", kind="alert_watch").exists()

    assert woken() is False
    smtp.answers["MAIL"] = "553 no"
    assert [woken() for _ in range(4)] == [False, False, True, True]
    smtp.answers.clear()
    assert [woken(), woken()] == [True, False]


def test_where_nobody_has_an_endpoint_yet_the_page_of_the_server_says_it(kestrel, own, smtp, admin):
    smtp.answers["MAIL"] = "553 no"
    for _ in range(3):
        send()
    looking.look()
    assert not cases().exists()
    assert "refused 3 mails in a row" in page(admin.get("/mail/")).text


def test_another_partners_server_opens_nothing_here(shop, own, aurora):
    MailServer.objects.update(
        partner=Partner.objects.get(schema_name="aurora"), refused_in_row=9,
        refused_since=own.changed_at,
    )  # fmt: skip
    settle()
    assert not cases().exists()
    with schema_context("aurora"):
        looking.look()  # there is no endpoint at all, and it says nothing
        assert not ExceptionCase.objects.exists()
