"""Following links as somebody, keeping whole answers: their headers are looked at as well."""

from collections import deque
from typing import NamedTuple

from django.db import connection, transaction
from django.test import Client

from tests.isolation import crawl


class Answer(NamedTuple):
    """What one address answered, without the connection it came by."""

    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def is_html(self) -> bool:
        return self.kind == "text/html"


def ask(client: Client, address: str, method: str = "GET", **more: object) -> Answer:
    """In a savepoint of its own: what one request breaks is over with it."""
    with transaction.atomic():
        found = client.generic(method, address, **more)
        body = b"".join(found) if found.streaming else found.content
        transaction.set_rollback(connection.needs_rollback)
    return Answer(address, found.status_code, dict(found.headers), body)


def visit(client: Client, *, starts: list[str], most: int) -> list[Answer]:
    """Every page reachable from `starts`, at most so many."""
    waiting, seen = deque(starts), dict[str, Answer]()
    while waiting and len(seen) < most:
        address = waiting.popleft()
        if address in seen:
            continue
        answer = seen[address] = ask(client, address)
        if answer.status == 302:
            waiting.append(crawl._local(address, answer.headers["Location"]))
        elif answer.status == 200 and answer.is_html:
            waiting.extend(_fresh(crawl._links(address, answer.body), seen))
    return list(seen.values())


def _fresh(links: list[str], seen: dict[str, Answer]) -> list[str]:
    """One filter of each kind is enough: what is looked for is in pages, not in their combinations."""
    return [link for link in links if link not in seen and link.count("=") <= 1]
