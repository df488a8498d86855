"""What is entered for an AS2 partner, what becomes of it, and a file sent to one."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from integrations.connectors import as2_partner, as2_probe
from integrations.connectors.connection import Connection
from integrations.formats.as2 import KeyPair, Profile, Received
from portal.core import clock
from portal.core.errors import NeedsCredentials, Retryable
from portal.core.secrets import Secret
from tests.as2.partners import NOW, pair, south
from tests.transports.test_as2 import Door

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def pem(one: KeyPair, *, key: bool = True) -> str:
    text = one.certificate.public_bytes(serialization.Encoding.PEM).decode()
    if not key:
        return text
    private = one.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return text + private.decode()


def connection(secrets: dict[str, str] | None = None, **settings: Any) -> Connection:
    given = {"as2_private_key": pem(pair("north")), **(secrets or {})}
    entered = {
        "as2_own_id": "NORTH",
        "as2_partner_id": "SOUTH CO",
        "as2_url": "http://127.0.0.1:9/as2",
        "as2_certificate": pem(pair("south"), key=False).splitlines(),
        **settings,
    }
    defaults = {s.name: s.default for s in as2_partner.SETTINGS if not s.secret}
    held = {name: Secret(text) for name, text in given.items() if text}
    return Connection(7, "depot", {**defaults, **entered}, held)


def check(name: str) -> Any:
    return next(s for s in as2_partner.SETTINGS if s.name == name).check


def test_what_is_entered_becomes_the_agreement() -> None:
    agreement = as2_partner.agreement_of(
        connection(
            {"as2_next_private_key": pem(pair("north 2"))},
            as2_next_certificate=pem(pair("south 2"), key=False),
            as2_encryption_certificate=pem(pair("south 3"), key=False),
            as2_takes="signed",
            as2_sign="sha512",
            as2_encrypt="none",
            as2_compress="after",
        )
    )
    wanted = Profile("NORTH", "SOUTH CO", sign="sha512", encrypt=None, compress="after")
    assert agreement.profile == Profile(**{**wanted.__dict__, "wants_encrypted": False})
    assert [p.certificate for p in agreement.own] == [
        pair("north").certificate,
        pair("north 2").certificate,
    ]
    assert agreement.certificates == (pair("south").certificate, pair("south 2").certificate)
    assert agreement.encryption_certificates == (pair("south 3").certificate,)
    assert [one.whose for one in as2_partner.held(agreement)] == [
        "Our certificate",
        "Our next certificate",
        "The partner's certificate",
        "The partner's next certificate",
        "The partner's certificate for encryption",
    ]


def test_what_cannot_be_used_is_said_by_what_it_was_entered_as() -> None:
    with pytest.raises(
        NeedsCredentials, match="Our private key and certificate: Enter one private key"
    ):
        as2_partner.agreement_of(connection({"as2_private_key": pem(pair("north"), key=False)}))
    with pytest.raises(NeedsCredentials, match="Partner's certificate: This holds no certificate"):
        as2_partner.agreement_of(connection(as2_certificate=["nonsense"]))
    with pytest.raises(NeedsCredentials, match="asynchronous receipt wants receipt_url"):
        as2_partner.agreement_of(connection(as2_receipt="async"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pem(pair("south"), key=False), ""),
        ("", "This holds no certificate"),
        (pem(pair("south")), "This holds a private key."),
        (pem(pair("south"), key=False) * 2, "This holds 2 certificates."),
        (pem(pair("south"), key=False).replace("MII", "MIX", 1), "The certificate is damaged"),
        (pem(pair("old", days=-3), key=False), "The certificate expired on 27 Nov 2026."),
        (pem(pair("curve", curve=True), key=False), ""),
    ],
    ids=["good", "empty", "key", "two", "damaged", "expired", "curve"],
)  # fmt: skip
def test_a_partners_certificate_is_checked_in_a_sentence(text: str, said: str) -> None:
    found = check("as2_certificate")(text)
    assert found == said if not said else found.startswith(said)


def test_our_key_is_checked_with_its_certificate() -> None:
    fault = check("as2_private_key")
    ours, other = pem(pair("north")), pem(pair("other"))
    key = ours[ours.index("-----BEGIN PRIVATE") :]
    assert fault(ours) == "" and fault(key + ours[: ours.index("-----BEGIN PRIVATE")]) == ""
    assert (
        fault(key)
        == "This holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----."
    )
    assert (
        fault(pem(pair("other"), key=False) + key)
        == "The certificate is not the one of this private key."
    )
    assert "2 private keys" in fault(ours + other)
    assert fault(pem(pair("old", days=-1))).startswith("The certificate expired on 29 Nov 2026.")
    damaged = fault(ours.replace("PRIVATE KEY-----\nMII", "PRIVATE KEY-----\nMIX"))
    assert damaged.startswith("The private key is damaged")
    locked = pair("north").key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"x"),
    )
    assert "pass phrase" in fault(pem(pair("north"), key=False) + locked.decode())


def test_names_are_checked() -> None:
    assert check("as2_own_id")("A B") == ""
    assert all(check("as2_own_id")(name) for name in (" A", "Ä", "a" * 129))


def test_settings_of_a_connector_with_other_ways_are_required_only_over_as2() -> None:
    settings = {s.name: s for s in as2_partner.settings_when("protocol")}
    assert settings["as2_url"].is_needed({"protocol": "as2"})
    assert not settings["as2_url"].is_needed({"protocol": "sftp"})


@pytest.fixture
def partner() -> Iterator[Door]:
    opened = Door()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def test_a_synchronous_receipt_proves_the_delivery(partner: Door) -> None:
    to = connection(as2_url=partner.url)
    answer = as2_partner.put(to, "1.edi", b"ISA*", content_type="application/edi-x12")
    (came,) = partner.came
    assert isinstance(came, Received)
    assert (came.content.payload, came.content.filename) == (b"ISA*", "1.edi")
    kept = json.loads(json.dumps(answer))["as2"]
    assert (answer["status"], answer["body"]) == (as2_partner.PROVEN, "1.edi")
    assert (
        kept["message_id"]
        == came.about.message_id
        == as2_partner.message_id_of(to, "1.edi", b"ISA*")
    )
    assert (kept["mic"], kept["mic_algorithm"]) == came.content.mic
    assert b"disposition" in base64.b64decode(kept["proof"]["body"]).lower()


def test_a_receipt_that_comes_later_is_awaited(partner: Door) -> None:
    partner.partner = lambda headers, body: (200, {}, b"")
    to = connection(
        as2_url=partner.url, as2_receipt="async", as2_receipt_url="https://us.example/in/k/d"
    )
    answer = as2_partner.put(to, "1.edi", b"ISA*")
    assert answer["status"] == as2_partner.AWAITED
    assert (answer["as2"]["receipt"], answer["as2"]["proof"]) == ("async", {})


def test_a_refusal_is_told_in_the_partners_words(partner: Door) -> None:
    stranger = replace(south(), certificates=(pair("somebody else").certificate,))
    partner.partner = partner.takes(stranger)
    with pytest.raises(
        NeedsCredentials, match="The partner refused the message: authentication-failed"
    ):
        as2_partner.put(connection(as2_url=partner.url), "1.edi", b"ISA*")
    partner.partner = lambda headers, body: (503, {}, b"")
    with pytest.raises(Retryable):
        as2_partner.put(connection(as2_url=partner.url), "1.edi", b"ISA*")


def test_a_login_goes_with_the_message(partner: Door) -> None:
    seen: list[dict[str, str]] = []
    takes = partner.partner
    partner.partner = lambda headers, body: seen.append(headers) or takes(headers, body)
    as2_partner.put(
        connection({"as2_password": "pw"}, as2_url=partner.url, as2_user="ada"), "1", b"x"
    )
    assert seen[0]["Authorization"] == "Basic " + base64.b64encode(b"ada:pw").decode()


def test_the_message_id_is_the_files() -> None:
    to = connection()
    first = as2_partner.message_id_of(to, "1.edi", b"x")
    assert first == as2_partner.message_id_of(to, "1.edi", b"x")
    others = {as2_partner.message_id_of(to, "2.edi", b"x"), as2_partner.message_id_of(to, "1.edi", b"y"),
              as2_partner.message_id_of(connection(as2_partner_id="S"), "1.edi", b"x")}  # fmt: skip
    assert len({first, *others}) == 4


def verdicts(to: Connection) -> dict[str, Any]:
    return {line.name: line for line in as2_probe.lines(to)}


def test_the_connection_test_reads_the_certificates_and_sends_nothing(partner: Door) -> None:
    found = verdicts(connection(as2_url=partner.url))
    assert {name: line.passed for name, line in found.items()} == {
        "host": True, "tls": None, "key": True, "scope": None, "clock": None,
    }  # fmt: skip
    assert found["key"].text == (
        "Our certificate is good until 10 Mar 2027, 100 days from now."
        " The partner's certificate is good until 10 Mar 2027, 100 days from now."
    )
    assert partner.came == []


def test_the_connection_test_says_what_ends_soon_and_what_has_ended(partner: Door) -> None:
    soon = pem(pair("south", days=7), key=False)
    key = verdicts(connection(as2_url=partner.url, as2_certificate=soon))["key"]
    assert key.passed and key.text.endswith("7 days from now. Exchange it in time.")
    over = pem(pair("south", days=-1), key=False)
    key = verdicts(connection(as2_url=partner.url, as2_certificate=over))["key"]
    assert key.passed is False
    assert (
        key.text
        == "The certificate of SOUTH CO cannot be encrypted for: it expired on 29 Nov 2026."
    )
    both = connection(as2_url=partner.url, as2_certificate=over, as2_next_certificate=soon)
    key = verdicts(both)["key"]
    assert key.passed and "The partner's certificate expired on 29 Nov 2026." in key.text


def test_the_connection_test_says_what_is_missing(partner: Door) -> None:
    key = verdicts(connection({"as2_private_key": ""}, as2_url=partner.url))["key"]
    assert (key.passed, key.text) == (False, "There is no private key to sign with.")
    plain = connection(
        {"as2_private_key": ""}, as2_url=partner.url, as2_sign="none", as2_certificate=[]
    )
    key = verdicts(Connection(7, "depot", {**plain.settings, "as2_encrypt": "none"}, {}))["key"]
    assert "have to be signed, and no certificate" in key.text
    assert verdicts(connection(as2_url="http://127.0.0.1:1"))["host"].passed is False
