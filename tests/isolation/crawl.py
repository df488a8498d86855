"""Following every link a person can see, as far as it leads."""

from collections import deque
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.test import Client

MOST_PAGES = 400
MOST_FILTERS = 2  # of every pair of filters, not of every combination


def crawl(client: Client, *, starts: list[str]) -> dict[str, bytes]:
    """Every page reachable from `starts` by links and GET forms: address → bytes and headers."""
    waiting, seen = deque(starts), dict[str, bytes]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if address in seen:
            continue
        answer = client.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        seen[address] = content + str(dict(answer.headers)).encode()
        if answer.status_code == 302:
            waiting.append(_local(address, answer.url))
        elif answer.status_code == 200 and "html" in answer["Content-Type"]:
            waiting.extend(_links(address, content))
    return seen


def _links(address: str, content: bytes) -> list[str]:
    soup = BeautifulSoup(content, "html.parser")
    found = [a["href"] for a in soup.select("a[href]")]
    found += [e["hx-get"] for e in soup.select("[hx-get]")]
    found += [o["value"] for o in soup.select("option[value^='/']")]
    for form in soup.select("form[method=get]"):
        action = form.get("action") or urlsplit(address).path
        for select in form.select("select[name]"):
            found += [f"{action}?{select['name']}={o['value']}" for o in select.select("option")]
    local = [_local(address, link) for link in found if _is_ours(address, link)]
    return [one for one in local if one.count("=") <= MOST_FILTERS]


def _is_ours(address: str, link: str) -> bool:
    return urlsplit(urljoin("http://site" + address, link)).netloc == "site"


def _local(address: str, link: str) -> str:
    parts = urlsplit(urljoin("http://site" + address, link))
    return parts.path + (f"?{parts.query}" if parts.query else "")
