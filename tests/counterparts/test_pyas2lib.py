"""AS2 with a partner that runs pyas2lib: both directions, over HTTP, each way to protect a message."""

import base64
import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integrations.formats.as2 import Agreement, Document, Profile, Received, Refused, receive
from integrations.transports import as2
from portal.core import clock, http
from portal.core.errors import NeedsCredentials
from tests.as2.partners import NOW, pair
from tests.counterparts.pyas2lib_install import PYTHON

pytestmark = pytest.mark.counterpart(
    system="pyas2lib", flow="AS2 both ways: signed, encrypted, compressed, tampered, unknown"
)

EDI = b"ISA*00*          *00*~GS*SW*~ST*945*0001~\nSE*2*0001~\r\nIEA*1*000000001~"
CIPHERS = {
    "aes128": "aes_128_cbc", "aes192": "aes_192_cbc", "aes256": "aes_256_cbc",
    "3des": "tripledes_192_cbc",
}  # fmt: skip

SIGNED = {"sign": True, "mdn_mode": "SYNC", "mdn_digest_alg": "sha256"}


class Partner:
    """The partner's process, and a door of ours it sends to."""

    def __init__(self, folder: Path) -> None:
        theirs, ours = pair("partner"), pair("ours")
        secret = theirs.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "partner.pem").write_bytes(secret + theirs.certificate.public_bytes(Encoding.PEM))
        (folder / "ours.pem").write_bytes(ours.certificate.public_bytes(Encoding.PEM))
        script = Path(__file__).parent / "pyas2lib_server.py"
        self.process = subprocess.Popen(
            [str(PYTHON), str(script), str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout
        self.address = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.agreement = Agreement(
            Profile("OURS", "PARTNER ONE", reads_3des=True, reads_sha1=True),
            (ours,),
            (theirs.certificate,),
        )
        self.tampers = False
        self.found: Received | Refused | None = None
        self.door = self._open_door()

    def ask(self, path: str, **order: Any) -> Any:
        request = urllib.request.Request(self.address + path, json.dumps(order).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def with_profile(self, **changes: Any) -> Agreement:
        return replace(self.agreement, profile=replace(self.agreement.profile, **changes))

    def sends(self, payload: bytes, **settings: Any) -> Any:
        """It sends to our door, and says what our receipt did."""
        self.ask("/settings", **settings)
        port = self.door.server_address[1]
        return self.ask(
            "/send", url=f"http://127.0.0.1:{port}/", filename="945.edi",
            payload=base64.b64encode(payload).decode(),
        )  # fmt: skip

    def close(self) -> None:
        self.door.shutdown()
        self.door.server_close()
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def _open_door(self) -> ThreadingHTTPServer:
        partner = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if partner.tampers:
                    body = body[:-20] + bytes([body[-20] ^ 1]) + body[-19:]
                partner.found = receive(
                    dict(self.headers.items()), body,
                    lambda ours, theirs: partner.agreement if theirs == "PARTNER ONE" else None,
                    now=NOW, receipt_id="<receipt@ours.example>",
                )  # fmt: skip
                answer = partner.found.answer
                self.send_response(200)
                for name, value in (answer.headers if answer else {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body if answer else b"")

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    started = Partner(tmp_path_factory.mktemp("partner"))
    yield started
    started.close()


@pytest.fixture
def partner(running: Partner, monkeypatch: pytest.MonkeyPatch) -> Partner:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    http.set_allowed_networks(lambda: ["127.0.0.0/8"])
    running.tampers, running.found = False, None
    running.ask("/settings")
    return running


def post(partner: Partner, agreement: Agreement, payload: bytes = EDI) -> as2.Sent:
    document = Document(payload, "940.edi", "application/octet-stream")
    return as2.send(
        f"{partner.address}/as2", document, agreement, message_id="<940-1@ours.example>"
    )


WAYS = list(product(["sha1", "sha256", "sha512"], [None, *CIPHERS], [None, "before", "after"]))


@pytest.mark.parametrize(("sign", "encrypt", "compress"), WAYS)
@pytest.mark.parametrize("dashed", [True, False])
def test_it_takes_what_we_send_and_its_receipt_proves_it(partner, sign, encrypt, compress, dashed):
    agreement = partner.with_profile(sign=sign, encrypt=encrypt, compress=compress, dashed=dashed)
    sent = post(partner, agreement)
    assert sent.receipt.signed_by and sent.receipt.mic.equals(sent.expected.mic)
    last = partner.ask("/last")
    assert (last["status"], last["filename"]) == ("processed", "940.edi")
    assert base64.b64decode(last["payload"]) == EDI


@pytest.mark.parametrize("payload", [b"\r", b"a\nb\r\n", bytes(range(256)), b"x" * 1_000_000])
def test_it_takes_bytes_that_are_no_text(partner, payload):
    post(partner, partner.agreement, payload)
    assert base64.b64decode(partner.ask("/last")["payload"]) == payload


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("compress", [False, True])
def test_we_take_what_it_sends_and_our_receipt_convinces_it(partner, digest, cipher, compress):
    said = partner.sends(
        EDI, **SIGNED, encrypt=True, enc_alg=CIPHERS[cipher], compress=compress, digest_alg=digest
    )
    assert isinstance(partner.found, Received), partner.found
    assert said["status"] == "processed" and not said["detail"], said
    content = partner.found.content
    assert (content.payload, content.filename) == (EDI, "945.edi")
    assert content.protection.signed == digest and content.protection.encrypted == cipher
    assert content.protection.compressed is compress


def test_what_it_sends_less_protected_than_agreed_is_refused_and_it_hears_so(partner):
    said = partner.sends(EDI, **SIGNED)
    assert isinstance(partner.found, Refused)
    assert (said["status"], said["detail"]) == ("processed/error", "insufficient-message-security")


def test_what_was_changed_on_the_way_to_us_is_refused_and_it_hears_so(partner):
    partner.tampers = True
    said = partner.sends(EDI, **SIGNED, encrypt=True, enc_alg="aes_256_cbc")
    assert isinstance(partner.found, Refused)
    assert (said["status"], said["detail"]) == ("processed/error", "decryption-failed")


def test_it_refuses_what_another_key_signed_and_we_hear_so(partner):
    stranger = replace(partner.agreement, own=(pair("stranger"),))
    with pytest.raises(NeedsCredentials, match="authentication-failed") as caught:
        post(partner, stranger)
    assert caught.value.code == "protection_refused"


def test_it_does_not_know_us_under_another_name(partner):
    with pytest.raises(NeedsCredentials, match="unknown-trading-partner") as caught:
        post(partner, partner.with_profile(ours="SOMEBODY"))
    assert caught.value.code == "unknown_partner"


def test_it_cannot_decrypt_what_is_for_another(partner):
    wrong = replace(partner.agreement, encryption_certificates=(pair("stranger").certificate,))
    with pytest.raises(NeedsCredentials, match="decryption-failed"):
        post(partner, wrong)
