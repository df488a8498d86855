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
    known = _known(said)
    return known.name if known else str(said.get("name") or said.get("scac") or "")


def tracking_url(said: Mapping[str, Any], number: str) -> str:
    """Where the carrier tells of this parcel; blank for a carrier we do not know."""
    known = _known(said)
    return known.page.replace("{number}", quote(number, safe="")) if known and number else ""


def _known(said: Mapping[str, Any]) -> Carrier | None:
    """A document that names no code may still name the carrier, or put the code where the name goes."""
    texts = [str(said.get(field) or "").strip().upper() for field in ("scac", "name")]
    found = (CARRIERS.get(text) or _BY_NAME.get(text) for text in texts)
    return next((one for one in found if one), None)
