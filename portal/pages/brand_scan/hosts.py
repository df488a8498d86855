"""Finding the hosts that a text leads to. Pure."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final, NamedTuple

_ADDRESS: Final = re.compile(r"\b(?:https?|wss?|ftps?|sftp)://([^\s/\"'<>\\)(?#,;`{}|^…]+)", re.I)
_WITHOUT_SCHEME: Final = re.compile(r"^\s*//([^\s/\"'<>?#]+)")
_OF_STYLES: Final = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", re.I)
# What a browser loads, follows, or sends to.
_LEADING: Final = frozenset({
    "action", "background", "cite", "data", "formaction", "href", "hx-delete", "hx-get", "hx-patch",
    "hx-post", "hx-put", "manifest", "ping", "poster", "src", "srcset", "xlink:href", "style",
})  # fmt: skip
# Names of standards that no browser asks, and names that are nobody's (RFC 2606, RFC 6761).
STANDARDS: Final = frozenset({"www.w3.org", "json-schema.org", "schemas.openxmlformats.org",
                              "purl.org", "schemas.microsoft.com", "ns.adobe.com"})  # fmt: skip
_NOBODYS: Final = re.compile(r"(?:^|\.)(?:example|test|invalid)$|(?:^|\.)example\.(?:com|net|org)$")


class Led(NamedTuple):
    """A host that something leads to, and what stood there."""

    host: str
    excerpt: str


def named(text: str) -> list[Led]:
    """Every address in a text, whatever it is there for."""
    return [Led(_host(match[1]), match[0][:120]) for match in _ADDRESS.finditer(text)]


def led_to(html: str) -> list[Led]:
    """What a page loads from, and where its links and forms lead."""
    reader = _Leads()
    reader.feed(html)
    reader.close()
    return reader.found


def of_styles(css: str) -> list[Led]:
    """What a stylesheet loads."""
    return [led for match in _OF_STYLES.finditer(css) for led in _led(match[1] or match[2])]


def mentions(text: str, hosts: Iterable[str], *, own: Iterable[str]) -> Iterator[Led]:
    """Where one of `hosts`, or a name below it, stands in a text, as long as it is not one of `own`."""
    allowed = {one.lower() for one in own}
    for host in hosts:
        for match in _mention(host).finditer(text):
            if match[0].lower() not in allowed:
                start = max(match.start() - 40, 0)
                yield Led(match[0].lower(), " ".join(text[start : match.end() + 20].split()))


def is_nobodys(host: str) -> bool:
    """Whether it is a name of a standard, or one that can belong to nobody."""
    return host in STANDARDS or bool(_NOBODYS.search(host))


def _mention(host: str) -> re.Pattern[str]:
    # A name without a dot is an everyday word on a developer's machine: only what stands below it counts.
    below = r"(?:[a-z0-9_-]+\.)" + ("*" if "." in host else "+")
    return re.compile(rf"(?<![\w.-]){below}{re.escape(host)}(?![\w-])(?!\.\w)", re.I)


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2].lower()
    return host.rstrip(".") if host.startswith("[") else host.partition(":")[0].rstrip(".")


def _led(value: str) -> Iterator[Led]:
    if match := _WITHOUT_SCHEME.match(value):
        yield Led(_host(match[1]), value.strip()[:120])
    yield from named(value)


class _Leads(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Led] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag if tag in ("style", "script") else ""
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name in _LEADING or (tag == "meta" and name == "content"):
                self.found += of_styles(value) if name == "style" else _led(value)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.found += of_styles(data) if self._in == "style" else named(data)
