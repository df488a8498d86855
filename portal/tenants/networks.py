"""Which private networks outgoing connections may reach: what platform staff set."""

import re
from ipaddress import IPv6Network, ip_network
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django_tenants.utils import get_public_schema_name, schema_context

from portal.core import guard
from portal.tenants.models import AllowedNetwork

_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_WIDEST: Final = {4: 8, 6: 32}  # bits; a wider range would leave little of the guard


def normalised(entry: str) -> str:
    """A host name in lower case, or a network as its lowest address and prefix.

    `10.0.0.1/8` is `10.0.0.0/8`, and `10.1.2.3` stays one address. ValueError says what is wrong
    with an entry that is neither, or a network so wide that it would switch the guard off.
    """
    text = entry.strip().rstrip(".").lower()
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        if not _HOST.fullmatch(text) or text.replace(".", "").isdigit():
            raise ValueError(f"{entry!r} is neither a host name nor a network") from None
        return text
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped:
        raise ValueError(f"{entry!r} is an IPv4 network in disguise: write it as one")
    widest = _WIDEST[network.version]
    if network.prefixlen < widest and not network.is_loopback:
        raise ValueError(f"{entry!r} is too wide: it would allow nearly everything. Use /{widest}")
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address if single and "/" not in text else network)


def allowed() -> list[str]:
    """The entries of the installation's settings, and of the platform console for the caller's partner.

    Asked seldom (a verdict stands for half a minute), and also from delivery threads: a connection
    opened just for this is closed again.
    """
    ours, whose = connection.connection is None, guard.caller()
    try:
        with schema_context(get_public_schema_name()):
            theirs = Q(partner=None) | Q(partner__schema_name=whose)
            stored = list(AllowedNetwork.objects.filter(theirs).values_list("network", flat=True))
    finally:
        if ours:
            connection.close()
    return [*settings.ALLOWED_NETWORKS, *stored]
