"""The live test of a system that takes JSON: does it answer, and does it take the secret."""

from collections.abc import Iterator
from typing import Final

from integrations.connectors import checks, web_checks, webhook_secrets
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.http.access import has_secret
from integrations.transports.http import Site
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response

_NOTHING_SENT: Final = "Does not apply: no base address is entered, so nothing is sent."
# Many systems have nothing to say at a path: that they answered is good news.
_NO_VERDICT: Final = frozenset({"not_found", "not_allowed"})


def lines(site: Site, connection: Connection) -> Iterator[Check]:
    """Host, TLS, key, scope and clock."""
    address = str(connection.settings["url"] or "")
    if not address:
        yield from _receiving(connection)
        return
    last: Check | None = None
    for last in web_checks.lines(address):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    yield from _asked(site, connection)


def _receiving(connection: Connection) -> Iterator[Check]:
    """A system that only sends to us: there is nobody to ask."""
    yield checks.untried("host", _NOTHING_SENT)
    yield checks.untried("tls", _NOTHING_SENT)
    if webhook_secrets.of(connection):
        text = "A webhook secret is entered; the first webhook shows whether the sender has it too."
        yield checks.untried("key", text)
    else:
        text = "No webhook secret is entered, so no webhook is taken."
        yield checks.failed("key", text, "Enter the secret shared with the sender.")
    yield checks.untried("scope", _NOTHING_SENT)
    yield checks.untried("clock", _NOTHING_SENT)


def _asked(site: Site, connection: Connection) -> Iterator[Check]:
    path = str(connection.settings["check_path"])
    try:
        answer = site.send("GET", path)
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield from checks.rest("key")
        return
    clock = web_checks.clock_of(answer)
    key = _key(answer, path, is_entered=has_secret(connection))
    yield key
    if key.passed is False:
        yield checks.not_after("scope", "key")
    else:
        text = "Not tried, because a call would take effect. The first delivery shows it."
        yield checks.untried("scope", text)
    yield clock


def _key(answer: Response, path: str, *, is_entered: bool) -> Check:
    try:
        raise_for_recovery(answer)
    except NeedsCredentials as error:
        if not is_entered:
            return checks.failed("key", f"{error}.", "Enter the secret that the system wants.")
        return web_checks.key_refused(error)
    except Permanent as error:
        if error.code not in _NO_VERDICT:
            return web_checks.key_refused(error)
        text = f"It answered {answer.status} at {path} and did not refuse the secret."
    except CrossdockError as error:
        return web_checks.key_refused(error)
    else:
        text = f"It answered {answer.status} at {path}: it takes the secret."
    if not is_entered:
        return checks.untried("key", f"No secret is entered. It answered {answer.status} without.")
    return checks.passed("key", text)
