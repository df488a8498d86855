import datetime as dt
import socket
import ssl
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.core import http
from portal.core.errors import Permanent, Retryable
from tests.certificate_maker import Authority
from tests.core.web_server import answer


@pytest.fixture(autouse=True)
def _loopback(allow, resolve):
    allow("127.0.0.0/8")
    resolve(shop_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    http._renew()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for shop.example that nobody but itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(path)


@pytest.fixture
def secure(server, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.scheme = "https"
    return server


def test_the_host_name_is_verified_although_the_address_was_dialled(secure, certificate):
    url = secure.url("/orders", host="shop.example")
    assert http.request("GET", url, ca_bundle=certificate).status == 200


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(secure, certificate, host):
    with pytest.raises(Permanent) as caught:
        http.request("GET", secure.url(host=host), ca_bundle=certificate)
    assert caught.value.code == "tls"
    assert "mismatch" in str(caught.value).lower()
    assert secure.requests == []


def test_a_certificate_nobody_vouches_for_is_refused(secure):
    with pytest.raises(Permanent) as caught:
        http.request("GET", secure.url(host="shop.example"))
    assert (caught.value.code, secure.requests) == ("tls", [])
    assert "self-signed" in str(caught.value)


def test_an_expired_certificate_of_a_trusted_authority_is_refused(server, tmp_path):
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate("shop.example", days=-1))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.scheme = "https"
    with pytest.raises(Permanent, match="expired") as caught:
        http.request("GET", server.url(host="shop.example"), ca_bundle=str(authority.path))
    assert (caught.value.code, server.requests) == ("tls", [])


def test_trust_for_one_endpoint_is_not_trust_for_another(secure, certificate):
    url = secure.url(host="shop.example")
    http.request("GET", url, ca_bundle=certificate)
    with pytest.raises(Permanent):
        http.request("GET", url)


@pytest.mark.parametrize("part", ["ca_bundle", "client_cert"])
def test_a_certificate_file_that_is_missing_is_named_as_the_cause(secure, part):
    value = "/nowhere.pem" if part == "ca_bundle" else ("/nowhere.pem", "/nowhere.key")
    with pytest.raises(Permanent, match="certificate file cannot be read") as caught:
        http.request("GET", secure.url(host="shop.example"), **{part: value})
    assert caught.value.code == "tls"


def test_plain_http_behind_an_https_address_is_a_tls_failure(server):
    server.scheme = "https"
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(host="shop.example"))
    assert caught.value.code == "tls"


def test_a_server_that_hangs_up_in_the_handshake_can_be_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(10)
            connection.recv(65_536)
            connection.close()

        Thread(target=hang_up, daemon=True).start()
        with pytest.raises(Retryable) as caught:
            http.request("GET", f"https://shop.example:{listener.getsockname()[1]}/")
    assert caught.value.code == "unavailable"


def test_a_redirect_out_of_tls_is_refused(secure, certificate):
    secure.answers["/"] = answer(302, b"", Location="http://shop.example/")
    with pytest.raises(Permanent) as caught:
        http.request("GET", secure.url(host="shop.example"), ca_bundle=certificate, redirects=1)
    assert caught.value.code == "redirected"
