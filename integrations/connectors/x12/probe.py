"""The live test of a warehouse's server: login, folders both ways, and its clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.transports.files import Exchange, Folders, Trip
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials

_SSH: Final = "Does not apply: SSH encrypts, and the host key stands for a certificate."
_KEY_REMEDIES: Final = {
    "host_key_changed": "Ask the warehouse whether its key was changed, and then enter the new one.",
    "host_key_missing": "Enter the server's public key as one OpenSSH line.",
    "auth_expired": "Check user, password and private key with the warehouse.",
}
_LATER: Final = "Try again in a few minutes; if it stays, ask the warehouse."


def lines(exchange: Exchange, *, host: str, port: int) -> Iterator[Check]:
    """Host, TLS (SFTP has none), host key and login, folders, and the clock by a file's time."""
    if not host:
        yield checks.failed("host", "No host is entered.", "Enter one such as sftp.example.com.")
        yield from checks.rest("host")
        return
    line, found = checks.host(host, port)
    yield line
    if found is None:
        yield from checks.rest("host")
        return
    yield checks.untried("tls", _SSH)
    key = _key(exchange)
    yield key
    if not key.passed:
        yield from checks.rest("key")
        return
    yield from _folders(exchange)


def _key(exchange: Exchange) -> Check:
    try:
        exchange.session.close()
        exchange.session.open()
    except NeedsCredentials as error:
        return checks.failed("key", f"{error}", _KEY_REMEDIES.get(error.code, _LATER))
    except CrossdockError as error:
        return checks.failed("key", f"The login came to no end: {error}.", _LATER)
    return checks.passed(
        "key", "The host key is the one that was pinned, and the login is accepted."
    )


def _folders(exchange: Exchange) -> Iterator[Check]:
    trips: list[tuple[Trip, datetime]] = []
    faults = [*_read_faults(exchange), *_write_faults(exchange, trips)]
    folders = exchange.folders
    if faults:
        remedy = "Correct the folder, or ask the warehouse for the right to it."
        yield checks.failed("scope", " ".join(faults), remedy)
    else:
        text = f"{folders.drop} and {folders.pick_up} can be read and written."
        yield checks.passed("scope", text)
    yield _clock(trips)


def _read_faults(exchange: Exchange) -> Iterator[str]:
    for folder in (exchange.folders.drop, exchange.folders.pick_up):
        try:
            exchange.session.entries(folder)
        except CrossdockError as error:
            yield f"{folder} cannot be read: {error}"


def _write_faults(exchange: Exchange, trips: list[tuple[Trip, datetime]]) -> Iterator[str]:
    """What cannot be written. A picked-up file is moved to the folders for work and archive."""
    for folder in _written(exchange.folders):
        try:
            place = exchange.place_of(folder) if folder != exchange.folders.drop else folder
            trip = exchange.round_trip(place)
        except CrossdockError as error:
            yield f"{folder} cannot be written: {error}"
            continue
        trips.append((trip, clock.now()))
        if not trip.whole:
            yield f"A file in {folder} came back with other content."


def _written(folders: Folders) -> list[str]:
    return list(dict.fromkeys((folders.drop, folders.processing, folders.archive)))


def _clock(trips: list[tuple[Trip, datetime]]) -> Check:
    if not trips:
        return checks.not_after("clock", "scope")
    trip, ours = trips[0]
    theirs = datetime.fromtimestamp(trip.modified, UTC) if trip.modified else None
    return checks.clock_line(theirs, ours=ours, whose="The clock of their server")
