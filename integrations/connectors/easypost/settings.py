"""What a person enters for an account at EasyPost."""

import re
from typing import Final

from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection, Setting
from integrations.connectors.parcels import complaint_of_services

_SIZE: Final = re.compile(
    r"\s*(\d{1,3}(?:\.\d)?)\s*x\s*(\d{1,3}(?:\.\d)?)\s*x\s*(\d{1,3}(?:\.\d)?)\s*"
)
_NAMED: Final = re.compile(r"[A-Za-z0-9_]{1,60}")


def _complaint_of_parcel(text: str) -> str:
    if _SIZE.fullmatch(text) or _NAMED.fullmatch(text.strip()):
        return ""
    return "It must be length x width x height in inches, such as 12 x 9 x 4, or a carrier's own package."


SETTINGS = (
    Setting(
        "url",
        "Address of the API",
        "EasyPost's own, unless they say another one.",
        required=False,
        default="https://api.easypost.com/v2",
        kind="url",
        place=True,
    ),
    Setting(
        "api_key",
        "API key",
        "A production key buys labels for money; with a test key they are no good for a parcel.",
        secret=True,
    ),
    Setting(
        "services",
        "Services that may be bought",
        "A carrier and one of its services per line, as EasyPost calls them: USPS GroundAdvantage. The"
        " cheapest of them is bought; with one line it is always that.",
        kind="lines",
        default=(),
        check=complaint_of_services,
    ),
    Setting(
        "from_addresses",
        "Where parcels leave from",
        "The id of an address saved at EasyPost, adr_… Several warehouses: one line for each, its site code"
        " and the id.",
        kind="lines",
        default=(),
    ),
    Setting(
        "country",
        "Country parcels leave from",
        "Two letters. Shipments to other countries are refused, as customs papers are not written.",
        required=False,
        default="US",
    ),
    Setting(
        "parcel",
        "Size of a parcel",
        "Length x width x height in inches, or a carrier's own package such as MediumFlatRateBox. Empty: only"
        " the weight is told.",
        required=False,
        default="",
        check=_complaint_of_parcel,
    ),
    Setting(
        "default_weight",
        "Weight of a parcel that nobody weighed",
        "In ounces. Empty: a shipment without a weight is a problem for a person.",
        required=False,
        kind="number",
        default="",
    ),
    Setting(
        "label_format",
        "Format of labels",
        "What the labels' addresses lead to?",
        required=False,
        kind="choice",
        default="PDF",
        choices=("PDF", "PNG", "ZPL", "EPL2"),
    ),
    *webhook_secrets.settings("The secret that was given to EasyPost with the webhook's address."),
)


def from_address(connection: Connection, site: str) -> str:
    """The id of the address that parcels of a site leave from; empty where none is entered for it."""
    for_all = ""
    for line in connection.lines("from_addresses"):
        code, _, known = line.rpartition(" ")
        if code.strip() == site:
            return known
        for_all = for_all or ("" if code else known)
    return for_all


def parcel_size(connection: Connection) -> dict[str, float | str]:
    """The size of every parcel, as EasyPost wants it."""
    text = str(connection.settings["parcel"] or "")
    if size := _SIZE.fullmatch(text):
        length, width, height = map(float, size.groups())
        return {"length": length, "width": width, "height": height}
    return {"predefined_package": text.strip()} if text.strip() else {}
