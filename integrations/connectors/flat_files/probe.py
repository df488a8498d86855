"""The live test of places that are no server: a folder of this machine, a bucket."""

from collections.abc import Iterator
from typing import Final

from integrations.connectors import checks, file_checks, web_checks
from integrations.connectors.client import Check
from integrations.transports.bucket import Bucket
from integrations.transports.files import Exchange
from portal.core.errors import CrossdockError, NeedsCredentials

_ALLOW: Final = "Enter a folder below one that this installation allows, or have it allowed."


def folder_lines(exchange: Exchange) -> Iterator[Check]:
    """Of a folder of this machine: that it may be opened, and the folders in it."""
    try:
        exchange.session.open()
    except CrossdockError as error:
        yield checks.failed("host", f"{error}", _ALLOW)
        yield from checks.rest("host")
        return
    yield checks.passed("host", "The folder is there, and may be opened.")
    yield checks.untried("tls", "Does not apply: nothing goes over a network.")
    yield checks.untried("key", "Does not apply: there is no login.")
    yield from file_checks.folder_lines(exchange)


def bucket_lines(exchange: Exchange, bucket: Bucket) -> Iterator[Check]:
    """Of a bucket: its store, the certificate, the key, and the folders in it."""
    line = None
    for line in web_checks.lines(bucket.endpoint):
        yield line
    if line is None or line.passed is False:
        yield from checks.rest(line.name if line else "host")
        return
    key = _key(exchange)
    yield key
    if not key.passed:
        yield from checks.rest("key")
        return
    yield from file_checks.folder_lines(exchange)


def _key(exchange: Exchange) -> Check:
    try:
        exchange.session.open()
    except NeedsCredentials as error:
        remedy = "Check key, secret, region and the bucket's name with the partner."
        return checks.failed("key", f"{error}", remedy)
    except CrossdockError as error:
        text = f"The store did not say whether it takes the key: {error}"
        return checks.failed(
            "key", text, "Try again in a few minutes; if it stays, ask the partner."
        )
    return checks.passed("key", "The store takes the key.")
