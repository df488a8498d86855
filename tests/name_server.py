"""A small name server on loopback, over UDP: it says what a test puts into it."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer(socketserver.ThreadingUDPServer):
    """`zone`: {(name, type): [values as a zone file has them]}. `silent`: names it says nothing about;
    `asked`: what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.zone: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.refuses = False
        self.asked: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def put(self, name: str, kind: str, *values: str) -> None:
        """Let it say these, or that there is none."""
        self.zone[name, kind] = list(values)

    def text(self, name: str, *texts: str) -> None:
        """TXT records of one string each, in pieces of 255 bytes as the protocol wants them."""
        pieces = [[one[at : at + 255] for at in range(0, len(one), 255)] or [""] for one in texts]
        self.put(name, "TXT", *[" ".join(f'"{piece}"' for piece in one) for one in pieces])


class _Handler(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, where = self.request
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        self.server.asked.append((name, kind))
        if name not in self.server.silent:
            where.sendto(self._answer(query, name, kind).to_wire(), self.client_address)

    def _answer(self, query: Any, name: str, kind: str) -> dns.message.Message:
        answer = dns.message.make_response(query, recursion_available=True)
        if self.server.refuses:
            answer.set_rcode(dns.rcode.REFUSED)
            return answer
        zone = self.server.zone
        while values := zone.get((name, "CNAME")) if kind != "CNAME" else None:
            answer.answer.append(_set(name, "CNAME", values))
            name = values[0].rstrip(".")
        if values := zone.get((name, kind)):
            answer.answer.append(_set(name, kind, values))
        elif not any(known == name for known, _ in zone) and not answer.answer:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


def _set(name: str, kind: str, values: list[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text(f"{name}.", 60, "IN", kind, *values)


@contextmanager
def serving() -> Iterator[NameServer]:
    """One that answers while the block runs."""
    with NameServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def dead_address() -> str:
    """Where nobody listens, for a moment at least."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{closed.getsockname()[1]}"
