"""Following the links a person sees, a few addresses of each route, until there is nothing new."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse

from portal.pages.brand_scan.routes import Route, Values, every, nothing_at, route_of
from portal.pages.brand_scan.visiting import Visitor

_PER_ROUTE: Final = 2
_APART: Final = settings.STATIC_URL  # every file below it is looked at by itself
_WITH_QUERY: Final = 2  # of a route, beside those without one
_FRAGMENTS: Final = ("hx-get", "hx-post", "hx-put", "hx-delete")


class Visit(NamedTuple):
    """One answer. `route` is the pattern, "" where nothing answers there."""

    address: str
    route: str
    answer: HttpResponse


class Link(NamedTuple):
    """`is_get`: may be asked for; other ones still say what there is. `is_fragment`: htmx asks for it."""

    address: str
    is_get: bool = True
    is_fragment: bool = False


class Walk:
    """One person's way through the site."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._seen: set[str] = set()
        self._of_route: Counter[tuple[str, bool]] = Counter()
        self._values = Values()
        self._waiting: deque[Link] = deque()

    def all(
        self, starts: Sequence[str], *, routes: Sequence[Route] = (), at: Mapping[str, str] = {}
    ) -> Iterator[Visit]:  # fmt: skip
        """Everything that links lead to from `starts`; then what no link led to, of `routes` (usually all):
        where `at` says of its pattern, at a thing that was seen on the way, else at none."""
        self._waiting.extend(Link(one) for one in starts)
        yield from self._follow()
        for route in routes or every():
            if not self._of_route[route.pattern, False]:
                known = list(self._values.addresses(route, most=_PER_ROUTE))
                known = [at[route.pattern]] if route.pattern in at else known
                self._waiting.extend(Link(one) for one in known or [nothing_at(route)])
                yield from self._follow()

    def _follow(self) -> Iterator[Visit]:
        while self._waiting:
            link = self._waiting.popleft()
            if self._is_enough(link):
                continue
            headers = {"HX-Request": "true"} if link.is_fragment else {}
            answer = self._visitor.get(link.address, headers=headers)
            yield Visit(link.address, route_of(link.address)[0], answer)
            self._look_at(link.address, answer)

    def _is_enough(self, link: Link) -> bool:
        """Whether it was seen, or enough of its route was. What it says of the house is noted either way."""
        route, values = route_of(link.address)
        if route:
            self._values.note(route, values)
        if not link.is_get or link.address in self._seen or link.address.startswith(_APART):
            return True
        self._seen.add(link.address)
        kind = (route or link.address, "?" in link.address)
        self._of_route[kind] += 1
        return self._of_route[kind] > (_WITH_QUERY if kind[1] else _PER_ROUTE)

    def _look_at(self, address: str, answer: HttpResponse) -> None:
        if answer.status_code in (301, 302, 303, 307, 308):
            self._add(address, Link(answer["Location"]))
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            reader = _Links()
            reader.feed(answer.content.decode("utf-8", "replace"))
            for link in reader.found:
                self._add(address, link)

    def _add(self, at: str, link: Link) -> None:
        whole = urlsplit(urljoin(f"{self._visitor.site.url}{at}", link.address))
        if f"{whole.scheme}://{whole.netloc}" == self._visitor.site.url:
            target = whole.path + (f"?{whole.query}" if whole.query else "")
            self._waiting.append(link._replace(address=target))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "data-url"):
            if values.get(name):
                self.found.append(Link(values[name]))
        for name in _FRAGMENTS:
            if values.get(name):
                self.found.append(Link(values[name], name == "hx-get", is_fragment=True))
        if tag == "option" and values.get("value", "").startswith("/"):
            self.found.append(Link(values["value"]))
        if tag == "form":
            is_get = values.get("method", "get").lower() != "post"
            self.found.append(Link(values.get("action", ""), is_get))
