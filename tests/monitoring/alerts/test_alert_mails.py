"""Alerts by mail: in the partner's name, one to a list, and safe from what stands in a title."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from monitoring.models import AlertChannel, AlertMessage
from tests.monitoring.alerts.scenery import bodies, link_in, rule, settle, webhook
from tests.monitoring.desk import make

pytestmark = pytest.mark.db


class Refused(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("secret.internal:25")


def test_a_mail_is_in_the_partners_name_in_both_forms(shop, ana, kestrel):
    rule(ana)
    make(shop, "SKU TENT-OLD is not known", at_risk="1792.00")
    settle()
    [sent] = mail.outbox
    assert (sent.from_email, sent.to) == (
        "Kestrel Point <noreply@kestrel.localhost>", [ana.email],
    )  # fmt: skip
    assert sent.subject == "S2 SKU TENT-OLD is not known"
    assert "At risk: $1,792.00" in sent.body
    html = sent.alternatives[0][0]
    assert link_in(sent.body) in html
    assert "#0e5a68" in html
    for text in (sent.body, html):
        assert "rossdock" not in text


def test_a_list_of_addresses_gets_one_mail(shop):
    made = AlertChannel.objects.create(
        name="Leads", kind="mail", settings={"addresses": ["a@k.test", "b@k.test"]}
    )
    rule(made)
    make(shop, "one")
    settle()
    assert [sent.to for sent in mail.outbox] == [["a@k.test", "b@k.test"]]
    assert AlertMessage.objects.get().last_answer == "Sent to a@k.test, b@k.test."


def test_mail_that_is_not_taken_waits_and_names_no_host(shop, ana, settings):
    settings.EMAIL_BACKEND = "tests.monitoring.alerts.test_alert_mails.Refused"
    rule(ana)
    make(shop, "one")
    settle()
    message = AlertMessage.objects.get()
    assert (message.state, message.last_answer) == (
        "waiting", "Not sent: the mail server did not take it.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "title",
    ["one\r\nBcc: x@evil.test", "x" * 300, "a\u202eb\x00c", "{{ 7|add:7 }}{% now %}"],
)
def test_no_name_adds_a_line_to_a_head_or_runs(shop, ana, server, title):
    rule(ana, webhook(server))
    make(shop, title.replace("\x00", ""))
    settle()
    head = mail.outbox[0].message().as_string().partition("\n\n")[0]
    assert "\nBcc" not in head
    assert len(bodies(server)[0]["title"]) <= 300
    if "{{" in title:
        assert title in mail.outbox[0].body
