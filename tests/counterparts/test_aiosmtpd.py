"""The portal's own mails through a mail server that we did not write: whole, and lost in no refusal."""

import email
import email.policy
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from monitoring.models import AlertMessage
from portal import mail_url
from portal.accounts.models import Invitation
from portal.core import clock, guard
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.mailing import server as verbs
from portal.tenants.models import Partner, SentMail
from portal.tenants.site import current_site
from tests import pipeline
from tests.accounts.conftest import role
from tests.billing import selling
from tests.billing.usage import account, at
from tests.certificate_maker import Authority
from tests.counterparts.aiosmtpd_install import COUNTERPART
from tests.counterparts.running import free_port, running
from tests.monitoring.alerts.scenery import link_in, rule, settle
from tests.monitoring.conftest import ana
from tests.monitoring.desk import make
from tests.people import sign_in

__all__ = ["ana"]
pytestmark = [
    pytest.mark.counterpart(
        system="aiosmtpd", flow="the portal's mails: alert, invitation, invoice; STARTTLS, refusals"
    ),
    pytest.mark.db,
]
SMALL = ("--size", "500")  # bytes; no mail of ours is that short
GIVEN = {
    "host": "localhost", "tls": "starttls", "user": "", "from_address": "post@kestrelpoint.test",
    "from_name": "Kestrel Point", "reply_to": "", "dkim_selector": "",
}  # fmt: skip


class Server:
    """The port, and the maildir of what it took."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder

    @property
    def mails(self) -> list[EmailMessage]:
        found = sorted((self.folder / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        raw = (file.read_bytes() for file in found)
        return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]  # type: ignore[misc]


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start one; `certificate` has it speak STARTTLS, and refuse who does not."""
    with ExitStack() as stack:

        def begin(*arguments: str, certificate: str = "") -> Server:
            port = free_port()
            folder = tmp_path / f"mails-{port}"
            secured = ("--tlscert", certificate, "--tlskey", certificate) if certificate else ()
            command = [
                COUNTERPART.program("aiosmtpd"), "-n", "-l", f"127.0.0.1:{port}", *secured,
                *arguments, "-c", "aiosmtpd.handlers.Mailbox", str(folder),
            ]  # fmt: skip
            stack.enter_context(running(command, port=port, log=tmp_path / f"log-{port}"))
            return Server(port, folder)

        yield begin
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def through(settings: Any) -> Callable[[Server], None]:
    """Have the installation's mails go out through a server, as CROSSDOCK_EMAIL_URL would."""

    def go(server: Server) -> None:
        found = mail_url.read(f"smtp+plain://127.0.0.1:{server.port}")
        settings.EMAIL_BACKEND = found.backend
        settings.EMAIL_HOST, settings.EMAIL_PORT = found.host, found.port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = found.tls, found.ssl
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    return go


def plain(mail: EmailMessage) -> str:
    found = mail.get_body(("plain",))
    assert found is not None
    return str(found.get_content())


def html(mail: EmailMessage) -> str:
    found = mail.get_body(("html",))
    assert found is not None
    return str(found.get_content())


def test_an_alert_arrives_whole_in_both_forms(start, through, kestrel, ana) -> None:
    server = start()
    through(server)
    rule(ana)
    title = "Größe der SKU “TENT-ÄLT” is not known — 寸法 " + "x" * 80
    make(pipeline.endpoint(kestrel.harbor, "shop", label="Web shop"), title, at_risk="1792.00")
    settle()
    [mail] = server.mails
    assert (mail["From"], mail["To"]) == ("Kestrel Point <noreply@kestrel.localhost>", ana.email)
    assert title[:40] in mail["Subject"]
    assert "At risk: $1,792.00" in plain(mail)
    assert link_in(plain(mail)) in html(mail)


def test_an_alert_that_is_refused_waits_and_goes_out_later(start, through, kestrel, ana) -> None:
    through(start(*SMALL))
    rule(ana)
    make(pipeline.endpoint(kestrel.harbor, "shop", label="Web shop"), "one")
    with clock.freeze(clock.now()) as frozen:
        settle()
        message = AlertMessage.objects.get()
        assert (message.state, message.last_answer) == (
            "waiting", "Not sent: the mail server did not take it.",
        )  # fmt: skip
        later = start()
        through(later)
        frozen.move(3600)
        settle()
    assert AlertMessage.objects.get().state == "sent"
    assert [mail["To"] for mail in later.mails] == [ana.email]


def test_an_invitation_arrives_and_its_link_lets_them_in(start, through, admin, kestrel) -> None:
    server = start()
    through(server)
    entered = {"email": "mira@x.test", "name": "Mira Ångström", "role": role("operator").pk}
    assert admin.post("/people/invite/", entered).url == "/people/"
    [mail] = server.mails
    assert (mail["To"], mail["Subject"]) == ("mira@x.test", "Admin invites you to Kestrel Point")
    assert "Mira Ångström" in plain(mail)
    found = re.search(r"/join/[\w:-]+/", plain(mail))
    assert found is not None
    assert admin.get(found[0]).status_code == 200


def test_an_invitation_that_is_refused_stays_and_says_so(start, through, admin, kestrel) -> None:
    through(start(*SMALL))
    entered = {"email": "mira@x.test", "name": "Mira", "role": role("operator").pk}
    answer = admin.post("/people/invite/", entered)
    assert "the mail server did not take it" in answer.content.decode()
    made = Invitation.objects.get()
    later = start()
    through(later)
    admin.post(f"/people/invitations/{made.pk}/resend/")
    assert [mail["To"] for mail in later.mails] == ["mira@x.test"]


def test_an_invoice_arrives_with_its_pdf_and_a_refused_one_stays_final(
    start, through, kestrel
) -> None:
    finance = sign_in(kestrel, "finance")
    with clock.freeze(at("2026-06-03 12:00")):
        harbor = account(kestrel.harbor, recipients=["bills@harbor.example"])
        selling.sell(harbor)
        invoice = selling.final_of(harbor)
        through(start(*SMALL))
        answer = finance.post(f"/invoices/{invoice.pk}/send/")
        assert answer.status_code == 409
        assert "the mail server did not take it" in answer.content.decode()
        invoice.refresh_from_db()
        assert (invoice.state, invoice.shown_to) == ("final", None)
        server = start()
        through(server)
        finance.post(f"/invoices/{invoice.pk}/send/")
    [mail] = server.mails
    assert (mail["To"], mail["Subject"]) == (
        "bills@harbor.example", "Invoice INV-00001 of Kestrel Point",
    )  # fmt: skip
    [pdf] = [part for part in mail.iter_attachments() if part.get_filename() == "INV-00001.pdf"]
    body = pdf.get_content()
    assert (body[:5], body.rstrip()[-5:]) == (b"%PDF-", b"%%EOF")
    invoice.refresh_from_db()
    assert invoice.state == "sent"


class TestAPartnersOwnServer:
    """Which speaks STARTTLS and takes nothing before."""

    @pytest.fixture
    def certificate(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[str]:
        authority = Authority(tmp_path_factory.mktemp("mail-authority"))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
        guard.forget()
        yield authority.certificate("localhost")
        guard.forget()

    def own(self, server: Server, **changed: Any) -> None:
        partner = Partner.objects.get(schema_name="kestrel")
        given = {**GIVEN, "port": server.port, **changed}
        made = verbs.keep(partner, given, password=None, by="Ana Admin")
        type(made).objects.update(is_on=True, tested_at=made.changed_at, tested_by="Ana Admin")

    def send(self) -> None:
        said = {"subject": "Your invoice", "text": ".\n..\nGröße", "html": "<p>Größe</p>"}
        mailing.send(current_site(), kind="invoice", to=["jo@harbor.test"], **said)

    def test_it_takes_a_mail_behind_starttls(self, start, certificate, kestrel) -> None:
        server = start(certificate=certificate)
        self.own(server)
        self.send()
        [mail] = server.mails
        assert mail["From"] == "Kestrel Point <post@kestrelpoint.test>"
        assert plain(mail).splitlines() == [".", "..", "Größe"]
        sent = SentMail.objects.get()
        assert (sent.via, sent.was_taken, sent.said[:3]) == ("own", True, "250")

    @pytest.mark.parametrize(
        ("arguments", "tls", "said"),
        [
            (SMALL, "starttls", "552 Error: message size exceeds fixed maximum message size"),
            ((), "none", "530 Must issue a STARTTLS command first"),
        ],
        ids=["552", "530"],
    )
    def test_what_it_refuses_is_said_in_its_own_words_and_noted(
        self, start, certificate, kestrel, arguments, tls, said
    ) -> None:
        server = start(*arguments, certificate=certificate)
        self.own(server, tls=tls)
        with pytest.raises(NotSentError) as caught:
            self.send()
        assert "localhost" in str(caught.value)
        assert caught.value.said == said
        sent = SentMail.objects.get()
        assert (sent.was_taken, said in sent.said) == (False, True)
        assert server.mails == []
