"""OpenSSL's own program reads what we write, and we read what it writes."""

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integrations.formats.as2 import Agreement, Document, KeyPair, Received, receive
from integrations.formats.as2.entity import write
from tests.as2.partners import EDI, ID, NOW, RECEIPT_ID, knows, north, pair, send, south, take

pytestmark = [
    pytest.mark.pure,
    pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl program"),
]

LINES = b"ISA*00*~\r\nIEA*1~\r\n"
ENTITY = write({"Content-Type": "application/edi-x12"}, LINES)
BINARY = write({"Content-Type": "application/octet-stream"}, bytes(range(256)) + b"\n\r\r\n\n")
Cms = Callable[..., bytes]


@pytest.fixture
def cms(tmp_path: Path) -> Cms:
    """`openssl cms` with these arguments over these bytes; {name} is a file with somebody's key or certificate."""
    files = {}
    for name in ("north", "south"):
        files |= store(tmp_path, name, pair(name))
    files |= store(tmp_path, "curve", pair("curve", curve=True))

    def run(arguments: str, given: bytes) -> bytes:
        (tmp_path / "in").write_bytes(given)
        words = [word.format(**files) for word in arguments.split()]
        command = [
            "openssl",
            "cms",
            *words,
            "-in",
            str(tmp_path / "in"),
            "-out",
            str(tmp_path / "out"),
        ]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return (tmp_path / "out").read_bytes()

    return run


def store(folder: Path, name: str, kept: KeyPair) -> dict[str, str]:
    paths = {f"{name}_key": folder / f"{name}.key", f"{name}_cert": folder / f"{name}.pem"}
    secret = kept.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    paths[f"{name}_key"].write_bytes(secret)
    paths[f"{name}_cert"].write_bytes(kept.certificate.public_bytes(Encoding.PEM))
    return {key: str(path) for key, path in paths.items()}


def as_posted(mail: bytes) -> tuple[dict[str, str], bytes]:
    """A mail as openssl writes it, as the headers and the body of a post."""
    head, body = re.split(rb"\r?\n\r?\n", mail, maxsplit=1)
    lines = head.decode().replace("\n ", " ").splitlines()
    return dict(line.split(": ", 1) for line in lines), body


def taken(headers: dict[str, str], body: bytes, agreement: Agreement | None = None):
    names = {"AS2-From": "NORTH", "AS2-To": "SOUTH CO", "Message-ID": ID}
    found = receive(
        {**names, **headers}, body, knows(agreement or south()), now=NOW, receipt_id=RECEIPT_ID
    )
    assert isinstance(found, Received), found
    return found.content


VERIFY = "-verify -noverify -nointern -certfile {north_cert}"


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("payload", [LINES, b"", b"\r\n\r\n"])
def test_openssl_verifies_what_we_sign(cms, digest, payload):
    built = send(Document(payload), sign=digest, encrypt=None, reads_sha1=True)
    out = cms(VERIFY, write(built.headers, built.body))
    assert out.partition(b"\r\n\r\n")[2] == payload


@pytest.mark.parametrize("payload", [EDI.payload, bytes(range(256)), b"", b"\r\n\r\n", b"a\nb\r"])
def test_openssl_verifies_our_signature_over_bytes_that_are_no_text(cms, tmp_path, payload):
    """Its reader of mails changes bare line ends, so it is given both parts one by one."""
    built = send(Document(payload), encrypt=None)
    boundary = re.search(r'boundary="(.*?)"', built.headers["Content-Type"])[1].encode()
    _, content, signature, _ = re.split(rb"(?:\A|\r\n)--" + boundary + rb"(?:--)?\r\n", built.body)
    (tmp_path / "content").write_bytes(content)
    der = base64.b64decode(signature.partition(b"\r\n\r\n")[2])
    out = cms(f"{VERIFY} -binary -inform DER -content {tmp_path}/content", der)
    assert out == content and content.endswith(b"\r\n\r\n" + payload)


def test_openssl_verifies_what_a_key_on_a_curve_signs(cms):
    agreement = Agreement(north(encrypt=None).profile, (pair("curve", curve=True),))
    built = send(Document(LINES), agreement)
    verify = "-verify -noverify -nointern -certfile {curve_cert}"
    assert cms(verify, write(built.headers, built.body)).endswith(LINES)


def test_openssl_refuses_what_another_signed(cms):
    built = send(EDI, encrypt=None)
    wrong = "-verify -noverify -nointern -certfile {south_cert}"
    with pytest.raises(AssertionError, match="signer certificate not found"):
        cms(wrong, write(built.headers, built.body))


@pytest.mark.parametrize("cipher", ["aes128", "aes192", "aes256", "3des"])
def test_openssl_decrypts_and_verifies_what_we_write(cms, cipher):
    built = send(Document(LINES), encrypt=cipher)
    inner = cms("-decrypt -binary -inform DER -inkey {south_key} -recip {south_cert}", built.body)
    assert inner.endswith(b"--\r\n")
    assert cms(VERIFY, inner).endswith(LINES)


def test_openssl_verifies_our_receipt(cms):
    answer = take(send()).answer
    verify = "-verify -noverify -nointern -certfile {south_cert}"
    report = cms(verify, write(answer.headers, answer.body))
    assert b"Disposition: automatic-action/MDN-sent-automatically; processed\r\n" in report


SIGN = "-sign -binary -signer {north_cert} -inkey {north_key}"


@pytest.mark.parametrize("raw", [ENTITY, BINARY])
@pytest.mark.parametrize("more", [
    "", "-crlfeol", "-md sha512", "-md sha1", "-noattr", "-keyid", "-nosmimecap", "-nocerts",
    "-keyopt rsa_padding_mode:pss", "-md sha384 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20",
])  # fmt: skip
def test_we_read_what_openssl_signs(cms, more, raw):
    content = taken(*as_posted(cms(f"{SIGN} {more}", raw)), south(reads_sha1=True))
    assert content.payload == raw.partition(b"\r\n\r\n")[2]
    assert content.protection.signed


def test_we_read_a_signature_by_a_key_on_a_curve(cms):
    agreement = Agreement(
        south().profile, (pair("south"),), (pair("curve", curve=True).certificate,)
    )
    sign = "-sign -binary -signer {curve_cert} -inkey {curve_key} -md sha384"
    assert taken(*as_posted(cms(sign, ENTITY)), agreement).protection.signed == "sha384"


def test_what_lost_its_carriage_returns_on_the_way_is_read(cms):
    mail = cms("-sign -signer {north_cert} -inkey {north_key}", ENTITY).replace(b"\r\n", b"\n")
    assert b"IEA*1~\n" in mail
    assert taken(*as_posted(mail)).payload == LINES


@pytest.mark.parametrize("stream", ["", "-stream"])
def test_we_read_a_signature_that_encloses_its_content(cms, stream):
    arguments = f"{SIGN} -nodetach -outform DER {stream}"
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=signed-data"}
    content = taken(headers, cms(arguments, BINARY))
    assert (
        content.payload == BINARY.partition(b"\r\n\r\n")[2]
        and content.protection.signed == "sha256"
    )


@pytest.mark.parametrize("cipher", ["-aes128", "-aes192", "-aes256", "-des3"])
@pytest.mark.parametrize("more", [
    "", "-stream", "-keyid", "-recip {south_cert} -keyopt rsa_padding_mode:oaep",
    "-recip {south_cert} -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256",
    "-recip {north_cert} -recip {south_cert}",
])  # fmt: skip
def test_we_read_what_openssl_encrypts(cms, cipher, more):
    last = "" if "-recip" in more else "-recip {south_cert}"
    order = f"-encrypt -binary -outform DER {cipher} {more} {last}"
    headers = {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data"}
    content = taken(headers, cms(order, BINARY), south(reads_3des=True))
    assert content.payload == BINARY.partition(b"\r\n\r\n")[2]
    assert content.protection.encrypted == cipher[1:].replace("des3", "3des")


def test_we_read_what_travels_in_base64(cms):
    mail = cms("-encrypt -binary -aes256 -recip {south_cert}", BINARY)
    headers, body = as_posted(mail)
    assert headers["Content-Transfer-Encoding"] == "base64"
    assert taken(headers, body).payload == BINARY.partition(b"\r\n\r\n")[2]


def test_we_read_what_openssl_signs_and_then_encrypts(cms):
    order = "-encrypt -binary -outform DER -stream -aes256 -recip {south_cert}"
    headers = {"Content-Type": "application/pkcs7-mime; name=smime.p7m"}
    signed = cms(f"{SIGN} -crlfeol", BINARY)
    content = taken(headers, cms(order, signed), south(wants_signed=True, wants_encrypted=True))
    assert content.payload == BINARY.partition(b"\r\n\r\n")[2]
