"""A partner who speaks AS2, our endpoint for it, and a connector over AS2: a warehouse's X12 files."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives import serialization

from integrations.connectors import as2_partner, as2_probe, registry
from integrations.connectors.connection import Connection
from integrations.formats.as2 import (
    Agreement,
    Built,
    Document,
    KeyPair,
    Profile,
    Receipt,
    build,
    read_receipt,
)
from integrations.models import Endpoint
from tests import pipeline
from tests.as2 import partners
from tests.door.driver import Answer, Post

TODAY = dt.datetime.now(dt.UTC)
SLUG = "as2x12"
DEPOT = "/in/kestrel/depot"
EDI = Document(b"ISA*00*~GS*PO~ST*850*0001~\n", "order 1.edi", "application/edi-x12")
US, THEM = "KESTREL", "NORTH WIND"


def keys(name: str, *, days: int = 100) -> KeyPair:
    return partners.pair(name, days=days, around=TODAY)


def pem(pair: KeyPair, *, key: bool = False) -> str:
    text = pair.certificate.public_bytes(serialization.Encoding.PEM).decode()
    if key:
        text += pair.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    return text


class Client:
    """What a connector over AS2 has for a client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def test_connection(self) -> Any:
        return as2_probe.lines(self._connection)

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        return as2_partner.put(
            self._connection, file_name, body, content_type="application/edi-x12"
        )

    def close(self) -> None:
        pass


@contextmanager
def registered() -> Iterator[None]:
    """The connector is there as if a package had brought it."""
    x12 = registry.get("x12")
    manifest = replace(
        x12.manifest, slug=SLUG, label="X12 over AS2", capabilities=frozenset({"envelope", "as2"})
    )
    made = replace(
        x12,
        manifest=manifest,
        settings=(*x12.settings, *as2_partner.SETTINGS),
        client=Client,
        as2=as2_partner.agreement_of,
    )
    registry._BROUGHT[SLUG] = type(
        "Point", (), {"name": SLUG, "dist": None, "load": lambda self: made}
    )()
    known, registry.SLUGS = registry.SLUGS, tuple(sorted({*registry.SLUGS, SLUG}))
    try:
        yield
    finally:
        registry.SLUGS = known
        del registry._BROUGHT[SLUG]
        registry.get.cache_clear()


def endpoint(
    customer_id: int, slug: str = "depot", *, own: Any = None, **settings: Any
) -> Endpoint:
    """Our side: our keys, and what we know of the partner."""
    secrets = own or {"as2_private_key": pem(keys("kestrel"), key=True)}
    entered = {
        "own_id": "PORTAL", "partner_id": "NWIND3PL", "site": "RNO1", "ack_hours": 0,
        "as2_own_id": US, "as2_partner_id": THEM, "as2_url": "http://127.0.0.1:9/as2",
        "as2_certificate": pem(keys("north")), **settings,
    }  # fmt: skip
    return pipeline.endpoint(customer_id, slug, SLUG, settings=entered, secrets=secrets)


def north(*, key: KeyPair | None = None, ours: KeyPair | None = None, **changes: Any) -> Agreement:
    """The partner's side."""
    profile = replace(Profile(THEM, US), **changes)
    return Agreement(profile, (key or keys("north"),), ((ours or keys("kestrel")).certificate,))


def message(
    agreement: Agreement | None = None,
    document: Document = EDI,
    *,
    id_: str = "<1@north>",
    **changes: Any,
) -> Built:
    return build(document, agreement or north(**changes), message_id=id_, now=TODAY)


def post(built: Any, path: str = DEPOT, *, body: bytes | None = None, **headers: str) -> Post:
    sent = {name.lower(): value for name, value in built.headers.items()}
    return Post(path, [built.body if body is None else body], {**sent, **headers})


def receipt(answer: Answer, agreement: Agreement | None = None) -> Receipt:
    """The receipt in an answer, its signature checked by the partner."""
    return read_receipt(answer.headers, answer.body, agreement or north(), now=TODAY)
