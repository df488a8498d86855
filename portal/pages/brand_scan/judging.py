"""Whether a thing shows something of the vendor's. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from portal.pages.brand_scan import hosts, words
from portal.pages.brand_scan.parts import Part, UnreadableError, parts_of
from portal.pages.brand_scan.surface import Leak, Surface

_LONGEST: Final = 160


class Rules(NamedTuple):
    """Whose is whose.

    `own`: the partner's hosts. `platform`: those of whoever runs the software, with all names below them.
    `known`: hosts that the partner or a customer entered, or that the product leads to by what it does.
    `edge`: where partners' domains are pointed to, which only the pages about domains may say.
    `data`: values of customers' data that hold the vendor's name. `pictures`: SHA-256 of the platform's.
    """

    own: frozenset[str]
    platform: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    edge: str = ""
    data: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()


class Judged(NamedTuple):
    leaks: tuple[Leak, ...] = ()
    in_data: int = 0


def judge(surface: Surface, rules: Rules) -> Judged:
    """Everything in it that is the vendor's, each thing once."""
    leaks: dict[tuple[str, str, str], Leak] = {}
    in_data = 0
    for part in _parts(surface):
        if part.form == "picture":
            if part.text in rules.pictures:
                leaks["", "picture", ""] = _leak(
                    surface, part, "picture", "the platform’s picture", ""
                )
            continue
        read = words.read(part.text, data=rules.data if _may_hold_data(part) else ())
        in_data += read.in_data
        found = [("word", one.word, one.excerpt) for one in read.found]
        found += [("host", led.host, led.excerpt) for led in _hosts(part, surface, rules)]
        for kind, what, excerpt in found:
            leak = _leak(surface, part, kind, what, excerpt)
            leaks.setdefault((leak.channel, leak.kind, what.lower()), leak)
    return Judged(tuple(leaks.values()), in_data)


def _leak(surface: Surface, part: Part, kind: str, what: str, excerpt: str) -> Leak:
    of_answer = (
        part.form == "header" and part.label.startswith("header ") and surface.channel in _ANSWERS
    )
    channel = "headers" if of_answer else surface.channel
    return Leak(channel, surface.where, part.label, kind, what, excerpt[:_LONGEST])


# What is answered over HTTP: its headers are a channel of their own.
_ANSWERS: Final = frozenset(
    {"staff", "customer", "open", "files", "downloads", "papers", "api", "api_errors"}
)


def _parts(surface: Surface) -> Iterator[Part]:
    if surface.name:
        yield Part("file name", surface.name)
    for name, value in surface.headers:
        yield Part(f"header {name}", f"{name}: {value}", "header")
    try:
        yield from parts_of(surface.body, surface.media_type)
    except UnreadableError:
        # What cannot be opened is still read as the bytes that it is.
        yield Part("bytes", surface.body.decode("latin-1"), "bytes")


def _may_hold_data(part: Part) -> bool:
    return part.form != "header"


def _hosts(part: Part, surface: Surface, rules: Rules) -> Iterator[hosts.Led]:
    own = rules.own | ({rules.edge} if surface.where.startswith("/domains/") else frozenset())
    mentioned = list(hosts.mentions(part.text, sorted(rules.platform), own=own))
    yield from mentioned
    if surface.is_packaged or part.form == "bytes":
        return
    if part.form == "html":
        led = hosts.led_to(part.text)
    elif part.form == "css":
        led = hosts.of_styles(part.text)
    else:
        led = [] if surface.is_data else hosts.named(part.text)
    said = {one.host for one in mentioned}
    for one in led:
        if one.host not in own | rules.known | said and not hosts.is_nobodys(one.host):
            yield one
