"""Handing one message to its service, through our own client: guarded, bounded in time, mute about secrets.

Whatever a service answers may repeat what it was sent; nothing of a channel's secrets is in what comes
back from here, words of errors included.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from monitoring.alerting import keys, payloads, places
from monitoring.alerting.content import Content, from_json, plain
from monitoring.alerting.signature import signed
from monitoring.models import AlertChannel, AlertMessage
from portal.core import clock, http
from portal.core.errors import CrossdockError, Retryable
from portal.core.recovery import parse_retry_after
from portal.core.redact import HIDDEN, redact_text
from portal.core.response import Response
from portal.core.secrets import Secret, decrypt
from portal.tenants.site import Site

Kind = AlertChannel.Kind
_TIMEOUT: Final = (5.0, 10.0)
_TOTAL: Final = 15.0
_MOST_ANSWER: Final = 200_000
_EXCERPT: Final = 120
_SHORTEST, _SHORTEST_PART = 4, 6  # what is shorter stands in every other answer
_UNSEEN: Final = frozenset({"Cc", "Cf"})
# The message itself is refused: the same again would be, too. Everything else somebody can mend.
_HOPELESS: Final = frozenset({400, 413, 415, 422})
_TROUBLES: Final = {
    "timeout": "no answer in time",
    "unavailable": "it cannot be reached",
    "address_refused": "this installation does not allow calling it",
    "tls": "its certificate cannot be trusted",
    "bad_address": "the address cannot be called",
    "bad_request": "the message holds what HTTP cannot carry",
    "response_too_large": "the answer was too large",
    "secret_unreadable": "its secret cannot be read any more: enter it again",
}


class NotTakenError(Exception):
    """It was not taken. `again`: another try can help, not before `retry_after` seconds."""

    def __init__(self, text: str, *, again: bool, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.again, self.retry_after = again, retry_after


def send(message: AlertMessage, channel: AlertChannel, *, link: str, site: Site) -> str:
    """Hand it over; returns what was answered, in words. NotTakenError."""
    try:
        secrets = decrypt(bytes(channel.secrets or b""))
    except CrossdockError as error:
        raise NotTakenError(_trouble(error, channel.name), again=True) from None
    content = from_json(message.content)
    said = [
        _post(url, body, _headers(channel, message, body, secrets), secrets)
        for url, body in _calls(message, channel, content, link=link, secrets=secrets, site=site)
    ]
    return said[-1]


def _calls(
    message: AlertMessage,
    channel: AlertChannel,
    content: Content,
    *,
    link: str,
    secrets: Mapping[str, Secret],
    site: Site,
) -> list[tuple[str, bytes]]:
    if channel.kind == Kind.PAGERDUTY:
        return _incident(message, channel, content, link=link, secrets=secrets, site=site)
    url = secrets["url"].reveal()
    if channel.kind == Kind.SLACK:
        return [(url, _json(payloads.slack(content, link=link)))]
    if channel.kind == Kind.TEAMS:
        return [(url, _json(payloads.teams(content, link=link)))]
    key = keys.shared(site.slug, message.alert.key) if message.alert else ""
    body = payloads.webhook(content, link=link, key=key, message=message.pk, sent_by=site.name)
    return [(url, _json(body))]


def _incident(
    message: AlertMessage,
    channel: AlertChannel,
    content: Content,
    *,
    link: str,
    secrets: Mapping[str, Secret],
    site: Site,
) -> list[tuple[str, bytes]]:
    """One event; a test opens an incident and ends it."""
    url = places.PAGERDUTY[channel.settings["region"]]
    cause = message.alert.key if message.alert else f"test-{message.pk}"
    actions = [payloads.pagerduty_action(content)]
    if content.purpose == "test":
        actions.append("resolve")
    return [
        (
            url,
            _json(
                payloads.pagerduty(
                    content,
                    link=link,
                    routing_key=secrets["routing_key"].reveal(),
                    dedup_key=keys.shared(site.slug, cause),
                    source=site.name,
                    action=action,
                )
            ),
        )
        for action in actions
    ]


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _headers(
    channel: AlertChannel, message: AlertMessage, body: bytes, secrets: Mapping[str, Secret]
) -> dict[str, str]:
    plain_json = {"Content-Type": "application/json"}
    if channel.kind != Kind.WEBHOOK:
        return plain_json
    at = int(clock.now().timestamp())
    return {
        **plain_json,
        **signed(body, secret=secrets["secret"].reveal(), at=at),
        "Idempotency-Key": str(message.pk),
    }


def _post(url: str, body: bytes, headers: Mapping[str, str], secrets: Mapping[str, Secret]) -> str:
    host = places.host_of(url)
    try:
        answer = http.request(
            "POST", url, data=body, headers=headers, timeout=_TIMEOUT, total_timeout=_TOTAL,
            max_bytes=_MOST_ANSWER,
        )  # fmt: skip
    except CrossdockError as error:
        again = isinstance(error, Retryable) or error.code in ("address_refused", "tls")
        # Without its cause: that one may quote the address.
        raise NotTakenError(_trouble(error, host), again=again) from None
    words = _answered(answer, host, secrets)
    if 200 <= answer.status < 300:
        return words
    raise NotTakenError(
        words,
        again=answer.status not in _HOPELESS,
        retry_after=parse_retry_after(answer.header("Retry-After")),
    )


def _trouble(error: CrossdockError, place: str) -> str:
    return f"{place}: {_TROUBLES.get(error.code, 'it could not be sent')}."


def _answered(answer: Response, host: str, secrets: Mapping[str, Secret]) -> str:
    text = hushed(answer.body[:4_000].decode("utf-8", "replace"), secrets)
    excerpt = plain(text, most=_EXCERPT)
    return f"{host} answered {answer.status}" + (f": {excerpt}" if excerpt else ".")


def hushed(text: str, secrets: Mapping[str, Secret]) -> str:
    """The text without any of the secrets, nor any part of an address that is one, however it is written."""
    values = [secret.reveal() for secret in secrets.values()]
    parts = {part for one in values if one.startswith("http") for part in _parts(one)}
    hidden = {one for one in values if len(one) >= _SHORTEST}
    hidden |= {
        written
        for part in parts
        if len(part) >= _SHORTEST_PART
        for written in (part, unquote(part), quote(unquote(part), safe=""))
    }
    seen = (one for one in text if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    text = "".join(seen).replace("\\/", "/")
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return redact_text(text)


def _parts(url: str) -> Iterator[str]:
    """The path of an address and its steps, its query and what stands in it."""
    address = urlsplit(url)
    yield address.path.strip("/")
    yield from address.path.split("/")
    yield address.query
    yield from (value for pair in address.query.split("&") for value in pair.split("="))
