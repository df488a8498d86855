"""The parcel carriers people know: what each is called, and where it tells of a parcel."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote


class Carrier(NamedTuple):
    """`page` is an https address in which {number} stands for the parcel's number."""

    name: str
    page: str


_UPS = "https://www.ups.com/track?tracknum={number}"
_FEDEX = "https://www.fedex.com/fedextrack/?trknbr={number}"
_DHL = "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}"
# By Standard Carrier Alpha Code.
CARRIERS: Final = {
    "UPSN": Carrier("UPS", _UPS),
    "UPSS": Carrier("UPS", _UPS),
    "FDEG": Carrier("FedEx Ground", _FEDEX),
    "FDE": Carrier("FedEx", _FEDEX),
    "FDXE": Carrier("FedEx", _FEDEX),
    "FXFE": Carrier("FedEx Freight", _FEDEX),
    "USPS": Carrier("USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
    "DHLC": Carrier("DHL", _DHL),
    "DHLG": Carrier("DHL", _DHL),
    "ONTR": Carrier("OnTrac", "https://www.ontrac.com/tracking/?number={number}"),
    "LSHP": Carrier("LaserShip", "https://www.ontrac.com/tracking/?number={number}"),
    "DPDE": Carrier("DPD", "https://tracking.dpd.de/status/en_US/parcel/{number}"),
    "GLSE": Carrier("GLS", "https://gls-group.com/track/{number}"),
}
_BY_NAME: Final = {one.name.upper(): one for one in CARRIERS.values()}


def name(said: Mapping[str, Any]) -> str:
    """Whom a parcel was given to, by the name people know: a code is for machines. Blank for nobody."""
    text = str(said.get("name") or said.get("scac") or "")
    known = _of(text)
    return known.name if known else text


def tracking_url(said: Mapping[str, Any], number: str) -> str:
    """Where the carrier tells of this parcel; blank for a carrier we do not know."""
    known = _known(said)
    return known.page.replace("{number}", quote(number, safe="")) if known and number else ""


def _known(said: Mapping[str, Any]) -> Carrier | None:
    """By the name that people read, else by the code, so that the link leads to whom the page names."""
    return _of(str(said.get("name") or "")) or _of(str(said.get("scac") or ""))


def _of(text: str) -> Carrier | None:
    """By code or name: documents put the code where the name goes."""
    known = text.strip().upper()
    return CARRIERS.get(known) or _BY_NAME.get(known)
