"""Where a request came from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The sender's IP address; blank where the server does not know it.

    Anybody may write X-Forwarded-For. It counts only where the installation says that it stands behind a
    proxy (CROSSDOCK_HTTPS, which sets SECURE_PROXY_SSL_HEADER), and of it only the last address: the one
    that this proxy added itself. A second proxy in front of it has to be told to that one.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        given = _valid(forwarded.rpartition(",")[2]) or given
    return _valid(given)


def network_of(address: str) -> str:
    """What one sender holds: an IPv4 address, and of IPv6 the /64 that a household gets."""
    if not address:
        return ""
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))


def _valid(text: str) -> str:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
