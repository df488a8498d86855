"""A TCP connection to a host whose address the guard permits."""

import socket

from portal.core import guard
from portal.core.errors import Retryable


def connect(host: str, port: int, *, seconds: float) -> socket.socket:
    """To the first permitted address that answers. Retryable, or Permanent (`address_refused`)."""
    failure: OSError | None = None
    for address in guard.permitted_addresses(host):
        try:
            connected = socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            failure = error
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
    raise lost(host, port, failure or OSError("no address answered"))


def lost(host: str, port: int, error: BaseException, *, uncertain: bool = False) -> Retryable:
    """The error for a server that cannot be reached or, `uncertain`, went away at work."""
    code = "timeout" if isinstance(error, TimeoutError) else "unavailable"
    return Retryable(
        f"{host}:{port} did not answer: {str(error) or type(error).__name__}",
        code=code,
        uncertain=uncertain,
    )
