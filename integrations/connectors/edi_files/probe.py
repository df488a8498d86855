"""The live test of a partner's server: login, folders both ways, and its clock."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors import checks, file_server
from integrations.connectors.client import Check
from integrations.transports.files import Exchange, Folders, Trip
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials

_SSH: Final = "Does not apply: SSH encrypts, and the host key stands for a certificate."
_NO_TLS: Final = "Not encrypted, because of what is entered: {}"
_TLS_REMEDY: Final = (
    "Ask them for a certificate that an authority signed for this host, or enter their own"
    " authority or the certificate's fingerprint."
)
_KEY_REMEDIES: Final = {
    "host_key_changed": "Ask them whether their key was changed, and then enter the new one.",
    "host_key_missing": "Enter the server's public key as one OpenSSH line.",
    "auth_expired": "Check user, password and private key with them.",
}
_LATER: Final = "Try again in a few minutes; if it stays, ask them."


def lines(exchange: Exchange, settings: Mapping[str, Any]) -> Iterator[Check]:
    """Host, TLS (SFTP has none), login, folders, and the clock by a file's time."""
    host, port = str(settings.get("host") or "").strip(), int(settings["port"])
    if not host:
        yield checks.failed("host", "No host is entered.", "Enter one such as sftp.example.com.")
        yield from checks.rest("host")
        return
    line, found = checks.host(host, port)
    yield line
    if found is None:
        yield from checks.rest("host")
        return
    error = _login_error(exchange)
    tls = _tls(error, settings)
    yield tls
    if tls.passed is False:
        yield from checks.rest("tls")
        return
    key = _key(error, settings)
    yield key
    if not key.passed:
        yield from checks.rest("key")
        return
    yield from _folders(exchange)


def _login_error(exchange: Exchange) -> CrossdockError | None:
    try:
        exchange.session.close()
        exchange.session.open()
    except CrossdockError as error:
        return error
    return None


def _tls(error: CrossdockError | None, settings: Mapping[str, Any]) -> Check:
    if settings["protocol"] == file_server.SFTP:
        return checks.untried("tls", _SSH)
    if settings.get("plain_because"):
        return checks.untried("tls", _NO_TLS.format(settings["plain_because"]))
    if error and error.code in {"tls", "host_key_changed"}:
        return checks.failed("tls", f"{error}", _TLS_REMEDY)
    if error and error.code != "auth_expired":
        return checks.untried("tls", "Not known: the login came to no end.")
    kind = "the one that was pinned" if settings.get("fingerprint") else "good for this host"
    return checks.passed("tls", f"The certificate is {kind}, and what is transferred is encrypted.")


def _key(error: CrossdockError | None, settings: Mapping[str, Any]) -> Check:
    if isinstance(error, NeedsCredentials):
        return checks.failed("key", f"{error}", _KEY_REMEDIES.get(error.code, _LATER))
    if error:
        return checks.failed("key", f"The login came to no end: {error}.", _LATER)
    if settings["protocol"] == file_server.SFTP:
        text = "The host key is the one that was pinned, and the login is accepted."
        return checks.passed("key", text)
    return checks.passed("key", "The login is accepted.")


def _folders(exchange: Exchange) -> Iterator[Check]:
    trips: list[tuple[Trip, datetime]] = []
    faults = [*_read_faults(exchange), *_write_faults(exchange, trips)]
    folders = exchange.folders
    if faults:
        remedy = "Correct the folder, or ask them for the right to it."
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
