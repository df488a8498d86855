"""Ports: whether one is free, and finding one that is."""

import random
import socket

# Below the ports that systems lend to outgoing connections (from 32768 on Linux, 49152 elsewhere): one of
# those can be taken between being found free and being listened on.
_LISTENED_ON = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def find_free() -> int:
    """A loopback port that nobody listens on."""
    return next(port for port in random.sample(_LISTENED_ON, len(_LISTENED_ON)) if is_free(port))
