"""An HTTP or HTTPS server that answers each method and path as it is told, with certificates made here."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """A certificate authority of our own. `path` is what a client that trusts it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = _name("Harbor Test CA")
        self.path = folder / "ca.pem"
        made = _builder(self.name, self.name, self.key, days=(-400, 400)).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.path.write_bytes(_pem(made.sign(self.key, hashes.SHA256())))

    def certify(self, host: str, *, days: tuple[int, int] = (-1, 30), own: bool = False) -> Path:
        """A certificate with its key, good between these days from now; `own`: self-signed."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, signer = (_name(host), key) if own else (self.name, self.key)
        is_address = host.replace(".", "").isdigit()
        named = x509.IPAddress(ip_address(host)) if is_address else x509.DNSName(host)
        made = _builder(_name(host), issuer, key, days=days).add_extension(
            x509.SubjectAlternativeName([named]), critical=False
        )
        path = self.folder / f"{host}-{days[1]}-{own}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(_pem(made.sign(signer, hashes.SHA256())) + private)
        return path


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Any, *, days: tuple[int, int]
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1], hours=1))
    )


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


class Scripted:
    """`answers`: "METHOD /path" → (status, JSON); all else is 200 and []. `clock_off` in seconds."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.headers: dict[str, str] = {}
        self.clock_off = 0.0
        self.asked: list[tuple[str, bytes]] = []
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.scheme = "https"
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: Scripted
    protocol_version = "HTTP/1.1"

    def date_time_string(self, timestamp: float | None = None) -> str:
        at = datetime.now(UTC) + timedelta(seconds=self.owner.clock_off)
        return format_datetime(at, usegmt=True)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        self.owner.asked.append((f"{self.command} {path}", body))
        status, said = self.owner.answers.get(f"{self.command} {path}", (200, []))
        text = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **self.owner.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = _answer

    def log_message(self, *_: Any) -> None:
        pass
