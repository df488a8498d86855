"""What can be a site's host name. Pure."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

import dns.exception
import dns.name

_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_CODEC: Final = dns.name.IDNA2008Codec(
    uts_46=True, transitional=False, allow_pure_ascii=True, strict_decode=True
)
_MOST: Final = 240  # of 253: the name of its check record is longer
_NOT_PUBLIC: Final = frozenset(
    {"localhost", "local", "internal", "lan", "home", "corp", "invalid", "example", "onion", "arpa"}
)  # RFC 2606, 6761, 6762 and 8375, and what office networks use; `test` is left to tests


class NotAHostNameError(ValueError):
    """It cannot be a site's address; the text says why, and what could."""


def host_name(text: str, *, kept: Iterable[str] = ()) -> str:
    """`text` as DNS has it: lower case, punycode, no dot at the end. `kept` are names that nobody may claim,
    nor anything below them. NotAHostNameError."""
    name = text.strip().rstrip(".").lower()
    if "/" in name or "@" in name or ":" in name:
        raise NotAHostNameError("Enter the host name alone, such as portal.your-company.com.")
    name = punycode(name)
    for one in kept:
        if name == one or name.endswith(f".{one}"):
            raise NotAHostNameError(
                f"Addresses below {one} are given out here. Enter a name of a domain that is yours."
            )
    _check_shape(name)
    return name


def shown(host: str) -> str:
    """As people write it; unchanged where it has no other form."""
    try:
        return dns.name.from_text(host, origin=None).to_unicode(idna_codec=_CODEC)
    except (dns.name.IDNAException, ValueError):
        return host


def punycode(name: str) -> str:
    """As the wire has it. NotAHostNameError."""
    if name.isascii():
        return name
    try:
        return dns.name.from_unicode(name, origin=None, idna_codec=_CODEC).to_text()
    except (dns.name.IDNAException, dns.exception.DNSException):
        raise NotAHostNameError(
            f"{name} holds characters that no host name has. Look at it letter by letter."
        ) from None


def _check_shape(name: str) -> None:
    labels = name.split(".")
    if _is_address(name) or labels[-1].isdigit():
        raise NotAHostNameError("Enter a name, not an address made of numbers.")
    if len(labels) < 2:
        raise NotAHostNameError("Enter the whole name, such as portal.your-company.com.")
    wrong = next((label for label in labels if not _LABEL.fullmatch(label)), None)
    if wrong is not None:
        raise NotAHostNameError(
            "A host name has letters, digits and hyphens between its dots, 63 at most and no hyphen at"
            f" either end: {wrong or 'two dots in a row'} does not fit."
        )
    if len(name) > _MOST:
        raise NotAHostNameError(f"A host name has at most {_MOST} characters.")
    if labels[-1] in _NOT_PUBLIC:
        raise NotAHostNameError(f"Names below .{labels[-1]} are not on the internet.")
    _check_punycode(name)


def _check_punycode(name: str) -> None:
    written = shown(name)
    if any(label.startswith("xn--") for label in written.split(".")):
        raise NotAHostNameError(f"{name} is no name in punycode.")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
