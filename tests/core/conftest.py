"""Servers to call, and a resolver and an allow list that say what a test wants."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from portal.core import guard
from tests.core.web_server import Server


@pytest.fixture
def start() -> Iterator[Callable[[], Server]]:
    """Start as many servers as a test needs."""
    servers: list[Server] = []

    def make() -> Server:
        server = Server()
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(start: Callable[[], Server]) -> Server:
    return start()


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set the allow list for one test."""

    def set_to(*entries: str) -> None:
        monkeypatch.setattr(guard, "_allowed", lambda: entries)
        guard.forget()

    set_to()
    yield set_to
    guard.forget()


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Make names resolve as told, one answer a look-up, the last one for ever."""
    real = socket.getaddrinfo

    def set_to(**names: list[list[str]]) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: object, *args: object, **kwargs: object) -> object:
            name = host.replace(".", "_").replace("-", "_")
            if name not in names:
                ipaddress.ip_address(host)  # no test may ask a real name server
                return real(host, port, *args, **kwargs)
            asked.append(host)
            answers = names[name]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            if not found:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return set_to
