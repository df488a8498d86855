"""Where Oracle's driver connects to: a listener may send it on, to any address it likes.

Real ones do so in a cluster. So every address that the driver dials is judged like the one that was entered,
in the driver's own module, for it has no other place to say so.
"""

import socket
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Final

from portal.core import guard

_judged: ContextVar[str] = ContextVar("oracle_address", default="")


def expect(address: str) -> None:
    """This address was judged by the name that was entered for it, and is dialled next by this thread."""
    _judged.set(address)


def install() -> None:
    """Have the driver dial through here. AttributeError for a driver that dials otherwise."""
    driver = import_module("oracledb.thin_impl")
    if driver.socket is not _SOCKETS:
        driver.socket = _SOCKETS  # type: ignore[attr-defined]


class _Sockets:
    """Python's sockets, but for what is dialled."""

    def __getattr__(self, name: str) -> Any:
        return getattr(socket, name)

    def create_connection(self, address: tuple[str, int], *args: Any, **named: Any) -> Any:
        """Permanent (`address_refused`) where the listener's word leads to what may not be called."""
        host, port = address
        if host != _judged.get():
            host = guard.permitted_addresses(host)[0]
        return socket.create_connection((host, port), *args, **named)


_SOCKETS: Final = _Sockets()
