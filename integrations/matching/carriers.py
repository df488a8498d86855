"""Which of our carriers is theirs: by SCAC, by name, by what shops call a service."""

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from integrations.matching.carrier_words import BRANDS, NOISE, SCACS, SERVICES, Service
from integrations.matching.items import Item, Rated
from integrations.matching.text import words

# Of one brand, these are companies of their own with vehicles and numbers of their own.
_APART: Final = frozenset({"freight", "forwarding", "mail innovations", "ecommerce"})
# Only these have parcels as well: of every other one, freight is the carrier as such.
_WITH_PARCELS: Final = frozenset({"ups", "fedex", "dhl", "tnt", "dpd", "gls"})
_WHOLE: Final = {
    table: re.compile(rf"\b({'|'.join(sorted(found, key=len, reverse=True))})\b")
    for table, found in (("brand", BRANDS), ("service", SERVICES))
}


def rate_carriers(remotes: Sequence[Item], ours: Sequence[Item]) -> list[list[Rated]]:
    """Candidates for every remote carrier.

    The same carrier and service is sure, and so is a service of theirs where we list the carrier
    as such and none of its services. Another service of the same carrier (Ground, Home Delivery)
    is a proposal.
    """
    own = [(at, item, service(item)) for at, item in enumerate(ours)]
    by_service = {our.brand for _, _, our in own if our and our.kind and our.kind not in _APART}
    return [
        [_rate(remote, item, at=at, our=our, by_service=by_service) for at, item, our in own]
        for remote in remotes
    ]


def service(item: Item) -> Service | None:
    """The carrier and the kind of service that `item` means, None for a carrier nobody knows.

    The more exact of code and name counts; None too where they name different carriers.
    """
    by_code, by_name = _read(item.code), _read(item.name)
    if by_code is None or by_name is None:
        return by_code or by_name
    if by_code.brand != by_name.brand:
        return None
    kinds = {by_code.kind, by_name.kind} - {""}
    return Service(by_code.brand, " or ".join(sorted(kinds)))


def _read(text: str) -> Service | None:
    if by_scac := SCACS.get(text.strip().upper()):
        return by_scac
    plain = " ".join(words(text))
    brand = _WHOLE["brand"].search(plain)
    if brand is None:
        return None
    rest = f"{plain[: brand.start()]} {plain[brand.end() :]}"
    kind = _kind(rest)
    is_plain = kind == "freight" and BRANDS[brand[1]] not in _WITH_PARCELS
    return Service(BRANDS[brand[1]], "" if is_plain else kind)


def _kind(text: str) -> str:
    """The services in `text` and every other word that is not noise: `worldwide` is a difference
    though we do not know what it means."""
    known = {SERVICES[word] for word in _WHOLE["service"].findall(text)}
    left = set(_WHOLE["service"].sub(" ", text).split()) - NOISE
    return " ".join(sorted(known | left))


def _rate(remote: Item, item: Item, *, at: int, our: Service | None, by_service: set[str]) -> Rated:
    their = service(remote)
    if their is None or our is None:
        return _unknown(remote, item, at=at)
    if their.brand != our.brand:
        return Rated(at, 0.0, False, "Another carrier.")
    if their.kind == our.kind:
        same_code = words(remote.code) == words(item.code)
        return Rated(at, 1.0 if same_code else 0.97, True, "Same carrier and service.")
    if not our.kind and their.brand in by_service:
        return Rated(at, 0.65, False, "Same carrier, but we list its services one by one.")
    if not our.kind and their.kind not in _APART:
        return Rated(at, 0.85, True, "Same carrier, which we list without services.")
    if not their.kind or not our.kind:
        return Rated(at, 0.6, False, "Same carrier; which service is not said.")
    return Rated(at, 0.45, False, "Same carrier, another service.")


def _unknown(remote: Item, item: Item, *, at: int) -> Rated:
    """Of a carrier in no table only equal names are sure; none is where code and name disagree."""
    their, our = _name(remote), _name(item)
    is_known = any(map(_read, (remote.code, remote.name, item.code, item.name)))
    if their and their == our and not is_known:
        return Rated(at, 0.95, True, "Same name.")
    likeness = fuzz.token_sort_ratio(" ".join(sorted(their)), " ".join(sorted(our))) / 100
    if words(remote.code) == words(item.code):
        return Rated(at, max(0.7, min(likeness, 0.9)), False, "Same code, but the names differ.")
    return Rated(at, 0.8 * likeness, False, "Similar name.")


def _name(item: Item) -> frozenset[str]:
    return frozenset(words(item.name or item.code)) - NOISE
