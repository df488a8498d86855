"""Every scheme that webhooks are signed with, and its bad twins."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from integrations.connectors import signatures
from integrations.connectors.inbound import Refused
from integrations.connectors.signatures import SCHEMES, TOLERANCE

pytestmark = pytest.mark.pure

BODY = b'{"id":"evt_1","number":"1001","name":"Zo\xc3\xab"}'
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
CHOSEN = "X-Proof"
STANDARD_KEY = "whsec_" + base64.b64encode(b"twenty-four bytes of key").decode()

Sender = Callable[[str, bytes, datetime], dict[str, str]]


def digest(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def stripe(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    stamp = int(at.timestamp())
    signature = digest(secret, b"%d." % stamp + body).hex()
    return {"stripe-signature": f"t={stamp},v1={signature},v0={'0' * 64}"}


def standard(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    key = "whsec_" + b64(secret.encode())
    signature = Webhook(key).sign("evt_1", at, body.decode())
    return {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


# What a sender of each scheme sends, told by its vendor's documentation and not by our code.
SENDERS: dict[str, Sender] = {
    "hmac-sha256": lambda s, b, at: {"x-proof": digest(s, b).hex()},
    "hmac-sha256-base64": lambda s, b, at: {"x-proof": b64(digest(s, b))},
    "token": lambda s, b, at: {"x-proof": s},
    "basic": lambda s, b, at: {"authorization": f"Basic {b64(s.encode())}"},
    "github": lambda s, b, at: {
        "x-hub-signature-256": f"sha256={digest(s, b).hex()}",
        "x-github-delivery": "evt_1",
    },
    "shopify": lambda s, b, at: {
        "x-shopify-hmac-sha256": b64(digest(s, b)),
        "x-shopify-webhook-id": "evt_1",
        "x-shopify-event-id": "other",
        "x-shopify-triggered-at": at.isoformat(),
    },
    "woocommerce": lambda s, b, at: {
        "x-wc-webhook-signature": b64(digest(s, b)),
        "x-wc-webhook-delivery-id": "evt_1",
    },
    "stripe": stripe,
    "standard-webhooks": standard,
}
UNSIGNED = {"token", "basic"}  # their proof says nothing of the body
TIMED = {"stripe", "standard-webhooks"}
NAMES = list(SCHEMES)


def secret_for(name: str, text: str) -> str:
    """How a secret is entered: Standard Webhooks wants base64."""
    return "whsec_" + b64(text.encode()) if name == "standard-webhooks" else text


def verify(
    name: str, headers: dict[str, str], *secrets: str, body: bytes = BODY, now: datetime = NOW
) -> str:
    entered = [secret_for(name, text) for text in secrets]
    return signatures.verify(SCHEMES[name], headers, body, entered, now, header=CHOSEN)


def refusal(name: str, headers: dict[str, str], *secrets: str, **more: object) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        verify(name, headers, *(secrets or ("ann:s3",)), **more)  # type: ignore[arg-type]
    assert "s3" not in caught.value.text
    return caught.value.status, caught.value.reason


def sent(name: str, secret: str = "ann:s3", at: datetime = NOW) -> dict[str, str]:
    return SENDERS[name](secret, BODY, at)


def proof_of(name: str) -> str:
    return (SCHEMES[name].headers or (CHOSEN,))[-1].lower()


def test_every_scheme_has_a_sender_here() -> None:
    assert set(SENDERS) == set(SCHEMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_its_sender_signed_is_taken(name: str) -> None:
    named = {"github", "shopify", "woocommerce", "stripe", "standard-webhooks"}
    assert verify(name, sent(name), "ann:s3") == ("evt_1" if name in named else "")
    assert {n for n in NAMES if SCHEMES[n].names_event} == named


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_secret_is_refused(name: str) -> None:
    assert refusal(name, sent(name, "ann:s4")) == (401, "signature")


@pytest.mark.parametrize("name", NAMES)
def test_without_a_secret_nothing_is_proven(name: str) -> None:
    with pytest.raises(Refused, match="does not match the secret"):
        signatures.verify(SCHEMES[name], sent(name), BODY, [], NOW, header=CHOSEN)


@pytest.mark.parametrize("name", NAMES)
def test_the_old_secret_is_taken_while_it_is_changed_and_not_after(name: str) -> None:
    old = sent(name, "ann:old-s")
    verify(name, old, "ann:new", "ann:old-s")
    verify(name, sent(name, "ann:new"), "ann:new", "ann:old-s")
    assert refusal(name, old, "ann:new") == (401, "signature")


@pytest.mark.parametrize("name", sorted(set(NAMES) - UNSIGNED))
@pytest.mark.parametrize("at", [0, 5, -1])
def test_a_body_changed_by_one_byte_is_refused(name: str, at: int) -> None:
    changed = bytearray(BODY)
    changed[at] ^= 1
    assert refusal(name, sent(name), body=bytes(changed)) == (401, "signature")
    assert refusal(name, sent(name), body=BODY + b"\n") == (401, "signature")


@pytest.mark.parametrize("name", NAMES)
def test_every_header_that_must_be_there_is_missed(name: str) -> None:
    for missing in SCHEMES[name].headers or (CHOSEN,):
        rest = {k: v for k, v in sent(name).items() if k != missing.lower()}
        with pytest.raises(Refused) as caught:
            signatures.check_headers(SCHEMES[name], rest, NOW, header=CHOSEN)
        assert (caught.value.status, caught.value.reason) == (401, "signature")
        assert caught.value.text == f"The {missing} header is missing."
        assert refusal(name, rest) == (401, "signature")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value", ["", " ", ",", "=", "sha256=", "Basic", "Basic ", "v1,", "t=,v1=", "\x00", "a" * 9000]
)
def test_a_malformed_header_is_refused(name: str, value: str) -> None:
    status, reason = refusal(name, sent(name) | {proof_of(name): value})
    assert (status, reason) == (401, "timestamp" if name == "stripe" else "signature")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["ünfug", "€", "\udcff", "٣", "v1=ü", "v1,ü"])
def test_a_header_beyond_ascii_is_refused(name: str, value: str) -> None:
    good = sent(name)
    proof, nothing, rest = good[proof_of(name)].partition(",v0=")
    longer = proof + value + nothing + rest
    assert refusal(name, good | {proof_of(name): longer}) == (401, "signature")
    assert refusal(name, good | {proof_of(name): value})[0] == 401


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_the_signature_of_another_scheme_is_refused(name: str, other: str) -> None:
    one, two = SCHEMES[name], SCHEMES[other]
    alike = (one.prove, one.signed, one.proofs) == (two.prove, two.signed, two.proofs)
    # hmac-sha256 takes a hex digest with and without the prefix that GitHub insists on
    if alike or (name, other) == ("hmac-sha256", "github"):
        return
    foreign = sent(other)
    assert refusal(name, foreign | sent(name, "ann:x") | {proof_of(name): foreign[proof_of(other)]}) in (
        (401, "signature"), (401, "timestamp"),
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_only_a_signed_time_guards_against_a_replay(name: str) -> None:
    assert SCHEMES[name].guards == (name in TIMED)
    old = sent(name)
    if name not in TIMED:
        assert verify(name, old, "ann:s3", now=NOW + timedelta(days=400)) is not None
        return
    within, after = timedelta(seconds=TOLERANCE), timedelta(seconds=TOLERANCE + 1)
    for moment in (NOW + within, NOW - within):
        assert verify(name, old, "ann:s3", now=moment) == "evt_1"
    for moment in (NOW + after, NOW - after):
        assert refusal(name, old, now=moment) == (401, "timestamp")
        with pytest.raises(Refused, match="too far from our time"):
            signatures.check_headers(SCHEMES[name], old, moment)


def test_a_replay_made_younger_is_refused() -> None:
    later = NOW + timedelta(hours=1)
    stamp, fresh = str(int(NOW.timestamp())), str(int(later.timestamp()))
    for name in TIMED:
        younger = {key: value.replace(stamp, fresh) for key, value in sent(name).items()}
        assert refusal(name, younger, now=later) == (401, "signature")


@pytest.mark.parametrize(
    "stamp", ["", "soon", "-1", "1e9", "9" * 20, "\u0661", " 1772460000", "1.5"]
)
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    good = str(int(NOW.timestamp()))
    for name in TIMED:
        headers = {key: value.replace(good, stamp) for key, value in sent(name).items()}
        assert refusal(name, headers) == (401, "timestamp")


def test_the_example_that_github_publishes_is_taken() -> None:
    headers = {
        "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }
    secret = "It's a Secret to Everybody"
    assert verify("github", headers, secret, body=b"Hello, World!") == ""
    bare = {"x-hub-signature-256": headers["x-hub-signature-256"].removeprefix("sha256=")}
    assert refusal("github", bare, secret, body=b"Hello, World!") == (401, "signature")


def test_the_example_of_the_basic_scheme_is_taken() -> None:
    # RFC 7617, 2: the user Aladdin and the password "open sesame"; the scheme's name in any case.
    for word in ("Basic", "basic", "BASIC"):
        headers = {"authorization": f"{word} QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}
        assert verify("basic", headers, "Aladdin:open sesame") == ""
    bearer = {"authorization": "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}
    assert refusal("basic", bearer, "Aladdin:open sesame") == (401, "signature")


def test_one_good_signature_of_stripe_among_several_is_enough() -> None:
    good = sent("stripe")["stripe-signature"]
    stamp, signature, _ = good.split(",")
    both = {"stripe-signature": f"{stamp},v1={'0' * 64},{signature}"}
    assert verify("stripe", both, "ann:s3") == "evt_1"
    only_v0 = {"stripe-signature": f"{stamp},{signature.replace('v1', 'v0')}"}
    assert refusal("stripe", only_v0) == (401, "signature")


def test_no_more_than_ten_signatures_are_looked_at() -> None:
    stamp, signature, _ = sent("stripe")["stripe-signature"].split(",")
    wrong = ",".join([f"v1={'0' * 64}"] * 10)
    many = {"stripe-signature": f"{stamp},{wrong},{signature}"}
    assert refusal("stripe", many) == (401, "signature")


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"id":7}', b"{}", b"[" * 100_000])
def test_a_stripe_event_without_an_id_has_none(body: bytes) -> None:
    assert verify("stripe", stripe("s", body, NOW), "s", body=body) == ""


def test_shopify_is_named_by_its_delivery_else_by_its_event() -> None:
    headers = sent("shopify")
    del headers["x-shopify-webhook-id"]
    assert verify("shopify", headers, "ann:s3") == "other"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!!", "plain text", "schlüssel", "whsec_€"])
def test_a_standard_secret_that_is_no_key_in_base64_is_taken_as_its_text(secret: str) -> None:
    stamp = str(int(NOW.timestamp()))
    signature = b64(digest(secret, f"evt_1.{stamp}.".encode() + BODY))
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature}",
    }
    scheme = SCHEMES["standard-webhooks"]
    assert signatures.verify(scheme, headers, BODY, [secret], NOW) == "evt_1"


TEXTS = st.text(st.characters(codec="latin-1", exclude_characters=":"), min_size=1, max_size=20)


@given(name=st.sampled_from(NAMES), secret=TEXTS, body=st.binary(max_size=200), flip=st.integers(0))
@settings(max_examples=200, deadline=None)
def test_whatever_is_signed_is_taken_and_one_changed_byte_is_not(
    name: str, secret: str, body: bytes, flip: int
) -> None:
    body = body.decode("latin-1").encode()  # a sender of Standard Webhooks signs text
    headers = SENDERS[name](secret, body, NOW)
    # A sender puts UTF-8 into a header, and the door hands headers on as Latin-1.
    headers = {key: value.encode().decode("latin-1") for key, value in headers.items()}
    verify(name, headers, secret, body=body)
    proof = headers[proof_of(name)]
    where = flip % len(proof)
    changed = proof[:where] + chr(ord(proof[where]) ^ 2) + proof[where + 1 :]
    if changed.lower() != proof.lower() and not _says_nothing(name, proof, where):
        with pytest.raises(Refused):
            verify(name, headers | {proof_of(name): changed}, secret, body=body)


def _says_nothing(name: str, proof: str, where: int) -> bool:
    """Whether a character is in the part of a header that says nothing: Stripe's v0 for tests."""
    return name == "stripe" and where >= proof.index(",v0=")


@given(
    name=st.sampled_from(NAMES),
    headers=st.dictionaries(
        st.sampled_from([h.lower() for n in NAMES for h in SCHEMES[n].headers] + ["x-proof"]),
        st.text(max_size=60),
    ),
    body=st.binary(max_size=60),
)
@settings(max_examples=300, deadline=None)
def test_whatever_a_stranger_sends_is_refused_by_name(
    name: str, headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        verify(name, headers, "a secret of sixty bits", body=body)
    assert (caught.value.status, caught.value.reason in {"signature", "timestamp"}) == (401, True)


def test_an_event_id_of_json_is_the_text_that_stands_there() -> None:
    body = json.dumps({"id": "evt_ü"}).encode()
    assert verify("stripe", stripe("s", body, NOW), "s", body=body) == "evt_ü"


def test_the_readme_lists_every_scheme() -> None:
    readme = (Path(signatures.__file__).parent / "http" / "README.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in readme.splitlines() if line.startswith("| `")]
    told = {row[0].strip("`"): row for row in rows}
    assert list(told) == list(SCHEMES)
    for name, (_, label, proof, signs, event, replay) in told.items():
        scheme = SCHEMES[name]
        assert label == scheme.label
        assert all(f"`{header}`" in proof for header in scheme.headers)
        assert (signs.replace("`", ""), event.replace("`", "")) == (
            scheme.signs.replace("`", ""),
            scheme.event.replace("`", ""),
        )
        assert replay == ("refused after 5 minutes" if scheme.guards else "taken")
