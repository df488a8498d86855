"""A person lets us act for them on a system's own page: there, and back with a code."""

import secrets as random
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from integrations.domain import authorised, changes
from integrations.domain.configuration import endpoint_config
from integrations.models import Authorisation, Endpoint
from integrations.transports import token_server
from integrations.transports.token_server import CodeGrant
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials

LASTS: Final = timedelta(minutes=10)


class NotAuthorisedError(ValueError):
    """Nobody authorised us; the text says why not, and what to do."""


class Standing(NamedTuple):
    """Whether an endpoint that needs a person's yes has one."""

    is_given: bool
    made_by: str
    made_at: datetime | None
    renewed_at: datetime | None


def standing(endpoint: Endpoint) -> Standing | None:
    """None for an endpoint that needs nobody's yes."""
    with suppress(CrossdockError):
        grant = _grant(endpoint)
        if grant is None:
            return None
        found = Authorisation.objects.filter(endpoint=endpoint, meant=grant.meant).first()
        if found:
            return Standing(True, found.made_by, found.made_at, found.renewed_at)
        return Standing(False, "", None, None)
    return None  # client or key are not entered: that is to be done first


def begin(endpoint: Endpoint, *, back: str) -> tuple[str, dict[str, Any]]:
    """The system's page, and what the browser's session keeps until it comes back.

    NotAuthorisedError where the endpoint is not ready for it.
    """
    state, verifier = random.token_urlsafe(32), random.token_urlsafe(48)
    try:
        grant = _must_have(endpoint)
        page = token_server.page_of(grant, state=state, verifier=verifier, back=back)
    except CrossdockError as error:
        raise NotAuthorisedError(f"{error}.") from None
    return page, {
        "state": state,
        "verifier": verifier,
        "back": back,
        "endpoint": endpoint.pk,
        "at": clock.now().timestamp(),
    }


def finish(
    endpoint: Endpoint, begun: Mapping[str, Any] | None, answer: Mapping[str, str], *, by: str
) -> None:
    """Keep what the code is good for that the browser came back with. NotAuthorisedError says why not."""
    if (
        begun is None
        or begun["endpoint"] != endpoint.pk
        or not compare_digest(answer.get("state", "").encode(), begun["state"].encode())
    ):
        raise NotAuthorisedError("This browser did not begin that. Begin again.")
    if clock.now() - datetime.fromtimestamp(begun["at"], UTC) > LASTS:
        raise NotAuthorisedError("That took longer than ten minutes. Begin again.")
    try:
        grant = _must_have(endpoint)
        _refuse_errors(grant, answer)
        granted = grant.client.by_code(
            answer["code"], verifier=begun["verifier"], back=begun["back"]
        )
    except CrossdockError as error:
        raise NotAuthorisedError(f"{error}. Begin again.") from None
    authorised.keep(endpoint.pk, granted, meant=grant.meant, by=by)
    changes.touch(endpoint.customer_id)


def _refuse_errors(grant: CodeGrant, answer: Mapping[str, str]) -> None:
    host = urlsplit(grant.authorise_url).hostname or ""
    if error := answer.get("error"):
        said = [_plain(text) for text in (error, answer.get("error_description", ""))]
        raise token_server.refusal(host, *said)
    if not answer.get("code"):
        raise NeedsCredentials(f"{host} sent no code along")


def _plain(text: str) -> str:
    """Anybody may have written an address: its words are shown short, and as words."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:200]


def _grant(endpoint: Endpoint) -> CodeGrant | None:
    config = endpoint_config(endpoint)
    return config.connector.authorises(config.connection)


def _must_have(endpoint: Endpoint) -> CodeGrant:
    grant = _grant(endpoint)
    if grant is None:
        raise NeedsCredentials("This endpoint is not reached in the name of a person")
    return grant
