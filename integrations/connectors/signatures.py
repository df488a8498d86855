"""How webhooks prove who sent them: the schemes of the trade, and one way to check them all. Pure.

A scheme says where the proof stands, what is signed and how. Whatever was sent, a check ends in the
event id or in Refused 401: `signature` for a missing or wrong proof, `timestamp` for a time too far from
ours. Every proof is compared with every secret, so that the time taken does not tell which was right.
"""

import base64
import hmac
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.connectors.inbound import Refused

Headers = Mapping[str, str]  # by lower-case name

TOLERANCE: Final = 300.0  # seconds, as Stripe and Standard Webhooks recommend
_MOST_PROOFS: Final = 10  # a sender signs with two or three secrets while it changes them
_MOST_DIGITS: Final = 15


def _body(headers: Headers, body: bytes) -> bytes:
    return body


def _no_id(headers: Headers, body: bytes) -> str:
    return ""


@dataclass(frozen=True)
class Scheme:
    """One way to sign. `headers` must all be there; the last one holds the proof, and where there are
    none the sender chooses it. `signs` and `event` are for people."""

    name: str
    label: str
    headers: tuple[str, ...]
    signs: str
    event: str
    proofs: Callable[[str], list[str]]  # what stands in the proof's header → signatures or tokens
    prove: Callable[[str, bytes], bytes]  # secret, what is signed → the proof it should be
    signed: Callable[[Headers, bytes], bytes] = _body
    event_id: Callable[[Headers, bytes], str] = _no_id
    sent_at: Callable[[Headers], str] | None = None  # the signed time as it stands there
    time_stands: str = ""

    @property
    def guards(self) -> bool:
        """Whether a replay is refused by its age: only where the time is part of what is signed."""
        return self.sent_at is not None

    @property
    def chooses_header(self) -> bool:
        return not self.headers

    @property
    def names_event(self) -> bool:
        """Whether the scheme itself says where the event id stands."""
        return self.event_id is not _no_id


def check_headers(scheme: Scheme, headers: Headers, now: datetime, *, header: str = "") -> None:
    """Raises Refused 401 for a webhook that no body could make good: unsigned, or of another time.

    `header` is where the proof stands under a scheme whose sender chooses it.
    """
    for name in scheme.headers or (header,):
        _given(headers, name)
    if scheme.sent_at is None:
        return
    sent = scheme.sent_at(headers)
    if not (sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS):
        raise Refused(401, "timestamp", f"The {scheme.time_stands} is not a time in seconds.")
    if abs(now.timestamp() - int(sent)) > TOLERANCE:
        raise Refused(401, "timestamp", f"The {scheme.time_stands} is too far from our time.")


def verify(
    scheme: Scheme,
    headers: Headers,
    body: bytes,
    secrets: Sequence[str],
    now: datetime,
    *,
    header: str = "",
) -> str:
    """The event id of a webhook that one of `secrets` proves; empty where it has none.

    Raises Refused as `check_headers` does, and for a wrong proof. Without secrets nothing is proven.
    """
    check_headers(scheme, headers, now, header=header)
    name = (scheme.headers or (header,))[-1]
    signed = scheme.signed(headers, body)
    expected = [scheme.prove(secret, signed) for secret in secrets]
    given = scheme.proofs(_given(headers, name))[:_MOST_PROOFS]
    if not _any_equal(given, expected):
        raise Refused(401, "signature", f"The {name} header does not match the secret.")
    return scheme.event_id(headers, body)


def _given(headers: Headers, name: str) -> str:
    given = headers.get(name.lower())
    if given is None:
        raise Refused(401, "signature", f"The {name} header is missing.")
    return given


def _any_equal(given: Iterable[str], expected: Sequence[bytes]) -> bool:
    presented = [text.encode("latin-1", "replace") for text in given]
    matches = [hmac.compare_digest(one, other) for one in presented for other in expected]
    return any(matches)  # of all: the first good one must not end the comparing


def _hex(secret: str, signed: bytes) -> bytes:
    return hmac.digest(secret.encode(), signed, "sha256").hex().encode()


def _hex_of_plain(secret: str, signed: bytes) -> bytes:
    return _hex(unicodedata.normalize("NFKD", secret), signed)


def _base64(secret: str, signed: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256"))


def _standard_base64(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:  # not base64: some senders let people choose a plain text
        key = b""
    key = key or secret.encode()  # never an empty key, with which everybody can sign
    return base64.b64encode(hmac.digest(key, signed, "sha256"))


def _itself(secret: str, signed: bytes) -> bytes:
    return secret.encode()


def _user_and_password(secret: str, signed: bytes) -> bytes:
    return base64.b64encode(secret.encode())


def _whole(value: str) -> list[str]:
    return [value]


def _hex_digits(value: str) -> list[str]:
    return [value.removeprefix("sha256=").lower()]


def _after_sha256(value: str) -> list[str]:
    return [value.removeprefix("sha256=").lower()] if value.startswith("sha256=") else []


def _after_hmac(value: str) -> list[str]:
    known = "hmac-sha256-hex="
    return [value.removeprefix(known).lower()] if value.startswith(known) else []


def _after_basic(value: str) -> list[str]:
    word, _, credentials = value.strip().partition(" ")
    return [credentials.strip()] if word.lower() == "basic" else []


def _of_standard(value: str) -> list[str]:
    return [part[3:] for part in value.split(" ") if part.startswith("v1,")]


def _of_stripe(value: str, name: str = "v1") -> list[str]:
    pairs = (part.strip().partition("=") for part in value.split(","))
    return [text for key, _, text in pairs if key == name]


def _stripe_time(headers: Headers) -> str:
    return next(iter(_of_stripe(headers["stripe-signature"], "t")), "")


def _stripe_signed(headers: Headers, body: bytes) -> bytes:
    return f"{_stripe_time(headers)}.".encode("latin-1", "replace") + body


def _standard_signed(headers: Headers, body: bytes) -> bytes:
    before = f"{headers['webhook-id']}.{headers['webhook-timestamp']}."
    return before.encode("latin-1", "replace") + body


def _id_in_body(headers: Headers, body: bytes) -> str:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str) else ""


def _first_of(*names: str) -> Callable[[Headers, bytes], str]:
    """The event id from the first of the headers `names` that says something."""

    def event_id(headers: Headers, body: bytes) -> str:
        return next((headers[name] for name in names if headers.get(name)), "")

    return event_id


HMAC_HEX: Final = Scheme(
    name="hmac-sha256",
    label="HMAC, hex",
    headers=(),
    signs="the body",
    event="the header set for it",
    proofs=_hex_digits,
    prove=_hex,
)
HMAC_BASE64: Final = Scheme(
    name="hmac-sha256-base64",
    label="HMAC, base64",
    headers=(),
    signs="the body",
    event="the header set for it",
    proofs=_whole,
    prove=_base64,
)
TOKEN: Final = Scheme(
    name="token",
    label="Token",
    headers=(),
    signs="nothing: the header holds the secret itself",
    event="the header set for it",
    proofs=_whole,
    prove=_itself,
)
# Each secret is user and password, joined by a colon (RFC 7617, in UTF-8).
BASIC: Final = Scheme(
    name="basic",
    label="HTTP basic",
    headers=("Authorization",),
    signs="nothing: the header holds user and password",
    event="the header set for it",
    proofs=_after_basic,
    prove=_user_and_password,
)
GITHUB: Final = Scheme(
    name="github",
    label="GitHub",
    headers=("X-Hub-Signature-256",),
    signs="the body",
    event="X-GitHub-Delivery",
    proofs=_after_sha256,
    prove=_hex,
    event_id=_first_of("x-github-delivery"),
)
# Webhook-Id is the same with every try of one delivery. Triggered-At is not signed, and a late try may be
# four hours old: an age limit would lose documents and keep nobody out.
SHOPIFY: Final = Scheme(
    name="shopify",
    label="Shopify",
    headers=("X-Shopify-Hmac-Sha256",),
    signs="the body",
    event="X-Shopify-Webhook-Id, else X-Shopify-Event-Id",
    proofs=_whole,
    prove=_base64,
    event_id=_first_of("x-shopify-webhook-id", "x-shopify-event-id"),
)
WOOCOMMERCE: Final = Scheme(
    name="woocommerce",
    label="WooCommerce",
    headers=("X-WC-Webhook-Signature",),
    signs="the body",
    event="X-WC-Webhook-Delivery-ID",
    proofs=_whole,
    prove=_base64,
    event_id=_first_of("x-wc-webhook-delivery-id"),
)
EASYPOST: Final = Scheme(
    name="easypost",
    label="EasyPost",
    headers=("X-Hmac-Signature",),
    signs="the body",
    event="`id` in the body",
    proofs=_after_hmac,
    prove=_hex_of_plain,
    event_id=_id_in_body,
)
STRIPE: Final = Scheme(
    name="stripe",
    label="Stripe",
    headers=("Stripe-Signature",),
    signs="`t.body`",
    event="`id` in the body",
    proofs=_of_stripe,
    prove=_hex,
    signed=_stripe_signed,
    event_id=_id_in_body,
    sent_at=_stripe_time,
    time_stands="time in the Stripe-Signature header",
)
STANDARD: Final = Scheme(
    name="standard-webhooks",
    label="Standard Webhooks",
    headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
    signs="`id.timestamp.body`",
    event="webhook-id",
    proofs=_of_standard,
    prove=_standard_base64,
    signed=_standard_signed,
    event_id=_first_of("webhook-id"),
    sent_at=lambda headers: headers["webhook-timestamp"],
    time_stands="webhook-timestamp header",
)

SCHEMES: Final[Mapping[str, Scheme]] = {
    scheme.name: scheme
    for scheme in (
        HMAC_HEX,
        HMAC_BASE64,
        TOKEN,
        BASIC,
        GITHUB,
        SHOPIFY,
        WOOCOMMERCE,
        STRIPE,
        STANDARD,
    )
}
