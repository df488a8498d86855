"""What the domain name system says. Several questions go out at once, each with a time limit."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from django.conf import settings
from dns.rdtypes.txtbase import TXTBase

from portal.core.dns_answer import Answer, Question
from portal.env import UnfitSettingError

SECONDS: Final = 4.0  # for one question, whatever number of servers is asked
_AT_ONCE: Final = 8
_PORT: Final = 53


def ask(name: str, kind: str) -> Answer:
    """One question. An alias is followed to its end, but for the type CNAME."""
    return _ask(_resolver(), Question(name, kind))


def ask_all(questions: Collection[Question]) -> Mapping[Question, Answer]:
    """All of them at once, in the time of the slowest."""
    resolver, asked = _resolver(), list(questions)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = list(threads.map(lambda one: _ask(resolver, one), asked))
    return dict(zip(asked, answers, strict=True))


def servers(entries: Collection[str]) -> list[dns.nameserver.Nameserver]:
    """Of entries such as "9.9.9.9", "127.0.0.1:5353" or "[::1]:5353". UnfitSettingError names a bad one."""
    return [_server(entry) for entry in entries]


def _server(entry: str) -> dns.nameserver.Nameserver:
    host, colon, port = entry.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):
        host, port = entry, str(_PORT)
    try:
        return dns.nameserver.Do53Nameserver(str(ip_address(host.strip("[]"))), int(port))
    except ValueError:
        raise UnfitSettingError(
            f"CROSSDOCK_DNS: {entry!r} has to be an address, such as 9.9.9.9 or 127.0.0.1:5353."
        ) from None


def _resolver() -> dns.resolver.Resolver | None:
    """None where the machine names no server to ask."""
    try:
        resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    except dns.resolver.NoResolverConfiguration:
        return None
    if settings.DNS_SERVERS:
        resolver.nameservers = servers(settings.DNS_SERVERS)
    resolver.cache = None
    return resolver


def _ask(resolver: dns.resolver.Resolver | None, question: Question) -> Answer:
    if resolver is None:
        return Answer(silent=True)
    try:
        found = resolver.resolve(
            dns.name.from_text(question.name), question.kind, lifetime=SECONDS, search=False
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong,
            dns.name.EmptyLabel, dns.name.NameTooLong):  # fmt: skip
        return Answer()
    except dns.exception.DNSException:
        return Answer(silent=True)
    return Answer(tuple(sorted(_text(one) for one in found)))


def _text(value: object) -> str:
    if isinstance(value, TXTBase):
        return b"".join(value.strings).decode("utf-8", "replace")
    return str(value).removesuffix(".").lower()
