"""Which mail server an address means."""

import pytest

from portal import mail_url
from portal.env import UnfitSettingError
from portal.mail_url import MailServer

pytestmark = pytest.mark.pure
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer(SMTP, "mail.example", 587, tls=True)),
        (
            "smtp://us%40er:p%3Aw@mail.example:2525",
            MailServer(SMTP, "mail.example", 2525, "us@er", "p:w", tls=True),
        ),
        ("smtps://mail.example", MailServer(SMTP, "mail.example", 465, ssl=True)),
        ("smtp+plain://127.0.0.1:1025", MailServer(SMTP, "127.0.0.1", 1025)),
        ("", MailServer("django.core.mail.backends.dummy.EmailBackend")),
        ("console:", MailServer("django.core.mail.backends.console.EmailBackend")),
        (
            "file:///var/mails",
            MailServer("django.core.mail.backends.filebased.EmailBackend", folder="/var/mails"),
        ),
    ],
)
def test_an_address_means_a_server(url, server):
    assert mail_url.read(url) == server


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "file:"])
def test_what_names_no_server_stops_the_start_with_an_example(url):
    with pytest.raises(UnfitSettingError, match="CROSSDOCK_EMAIL_URL has to be such as smtp://"):
        mail_url.read(url)
