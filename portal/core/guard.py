"""Which addresses the portal may call: public ones, and those platform staff allowed.

Partners and customers choose the hosts of their endpoints, so without this anyone could have the
portal read its own database, its neighbours or the cloud's metadata service. A permission is its caller's:
what was allowed for one partner leads no other there. A host is resolved
here, the addresses are judged, and the connection goes to a judged address: a name server that
answers differently the second time gains nothing. Files and sockets of this machine have a list of their own.
"""

import socket
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from typing import Final, NamedTuple, ParamSpec, TypeVar

from portal.core import clock
from portal.core.errors import Permanent, Retryable

P = ParamSpec("P")
R = TypeVar("R")
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REMEMBER: Final = 30.0  # seconds a verdict stands, and so the longest a withdrawn permission lives
_MOST_HOSTS: Final = 4096
_PARTNER: Final = "{partner}"

# IANA's special-purpose registries, spelled out because Python's own view differs by version.
_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by number, yet a cloud's host agent
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Everything outside 2000::/3 is special, mapped IPv4 and NAT64 included; inside, these carve-outs:
# IETF protocols with Teredo, documentation, 6to4.
_GLOBAL_6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


class AllowList(NamedTuple):
    """What may be called although it is not public: hosts by name, networks by range."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> "AllowList":
        """Entries such as "erp.internal", "10.1.2.3", "10.0.0.0/8". ValueError names a bad one."""
        hosts, networks = set(), []
        for entry in entries:
            network = _as_network(entry)
            if network:
                networks.append(network)
            else:
                hosts.add(_plain(entry))
        return cls(frozenset(hosts), tuple(networks))

    def covers(self, host: str, address: Address) -> bool:
        """Whether `host`, resolved to `address`, is on the list."""
        return _plain(host) in self.hosts or any(address in network for network in self.networks)


def _as_network(entry: str) -> Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        if "/" in entry or ":" in entry or not entry.strip():
            raise ValueError(f"{entry!r} is neither a host name nor a network") from None
        return None


def _plain(host: str) -> str:
    return host.strip().rstrip(".").lower()


def is_public(address: Address) -> bool:
    """Whether `address` is an ordinary one on the internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


class _Verdict(NamedTuple):
    addresses: tuple[str, ...]
    until: float


_allowed: Callable[[], Iterable[str]] = tuple
_whose: Callable[[], str] = str
_files: Callable[[], Iterable[str]] = tuple
_verdicts: dict[tuple[str, str], _Verdict] = {}
_carried: ContextVar[str] = ContextVar("guard_caller", default="")


def set_allowed_networks(
    provider: Callable[[], Iterable[str]], whose: Callable[[], str] = str
) -> None:
    """Say where the allow list of the current `caller` comes from, and who that is where nobody carried it
    here. The list is asked at most once per caller, host and half minute."""
    global _allowed, _whose
    _allowed, _whose = provider, whose
    forget()


def caller() -> str:
    """For whom a connection is opened here and now; each has an allow list of their own."""
    return _carried.get() or _whose()


def carried(function: Callable[P, R]) -> Callable[P, R]:
    """The function for the caller of here, in a thread that knows nothing of them."""
    here = caller()

    def there(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _carried.set(here)
        try:
            return function(*args, **kwargs)
        finally:
            _carried.reset(token)

    return there


def set_allowed_files(provider: Callable[[], Iterable[str]]) -> None:
    """Say which files and folders of this machine other systems' data may be in. `{partner}` in one is who
    opens it: each partner has a folder of their own."""
    global _files
    _files = provider


def must_permit_file(path: str) -> None:
    """Permanent (`address_refused`) unless `path`, links followed, is or lies in an allowed one.

    A file or a socket of this machine is no network address: allowing loopback allows none of them, or
    whoever enters an address could open the installation's own.
    """
    asked = Path(path).resolve()
    if not any(asked.is_relative_to(Path(entry).resolve()) for entry in _own_files()):
        raise Permanent(
            f"{path} is on this machine, and this installation does not allow opening it",
            code="address_refused",
        )


def _own_files() -> list[str]:
    """What whoever calls here and now may open. Nobody in particular has no folder of their own."""
    own = caller()
    return [e.replace(_PARTNER, own) for e in _files() if own or _PARTNER not in e]


def forget() -> None:
    """Drop every remembered verdict: after the allow list changed."""
    _verdicts.clear()


def permitted_addresses(host: str) -> tuple[str, ...]:
    """The addresses of `host` that may be connected to, in the resolver's order, at least one.

    Raises Permanent (`address_refused`) when it has only others, Retryable when it has none. The
    text names the host and not the address: what lies inside is not the caller's to learn.
    """
    asked = (caller(), host)
    known = _verdicts.get(asked)
    if known and clock.monotonic() < known.until:
        return known.addresses
    addresses = _judge(host)
    if len(_verdicts) >= _MOST_HOSTS:
        _verdicts.clear()
    _verdicts[asked] = _Verdict(addresses, clock.monotonic() + REMEMBER)
    return addresses


def is_allowed(host: str) -> bool:
    """Whether every address of `host` is one that platform staff allowed. Errors as above."""
    allowed = AllowList.parse(_allowed())
    return all(allowed.covers(host, ip_address(one)) for one in permitted_addresses(host))


def judged(host: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of `addresses`, looked up by somebody else for `host`, that may be connected to, at least one.

    Raises Permanent (`address_refused`) as `permitted_addresses` does.
    """
    return _permitted(host, [ip_address(address) for address in addresses])


def _judge(host: str) -> tuple[str, ...]:
    return _permitted(host, _resolve(host))


def _permitted(host: str, found: list[Address]) -> tuple[str, ...]:
    allowed = AllowList.parse(_allowed())
    addresses = tuple(
        str(address) for address in found if is_public(address) or allowed.covers(host, address)
    )
    if not addresses:
        raise Permanent(
            f"{host} is not on the internet, and this installation does not allow calling it",
            code="address_refused",
        )
    return addresses


def _resolve(host: str) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Retryable(f"The name {host} has no address", code="unavailable")
    return [ip_address(str(info[4][0]).partition("%")[0]) for info in found]
