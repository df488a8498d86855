"""What other systems see of us: webhooks, the door for documents, and who we say that we are."""

import asyncio
import base64
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import paramiko

from integrations.connectors import registry
from integrations.connectors.connection import connection_from
from integrations.connectors.inbound import Refused
from integrations.door import app as door_app
from integrations.models import Endpoint, Interchange, Payload
from portal.core import http
from portal.core.errors import NeedsCredentials
from portal.core.ids import uuid7
from portal.pages.brand_scan.answers import Seen
from portal.pages.brand_scan.surface import Surface
from portal.tenants import lifecycle
from portal.tenants.models import MailServer
from portal.tenants.site import Site
from portal.webhooks import signature
from portal.webhooks.catalogue import EVENTS
from portal.webhooks.domain import outbox

_JSON: Final = "application/json"
_SIGNED_AT: Final = 1_767_225_600
# Made up: what is looked at is the shape of what is sent.
_SECRET: Final = signature.PREFIX + base64.b64encode(b"\0" * 32).decode()
_STATUS: Final = {
    "method": 405,
    "address": 404,
    "size": 413,
    "cut": 400,
    "slow": 408,
    "busy": 503,
    "store": 503,
    "keys": 503,
}


def webhooks(site: Site) -> Iterator[Seen]:
    """Every event as it is posted, with an example for its data."""
    for name, event in EVENTS.items():
        body = outbox.body_of(name, {"customer": "sample", **event.example}).encode()
        signed = signature.headers(str(uuid7()), body, at=_SIGNED_AT, signing=[_SECRET])
        sent = {**http.HEADERS, "Content-Type": _JSON, **signed}
        yield Seen(Surface("webhooks", name, body, _JSON, headers=tuple(sent.items())))


def door(site: Site) -> Iterator[Seen]:
    """Every answer that a sender of documents can get."""
    yield _told("stored", 200, "stored")
    for reason, text in door_app.REFUSALS.items():
        yield _told(reason, _STATUS[reason], text.replace("{most}", "10"))
    for state, shut in lifecycle.DOORS.items():
        yield _told(f"of a partner that is {state}", shut.status, shut.text)
    for endpoint in Endpoint.objects.order_by("pk"):
        for refused in _refusals(endpoint):
            yield _told(f"{endpoint.slug}: {refused.reason}", refused.status, refused.text)


def _refusals(endpoint: Endpoint) -> Iterator[Refused]:
    """What the endpoint's own checks say to somebody without a signature."""
    connector = registry.get(endpoint.connector)
    try:
        connection = connection_from(
            connector.settings, endpoint_id=endpoint.pk, slug=endpoint.slug, settings=endpoint.settings,
            secrets=endpoint.secrets, concurrency=endpoint.concurrency,
        )  # fmt: skip
    except NeedsCredentials:  # nobody can come in there at all
        return
    checks: list[Callable[[], Any]] = []
    if connector.check_headers:
        checks.append(partial(connector.check_headers, {}, connection))
    if connector.admit:
        checks.append(partial(connector.admit, {}, b"{}", connection))
    for check in checks:
        try:
            check()
        except Refused as refused:
            yield refused


def _told(what: str, status: int, text: str) -> Seen:
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(door_app.answer(send, status, text))  # type: ignore[arg-type]
    start, body = sent
    headers = tuple((name.decode(), value.decode()) for name, value in start["headers"])
    return Seen(Surface("door", what, body["body"], _JSON, headers=headers))


def outgoing(site: Site) -> Iterator[Seen]:
    """Who we say that we are wherever we call, and the last document that each system got."""
    yield Seen(Surface("outgoing", "Calls over HTTP", headers=tuple(http.HEADERS.items())))
    banner = f"SSH-2.0-{paramiko.Transport._CLIENT_ID}"  # type: ignore[attr-defined]
    yield Seen(Surface("outgoing", "Files over SFTP: the client's name", banner.encode()))
    yield Seen(
        Surface("outgoing", "Mail over SMTP: the name we greet with", _greeting(site).encode())
    )
    for endpoint in Endpoint.objects.order_by("pk"):
        last = (
            Interchange.objects.filter(endpoint=endpoint, direction="out").order_by("-at").first()
        )
        if last is None:
            continue
        named = f"{last.sender} {last.receiver} {last.functional_id}".encode()
        where = f"EDI to {endpoint.label}"
        yield Seen(Surface("outgoing", f"{where}: ids", named, name=last.file_name))
        body = Payload.objects.filter(pk=last.payload_id).first()
        if body:
            yield Seen(
                Surface("outgoing", f"{where}: the last file", bytes(body.body), is_data=True)
            )


def _greeting(site: Site) -> str:
    """What a mail server writes into the mail's Received line."""
    own = MailServer.objects.filter(partner__schema_name=site.slug, is_on=True).first()
    return f"EHLO {own.from_domain if own else socket.getfqdn()}"
