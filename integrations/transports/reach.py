"""Whether a host can be reached, and what stands in its way: the first step of a connection test."""

import socket
from ipaddress import ip_address
from typing import Final, NamedTuple

from portal.core import clock, guard
from portal.core.errors import Permanent, Retryable

CONNECT_SECONDS: Final = 5.0


class Reached(NamedTuple):
    """A host that took a connection: after how many milliseconds, and whether it is on the internet."""

    milliseconds: int
    public: bool


class UnreachableError(Exception):
    """`reason` is unnamed, forbidden, refused, silent or cut."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def reach(host: str, port: int) -> Reached:
    """Open a connection to `host` and close it again. Raises UnreachableError."""
    addresses = permitted(host)
    started = clock.monotonic()
    with dial(addresses, port, name=f"{host}:{port}"):
        milliseconds = round((clock.monotonic() - started) * 1000)
    return Reached(milliseconds, is_public(addresses))


def is_public(addresses: tuple[str, ...]) -> bool:
    """Whether one of these addresses lies outside of the networks that were allowed by hand."""
    return any(guard.is_public(ip_address(address)) for address in addresses)


def permitted(host: str) -> tuple[str, ...]:
    """The addresses the guard lets us call."""
    try:
        return guard.permitted_addresses(host)
    except Permanent as error:
        raise UnreachableError("forbidden", f"{error}.") from error
    except Retryable as error:
        text = f"No name server knows {host}: the name does not resolve."
        raise UnreachableError("unnamed", text) from error


def dial(addresses: tuple[str, ...], port: int, *, name: str) -> socket.socket:
    """A connection to the first address that takes one."""
    failure: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failure = error
    raise _unreachable(failure, name)


def _unreachable(failure: OSError | None, name: str) -> UnreachableError:
    if isinstance(failure, ConnectionRefusedError):
        return UnreachableError("refused", f"{name} refused the connection: nothing listens there.")
    if isinstance(failure, TimeoutError):
        text = f"{name} did not answer within {CONNECT_SECONDS:g} s."
        return UnreachableError("silent", text)
    return UnreachableError("cut", f"{name} cannot be reached: {failure}.")
