"""What shipping systems have in common of parcels: their names, weights, prices and states. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from portal.core.errors import NeedsPerson

_OUNCES: Final = {
    "OZ": Decimal(1),
    "LB": Decimal(16),
    "LBS": Decimal(16),
    "G": Decimal(1) / Decimal("28.349523125"),
    "GR": Decimal(1) / Decimal("28.349523125"),
    "GRM": Decimal(1) / Decimal("28.349523125"),
    "KG": Decimal(1000) / Decimal("28.349523125"),
    "KGM": Decimal(1000) / Decimal("28.349523125"),
    "KGS": Decimal(1000) / Decimal("28.349523125"),
    "ONZ": Decimal(1),
    "LBR": Decimal(16),
}
_TENTH: Final = Decimal("0.1")
_AGAIN: Final = "~"
SCACS: Final = {
    "usps": "USPS",
    "ups": "UPSN",
    "fedex": "FDE",
    "ontrac": "ONTR",
    "dhlexpress": "DHLC",
    "dhl_express": "DHLC",
    "dpd": "DPDE",
    "gls": "GLSE",
}


class Rate(NamedTuple):
    """What a carrier asks for a parcel with one of its services."""

    id: str
    carrier: str
    service: str
    amount: Decimal
    currency: str


def refused(path: str, text: str) -> NeedsPerson:
    """For what the system or a carrier does not take, in their words."""
    return NeedsPerson([Problem("rejected", path, "", text)])


def missing(path: str, text: str) -> NeedsPerson:
    """For what a label cannot be had without."""
    return NeedsPerson([Problem("missing_field", path, "", text)])


def unsupported(path: str, text: str) -> NeedsPerson:
    """For what a person has to do at the system."""
    return NeedsPerson([Problem("change_not_supported", path, "", text)])


def reference(site: str, number: str) -> str:
    """How our shipment is called at the system. NeedsPerson for a site that would not be told apart."""
    if ":" in site:
        said = "A site with a colon in its code cannot be told there."
        raise NeedsPerson([Problem("bad_key", "site", shorten(site), said)])
    return f"{site}:{number}"


def numbered(name: str, times: int) -> str:
    """The reference of the shipment made for the n-th time, after a correction."""
    return name if times == 1 else f"{name}{_AGAIN}{times}"


def read_reference(said: Any) -> tuple[str, str] | None:
    """Site and number of our shipment; None for a reference that is not ours."""
    if not isinstance(said, str):
        return None
    site, colon, number = said.partition(":")
    before, mark, times = number.rpartition(_AGAIN)
    if mark and before and times.isascii() and times.isdigit():
        number = before
    return (site, number) if colon and site and number else None


def ounces(weight: Any, path: str) -> Decimal:
    """A canonical weight in ounces, with one decimal. NeedsPerson where there is none."""
    value = weight.get("value") if isinstance(weight, dict) else None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or found <= 0:
        raise missing(path, "The parcel has no weight, and no rate can be had without.")
    uom = str(weight.get("uom") or "").upper()
    factor = _OUNCES.get(uom)
    if factor is None:
        said = f"The weight is in {shorten(uom)}, which is no unit of weight we know."
        raise NeedsPerson([Problem("uom_mismatch", f"{path}.uom", shorten(uom), said)])
    return max((found * factor).quantize(_TENTH), _TENTH)


def services(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Carrier and service of each line of the setting, as they are compared."""
    pairs = (line.split(None, 1) for line in lines)
    return [(pair[0].lower(), pair[1].strip().lower()) for pair in pairs if len(pair) == 2]


def complaint_of_services(text: str) -> str:
    """What is wrong with the setting, in a sentence."""
    for line in filter(str.strip, text.splitlines()):
        if len(line.split(None, 1)) != 2:
            return f"“{shorten(line.strip())}” must be a carrier and one of its services."
    return ""


def choose(rates: Sequence[Rate], wanted: Sequence[tuple[str, str]], said: Sequence[str]) -> Rate:
    """The cheapest rate of the services that may be bought. NeedsPerson where there is none, with what
    the carriers said."""
    fitting = [one for one in rates if (one.carrier.lower(), one.service.lower()) in wanted]
    if not fitting:
        offered = ", ".join(sorted({f"{one.carrier} {one.service}" for one in rates}))
        words = [*said, f"Offered were {offered}." if offered else "No carrier offered a rate."]
        text = f"None of the services that may be bought has a rate. {' '.join(words)}"
        raise refused("", shorten_long(text))
    if len({one.currency for one in fitting}) > 1:
        raise refused(
            "", "The rates are in several currencies, so none is known to be the cheapest."
        )
    return min(fitting, key=lambda one: one.amount)


def shorten_long(text: str) -> str:
    """A carrier's words, as far as a person reads them."""
    return text if len(text) <= 400 else f"{text[:399]}…"


def rate_of(found: dict[str, Any], *, carrier: str, service: str, amount: str) -> Rate | None:
    """A rate from an answer; None for one without an id or a price."""
    try:
        price = Decimal(str(found.get(amount)))
    except InvalidOperation:
        return None
    if not found.get("id") or not price.is_finite():
        return None
    return Rate(
        str(found["id"]),
        str(found.get(carrier) or ""),
        str(found.get(service) or ""),
        price,
        str(found.get("currency") or ""),
    )


def same(one: Any, other: Any) -> bool:
    """Whether two words of an address are the same but for case and blanks."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> str:
    return " ".join(str(value or "").casefold().split())
