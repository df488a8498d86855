"""Mails over a partner's own server: a real one, with TLS and users."""

import pytest
from django.core import mail as outbox
from django_tenants.utils import schema_context

from portal.core import guard
from portal.core.mail import Attachment, NotSentError
from portal.core.secrets import Secret
from portal.tenants import mailing
from portal.tenants.mailing import server as verbs
from portal.tenants.models import MailServer, SentMail
from portal.tenants.rows import limited_to_customer
from portal.tenants.site import current_site
from tests.certificate_maker import Authority
from tests.mailing.conftest import GIVEN, HOST, PASSWORD

pytestmark = pytest.mark.db
MAIL = {"kind": "invoice", "to": ["jo@harbor.test"], "subject": "Your invoice", "text": "100 USD",
        "html": "<p>100 USD</p>"}  # fmt: skip


def send(**changed):
    mailing.send(current_site(), **{**MAIL, **changed})


def refused(**changed):
    with pytest.raises(NotSentError) as error:
        send(**changed)
    return str(error.value)


def logged():
    return list(SentMail.objects.order_by("pk").values_list("kind", "via", "was_taken", "said"))


def test_it_goes_out_over_tls_signed_in_and_from_the_partners_own_address(own, smtp):
    send(attachments=[Attachment("INV-1.pdf", b"%PDF", "application/pdf")])
    [taken] = smtp.taken
    assert (taken.sender, taken.to) == ("post@kestrelpoint.test", ["jo@harbor.test"])
    assert (taken.user, taken.was_tls) == ("kestrel", True)
    assert taken.mail["From"] == "Kestrel Point <post@kestrelpoint.test>"
    assert taken.mail["Subject"] == "Your invoice"
    assert taken.mail["Reply-To"] is None
    assert [part.get_filename() for part in taken.mail.iter_attachments()] == ["INV-1.pdf"]
    assert outbox.outbox == []
    assert logged() == [("invoice", "own", True, "250 2.0.0 queued as 4711")]


def test_no_line_of_the_head_and_no_greeting_names_this_machine(own, smtp):
    send()
    assert smtp.taken[0].mail["Message-ID"].endswith("@kestrelpoint.test>")
    assert set(smtp.greeted_by) == {"kestrelpoint.test"}


def test_answers_go_where_the_partner_says(own, smtp):
    MailServer.objects.update(reply_to="desk@kestrelpoint.test", from_name="")
    send(name="Kestrel Finance")
    assert smtp.taken[0].mail["Reply-To"] == "desk@kestrelpoint.test"
    assert smtp.taken[0].mail["From"] == "Kestrel Finance <post@kestrelpoint.test>"


def test_tls_from_the_first_byte_is_spoken_too(own, start, certificate):
    other = start(certificate=certificate, tls_at_once=True)
    other.users = {"kestrel": PASSWORD}
    MailServer.objects.update(port=other.port, tls="tls")
    send()
    assert [(one.was_tls, one.user) for one in other.taken] == [(True, "kestrel")]


def test_a_server_without_users_and_tls_is_taken_as_it_is(own, start):
    plain = start()
    MailServer.objects.update(port=plain.port, tls="none", user="")
    send()
    assert [(one.was_tls, one.user) for one in plain.taken] == [(False, "")]


def test_one_that_is_off_is_not_used(kept, smtp):
    send()
    assert smtp.taken == []
    assert [mail.to for mail in outbox.outbox] == [["jo@harbor.test"]]
    assert logged() == [("invoice", "shared", True, "")]


def test_another_partners_server_is_never_used(own, smtp, aurora):
    with schema_context("aurora"):
        send()
    assert smtp.taken == []
    assert outbox.outbox[0].from_email == "Aurora Systems <noreply@aurora.localhost>"
    assert SentMail.objects.get().partner.schema_name == "aurora"


def test_what_it_does_not_take_goes_out_no_other_way(own, smtp):
    smtp.answers["TAKEN"] = "554 5.7.1 Message rejected"
    assert refused() == "localhost refused the mail itself"
    assert outbox.outbox == []
    assert logged() == [
        ("invoice", "own", False, "localhost refused the mail itself (554 5.7.1 Message rejected)")
    ]


@pytest.mark.parametrize(
    ("answers", "why", "said"),
    [
        ({"AUTH": "535 5.7.8 Bad credentials"},
         "localhost does not take the user and password. Enter them again", "535 5.7.8 Bad credentials"),
        ({"MAIL": "553 5.7.1 Sender not owned by user"},
         "localhost does not let this user send as post@kestrelpoint.test. Allow it there",
         "553 5.7.1 Sender not owned by user"),
        ({"RCPT": "550 5.1.1 No such user"}, "localhost does not take this address",
         "550 5.1.1 No such user"),
        ({"CONNECT": "554 5.7.1 We do not know you"}, "localhost does not talk to us",
         "554 5.7.1 We do not know you"),
        ({"DATA": "451 4.3.0 Try later"}, "localhost refused the mail itself", "451 4.3.0 Try later"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_words_and_the_servers_own_in_the_log(own, smtp, answers, why, said):
    smtp.answers.update(answers)
    assert refused() == why
    assert logged() == [("invoice", "own", False, f"{why} ({said})")]


def test_a_server_that_hangs_up_is_said(own, smtp):
    smtp.answers["MAIL"] = "HANGUP"
    assert (
        refused()
        == f"localhost at port {smtp.port} hung up. Look at the port and at whether it speaks TLS"
    )


def test_nobody_at_the_port_is_said(own, smtp):
    MailServer.objects.update(port=1)
    assert refused() == (
        "nobody answers for localhost at port 1. Look at the port and at whether it speaks TLS"
    )


def test_a_server_that_offers_no_tls_gets_no_password(own, start):
    plain = start()
    plain.users = {"kestrel": PASSWORD}
    MailServer.objects.update(port=plain.port)
    assert "offers no STARTTLS" in refused()
    assert plain.taken == []


def test_a_server_without_tls_at_once_is_said(own, smtp):
    MailServer.objects.update(tls="tls")
    assert "does not speak TLS this way" in refused()


def test_a_certificate_of_somebody_unknown_ends_it_before_the_password(own, start, tmp_path):
    other = start(certificate=Authority(tmp_path, name="Nobody Knows").certificate(HOST))
    other.users = {"kestrel": PASSWORD}
    MailServer.objects.update(port=other.port)
    assert refused().startswith(
        "the certificate of localhost does not hold: unable to get local issuer"
    )


def test_a_certificate_for_another_host_ends_it(own, start, authority):
    other = start(certificate=authority.certificate("else.test"))
    MailServer.objects.update(port=other.port)
    assert "the certificate of localhost does not hold: Hostname mismatch" in refused()


def test_a_private_address_is_dialled_only_where_staff_allow_it(own, smtp, settings):
    settings.ALLOWED_NETWORKS = []
    guard.forget()
    assert refused() == (
        "localhost is not on the internet, and this installation does not allow calling it"
    )
    assert smtp.greeted_by == []


def test_addresses_that_were_left_out_stand_in_the_log(own, smtp):
    smtp.answers["gone@harbor.test"] = "550 5.1.1 No such user"
    send(to=["jo@harbor.test", "gone@harbor.test"])
    assert smtp.taken[0].to == ["jo@harbor.test"]
    assert logged()[0][3] == "250 2.0.0 queued as 4711; not taken for gone@harbor.test"


def test_no_header_line_comes_in_by_name_or_subject(own, smtp):
    send(subject="A\r\nBcc: x@y.test", name="K\nBcc: x@y.test")
    assert smtp.taken[0].mail["Bcc"] is None


def test_the_password_stands_nowhere_it_could_be_read(own, smtp, caplog):
    smtp.answers["AUTH"] = f"535 no such password={PASSWORD}"
    assert PASSWORD not in refused()
    assert PASSWORD not in str(logged())
    assert PASSWORD not in caplog.text
    own.refresh_from_db()
    assert PASSWORD.encode() not in bytes(own.sealed)
    assert PASSWORD not in repr(own.as_server())
    assert own.as_server().password == Secret(PASSWORD)


def test_a_password_no_key_opens_is_asked_for_again(own):
    MailServer.objects.update(sealed=b"garbled")
    assert refused() == "the password of the mail server cannot be read. Enter it again"


def test_a_mail_that_a_customers_person_causes_goes_out_the_same_way(own, smtp, kestrel):
    site = current_site()
    with limited_to_customer(kestrel.harbor):
        mailing.send(site, **MAIL)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("crossdock_customer",)
    assert len(smtp.taken) == 1
    assert len(logged()) == 1


def test_mails_can_go_out_with_either_server(kestrel, settings, partner):
    assert mailing.goes_out()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert not mailing.goes_out()
    verbs.keep(partner, GIVEN, password=PASSWORD, by="Ana")
    assert not mailing.goes_out()
    MailServer.objects.update(is_on=True)
    assert mailing.goes_out()
    with schema_context("aurora"):
        assert not mailing.goes_out()
