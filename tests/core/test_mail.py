"""One mail in a site's name; what its server says comes back as a sentence."""

from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from portal.core import mail
from portal.core.mail import Mail, NotSentError

MAIL = Mail(["jo@harbor.test"], "A question", "Which?", "<p>Which?</p>", "Kestrel Point", "")
HOST = "kestrel.example"


class Answers(EmailBackend):
    """A server that answers with whatever the test says."""

    error: Exception

    def send_messages(self, messages: object) -> int:
        raise self.error


def test_it_comes_from_the_sites_own_host_in_both_forms():
    mail.send(MAIL, host=HOST)
    [sent] = outbox.outbox
    assert sent.from_email == "Kestrel Point <noreply@kestrel.example>"
    assert (sent.body, sent.alternatives) == ("Which?", [("<p>Which?</p>", "text/html")])


def test_an_installation_may_name_the_senders_address(settings):
    settings.MAIL_FROM = "post@carrier.example"
    mail.send(MAIL, host=HOST)
    assert outbox.outbox[0].from_email == "Kestrel Point <post@carrier.example>"


def test_no_name_or_subject_adds_a_line_to_the_head():
    hostile = MAIL._replace(name="K\r\nBcc: x@y.test", subject="A\nBcc: x@y.test")
    mail.send(hostile, host=HOST)
    head = outbox.outbox[0].message().as_string().partition("\n\n")[0]
    assert "\nBcc" not in head


def test_without_a_server_nothing_is_sent_and_it_is_said(settings):
    settings.EMAIL_BACKEND = mail.NOWHERE
    with pytest.raises(NotSentError, match="no mail server is set up here"):
        mail.send(MAIL, host=HOST)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (SMTPRecipientsRefused({"jo@harbor.test": (550, b"secret")}), "does not take this address"),
        (SMTPAuthenticationError(535, b"secret"), "does not take our password"),
        (SMTPServerDisconnected("secret"), "did not take it"),
        (TimeoutError("secret"), "did not take it"),
    ],
)
def test_what_the_server_says_is_a_sentence_without_its_words(settings, error, why):
    settings.EMAIL_BACKEND = "tests.core.test_mail.Answers"
    Answers.error = error
    with pytest.raises(NotSentError, match=why) as raised:
        mail.send(MAIL, host=HOST)
    assert "secret" not in str(raised.value)
