"""How a list goes on from page to page. Pure."""

from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from integrations.connectors.described import places
from integrations.connectors.described.entries import Entries
from integrations.connectors.described.system import Paging

KINDS: Final = ("none", "page", "offset", "cursor", "link")
At = (
    str | int | None
)  # where a pass stands: a page, an offset, a cursor, an address; None: the beginning
_LONGEST: Final = 4000
_MORE: Final = frozenset({"true", "1", "yes"})
_USUAL: Final = {"http": 80, "https": 443}


def read_paging(group: Entries | None) -> Paging:
    """The `paging` of a stream; without one the first answer is the whole list."""
    if group is None:
        return Paging()
    kind = group.choice("kind", KINDS)
    numbered = kind in {"page", "offset"}
    param = group.text("param") if numbered or kind == "cursor" else ""
    first = group.whole("first", 1, least=0, most=1) if kind == "page" else 0
    size_param = group.text("size_param", "") if kind != "none" else ""
    size = group.whole("size", 100, least=1, most=5000) if size_param else 0
    then = group.place("next", "") if kind in {"cursor", "link"} else None
    if kind == "cursor" and then is None:
        group.refuse("next", "Say where the answer has the next cursor, such as meta.next.")
    more = group.place("more", "") if kind != "none" else None
    short_ends = group.flag("short_is_last") if numbered else False
    if short_ends and not size:
        group.refuse("short_is_last", "It needs size_param and size.")
    group.done()
    return Paging(kind, param, first, size_param, size, then, more, short_ends)


def params(paging: Paging, at: At) -> dict[str, str]:
    """What the address of the page at `at` says of paging. A link says it all by itself."""
    found = {paging.size_param: str(paging.size)} if paging.size_param else {}
    if paging.kind in {"page", "offset"}:
        found[paging.param] = str(paging.first if at is None else at)
    elif paging.kind == "cursor" and at is not None:
        found[paging.param] = str(at)
    return found


def following(paging: Paging, at: At, *, rows: int, data: Any, link: str) -> At:
    """Where the page behind the one at `at` is; None behind the last.

    `data` is the answer, `link` the address in its Link header. Pages and offsets end with an answer
    without rows: a short page need not be the last, where a system gives fewer than it was asked for.
    ValueError, with a sentence, for a cursor too long to keep.
    """
    if paging.kind == "none" or _says_no_more(paging, data):
        return None
    if paging.kind == "cursor":
        return _whole(places.word(places.find(data, paging.next or ())))
    if paging.kind == "link":
        said = link if paging.next is None else places.word(places.find(data, paging.next))
        return _whole(said)
    if not rows or (paging.short_ends and rows < paging.size):
        return None
    here = paging.first if at is None else int(at)
    return here + (1 if paging.kind == "page" else rows)


def _whole(said: str) -> str | None:
    if len(said) > _LONGEST:
        raise ValueError(f"What leads to the next page has more than {_LONGEST} characters.")
    return said or None


def _says_no_more(paging: Paging, data: Any) -> bool:
    if paging.more is None:
        return False
    said = places.find(data, paging.more)
    return not (said is True or str(said).lower() in _MORE)


def next_of(header: str) -> str:
    """The address with rel="next" in a Link header (RFC 8288); empty where there is none."""
    for part in header[: 2 * _LONGEST].split("<")[1:]:
        address, _, rest = part.partition(">")
        for parameter in rest.split(";")[1:]:
            name, _, value = parameter.partition("=")
            words = value.strip().rstrip(",").strip().strip('"').lower().split()
            if name.strip().lower() == "rel" and "next" in words:
                return address.strip()
    return ""


def within(base: str, asked: str, link: str, *, without: str = "") -> str:
    """`link` as path and query behind `base`, for an answer to `asked`. ValueError, with a sentence,
    for one that leads elsewhere.

    `without` is the parameter that carries the secret: a system may repeat it in the link, and what
    comes next is stored in the open.
    """
    try:
        home, there = urlsplit(base), urlsplit(urljoin(asked, link))
        same = (home.hostname, there.username) == (there.hostname, None)
        same = same and there.scheme in {"http", "https"}
        # Behind a proxy a system often takes itself for http, without a port, or names the usual one.
        same = same and there.port in {None, home.port or _USUAL.get(home.scheme)}
    except ValueError:
        raise ValueError("The link to the next page is no address.") from None
    root = home.path.rstrip("/")
    path = there.path.removeprefix(root)
    if not same or not there.path.startswith(f"{root}/") or _climbs(path):
        raise ValueError("The link to the next page leads to another place than the base address.")
    query = there.query
    if without:
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([pair for pair in pairs if pair[0] != without])
    return f"{path}?{query}" if query else path


def _climbs(path: str) -> bool:
    """Dots climb however they are written: whoever sends the call undoes their escapes."""
    return ".." in unquote(path).replace("\\", "/").split("/")
