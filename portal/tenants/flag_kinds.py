"""The features that tiers can take away, as data. Imports no Django."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple


class Flag(NamedTuple):
    """One feature: its word, what is off with it, and the addresses that are refused then."""

    label: str
    off: str
    addresses: tuple[str, ...]


FLAGS: Final[Mapping[str, Flag]] = {
    "webhooks": Flag(
        "Webhooks",
        "Nothing is told to other systems, and receivers cannot be set up.",
        ("/webhooks/", "/api/v1/webhooks/"),
    ),
    "api": Flag(
        "REST API and tokens",
        "Programs are refused, and no token can be made.",
        ("/tokens/", "/api/"),
    ),
    "own_domains": Flag(
        "Domains of their own",
        "No domain can be added. Those that are live stay.",
        ("/domains/",),
    ),
    "own_mail": Flag(
        "A mail server of their own",
        "Mails go out through the installation’s server.",
        ("/mail/",),
    ),
}
_STAYS: Final = ("/api/problems/",)  # whoever was refused reads here what that means


def of_address(path: str) -> str | None:
    """The feature that an address belongs to."""
    if path.startswith(_STAYS):
        return None
    found = (name for name, flag in FLAGS.items() if path.startswith(flag.addresses))
    return next(found, None)


def come_to(of_tier: Iterable[str], exceptions: Mapping[str, bool]) -> list[str]:
    """The features that are off: those of the tier, but for what an exception says."""
    off = set(of_tier)
    for flag, is_on in exceptions.items():
        (off.discard if is_on else off.add)(flag)
    return sorted(off & FLAGS.keys())


def unknown(names: Collection[str]) -> list[str]:
    """Those that are no features."""
    return sorted(set(names) - FLAGS.keys())
