"""A partner with a mail server of their own, on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from portal.core import guard
from portal.tenants.mailing import server as verbs
from portal.tenants.models import MailServer, Partner
from tests import mail_server, name_server
from tests.certificate_maker import Authority
from tests.name_server import NameServer

PASSWORD = "pq7-Planted-Secret"
HOST = "localhost"
GIVEN = {
    "host": HOST, "port": 587, "tls": "starttls", "user": "kestrel",
    "from_address": "post@kestrelpoint.test", "from_name": "Kestrel Point", "reply_to": "",
    "dkim_selector": "",
}  # fmt: skip
Start = Callable[..., mail_server.MailServer]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("mail-authority"))


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> str:
    return authority.certificate(HOST)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> Iterator[Start]:
    """Start as many servers as a test needs."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    guard.forget()
    with ExitStack() as stack:

        def make(**options: Any) -> mail_server.MailServer:
            return stack.enter_context(mail_server.serving(**options))

        yield make
    guard.forget()


@pytest.fixture
def smtp(start: Start, certificate: str) -> mail_server.MailServer:
    """What the partner's settings name: STARTTLS, and one user."""
    server = start(certificate=certificate)
    server.users = {"kestrel": PASSWORD}
    return server


@pytest.fixture
def dns(settings: Any) -> Iterator[NameServer]:
    with name_server.serving() as server:
        settings.DNS_SERVERS = [server.address]
        yield server


@pytest.fixture
def partner(kestrel: Any) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def kept(partner: Partner, smtp: mail_server.MailServer) -> MailServer:
    """Entered, neither tested nor on."""
    given = {**GIVEN, "port": smtp.port}
    return verbs.keep(partner, given, password=PASSWORD, by="Ana Admin")


@pytest.fixture
def own(kept: MailServer) -> MailServer:
    """Switched on."""
    MailServer.objects.update(is_on=True, tested_at=kept.changed_at, tested_by="Ana Admin")
    kept.refresh_from_db()
    return kept
