"""Who may send for a domain: SPF (RFC 7208), as far as a set-up page needs it. Pure: look-ups come in."""

from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

Lookup = Callable[[str, str], tuple[str, ...]]
Network = IPv4Network | IPv6Network
MOST_LOOKUPS: Final = 10  # RFC 7208, 4.6.4
_VERSION: Final = "v=spf1"


class Spf(NamedTuple):
    """What a record says. `networks` may send; `ends` is what happens to all others: "-", "~", "?", "+", or
    blank where it does not say; `lookups`: what reading it costs; `names`: the hosts it names."""

    networks: tuple[Network, ...]
    ends: str
    lookups: int
    names: tuple[str, ...]

    def covers(self, addresses: Collection[str]) -> bool:
        """Whether somebody who sends from these may."""
        wanted = [ip_address(one) for one in addresses]
        return bool(wanted) and all(any(one in net for net in self.networks) for one in wanted)


def records(texts: Iterable[str]) -> list[str]:
    """Those of a domain's TXT records that are SPF."""
    return [text for text in texts if text.lower().split(" ")[0] == _VERSION]


def read(domain: str, record: str, *, lookup: Lookup) -> Spf:
    """Follow `record` of `domain` through everything it includes. `lookup(name, type)` gives values."""
    walk = _Walk(lookup)
    ends = walk.follow(domain, record)
    return Spf(tuple(walk.networks), ends, walk.lookups, tuple(walk.names))


class _Walk:
    """Through a record and those it includes, once each and not for ever."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.lookups = 0
        self.networks: list[Network] = []
        self.names: list[str] = []

    def follow(self, domain: str, record: str) -> str:
        ends, onward = "", ""
        for term in record.lower().split()[1:]:
            sign, rest = (term[0], term[1:]) if term[0] in "+-~?" else ("+", term)
            if rest == "all":
                ends = sign
                break
            if rest.startswith("redirect="):
                onward = rest.removeprefix("redirect=")
            elif sign == "+":
                self._take(domain, rest)
        return ends or (self._include(onward) if onward else "")

    def _take(self, domain: str, mechanism: str) -> None:
        name, _, value = mechanism.partition(":")
        kind, _, bits = name.partition("/")
        host, _, of_host = value.partition("/")
        if kind in ("ip4", "ip6"):
            self._add(value)
        elif kind == "include" and host:
            self._include(host)
        elif kind in ("a", "mx") and self._may_ask(host):
            self._hosts(kind, host or domain, (of_host or bits).partition("/")[0])

    def _include(self, host: str) -> str:
        if host in self.names or not self._may_ask(host):
            return ""
        found = records(self.lookup(host, "TXT"))
        return self.follow(host, found[0]) if found else ""

    def _hosts(self, kind: str, host: str, bits: str) -> None:
        hosts = [host]
        if kind == "mx":
            hosts = [value.split()[-1] for value in self.lookup(host, "MX")[:MOST_LOOKUPS]]
        for one in hosts:
            for address in (*self.lookup(one, "A"), *self.lookup(one, "AAAA")):
                self._add(f"{address}/{bits}" if bits and ":" not in address else address)

    def _may_ask(self, host: str) -> bool:
        self.lookups += 1
        if host:
            self.names.append(host)
        return self.lookups <= MOST_LOOKUPS and "%" not in host

    def _add(self, text: str) -> None:
        try:
            self.networks.append(ip_network(text, strict=False))
        except ValueError:
            return  # what no server can read lets nobody send
