"""A name server, an edge that speaks TLS, and a partner that brings a domain along."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from portal.core import guard
from portal.tenants.hosts import claims
from portal.tenants.models import DomainClaim, Partner
from tests import name_server
from tests.certificate_maker import Authority
from tests.name_server import NameServer

HOST = "portal.kestrelpoint.test"
EDGE = "edge.sites.test"
CHECK = f"_site-check.{HOST}"


@pytest.fixture
def dns(settings: Any) -> Iterator[NameServer]:
    """The name server that is asked. It knows where the edge is."""
    with name_server.serving() as server:
        settings.DNS_SERVERS = [server.address]
        settings.EDGE_NAME, settings.EDGE_ADDRESSES = EDGE, []
        server.put(EDGE, "A", "127.0.0.1")
        guard.forget()
        yield server
        guard.forget()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        says = self.server.says.get((self.headers["Host"], self.path), "")  # type: ignore[attr-defined]
        self.send_response(200 if says else 404)
        self.end_headers()
        self.wfile.write(says.encode())

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what came back."""


@pytest.fixture
def edge(settings: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority) -> Iterator[Any]:
    """A server that speaks TLS with `use(certificate)` and says `says[host, path]`."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  whoever looks hangs up
    server.says = {}  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    settings.TLS_PORT = server.server_address[1]
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield SimpleNamespace(says=server.says, use=context.load_cert_chain)  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


@pytest.fixture
def partner(kestrel: Any) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def own(partner: Partner, dns: NameServer) -> DomainClaim:
    """A domain that was claimed and nothing more."""
    return claims.claim(partner, HOST, by="Ana Admin")


@pytest.fixture
def lead_here(own: DomainClaim, dns: NameServer) -> DomainClaim:
    """The claimed domain with both records as they should be."""
    dns.text(CHECK, own.token)
    dns.put(HOST, "CNAME", f"{EDGE}.")
    return own
