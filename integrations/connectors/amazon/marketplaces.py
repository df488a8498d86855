"""Country and currency of a marketplace, for cancelled orders, of which Amazon tells neither. Pure."""

from typing import Final, NamedTuple


class Marketplace(NamedTuple):
    country: str
    currency: str


_US: Final = Marketplace("US", "USD")
# From Amazon's list of marketplace ids.
_KNOWN: Final = {
    "ATVPDKIKX0DER": _US,
    "A2EUQ1WTGCTBG2": Marketplace("CA", "CAD"),
    "A1AM78C64UM0Y8": Marketplace("MX", "MXN"),
    "A2Q3Y263D00KWC": Marketplace("BR", "BRL"),
    "A1F83G8C2ARO7P": Marketplace("GB", "GBP"),
    "A1PA6795UKMFR9": Marketplace("DE", "EUR"),
    "A13V1IB3VIYZZH": Marketplace("FR", "EUR"),
    "APJ6JRA9NG5V4": Marketplace("IT", "EUR"),
    "A1RKKUPIHCS9HS": Marketplace("ES", "EUR"),
    "A1805IZSGTT6HS": Marketplace("NL", "EUR"),
    "AMEN7PMS3EDWL": Marketplace("BE", "EUR"),
    "A28R8C7NBKEWEA": Marketplace("IE", "EUR"),
    "A2NODRKZP88ZB9": Marketplace("SE", "SEK"),
    "A1C3SOZRARQ6R3": Marketplace("PL", "PLN"),
    "A33AVAJ2PDY3EV": Marketplace("TR", "TRY"),
    "A17E79C6D8DWNP": Marketplace("SA", "SAR"),
    "A2VIGQ35RCS4UG": Marketplace("AE", "AED"),
    "ARBP9OOSHTCHU": Marketplace("EG", "EGP"),
    "A21TJRUUN4KGV": Marketplace("IN", "INR"),
    "AE08WJ6YKNBMC": Marketplace("ZA", "ZAR"),
    "A19VAU5U5O7RUS": Marketplace("SG", "SGD"),
    "A39IBJ37TRP1C6": Marketplace("AU", "AUD"),
    "A1VC38T7YXB528": Marketplace("JP", "JPY"),
}


def marketplace(known: str) -> Marketplace:
    """That of an id; the United States for one that is not known here."""
    return _KNOWN.get(known, _US)
