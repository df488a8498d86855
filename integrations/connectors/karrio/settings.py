"""What a person enters for a Karrio server."""

import re
from typing import Any, Final

from integrations.canonical.problem import shorten
from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection, Setting
from integrations.connectors.parcels import complaint_of_services

_FIELDS: Final = (
    "person_name",
    "address_line1",
    "city",
    "state_code",
    "postal_code",
    "country_code",
)
_SIZE: Final = re.compile(
    r"\s*(\d{1,3}(?:\.\d)?)\s*x\s*(\d{1,3}(?:\.\d)?)\s*x\s*(\d{1,3}(?:\.\d)?)\s+(IN|CM)\s*",
    re.IGNORECASE,
)


def _complaint_of_parcel(text: str) -> str:
    fits = _SIZE.fullmatch(text)
    return "" if fits else "It must be length x width x height and IN or CM, such as 12 x 9 x 4 IN."


def _read_sender(line: str) -> tuple[str, dict[str, str]]:
    """The site of a line, empty for all, and its address. ValueError for a line that is none."""
    site, equals, said = line.partition("=")
    fields = [field.strip() for field in (said if equals else line).split(";")]
    if not len(_FIELDS) <= len(fields) <= len(_FIELDS) + 1:
        raise ValueError(line)
    address = dict(zip((*_FIELDS, "phone_number"), fields, strict=False))
    if not re.fullmatch(r"[A-Z]{2}", address["country_code"]):
        raise ValueError(line)
    return (site.strip() if equals else ""), {name: text for name, text in address.items() if text}


def _complaint_of_senders(text: str) -> str:
    for line in filter(str.strip, text.splitlines()):
        try:
            _read_sender(line)
        except ValueError:
            return (
                f"“{shorten(line.strip())}” must be name; street; city; state; postal code; country in two"
                " letters."
            )
    return ""


SETTINGS = (
    Setting(
        "url",
        "Address of the API",
        "What stands before /shipments, such as https://karrio.example.com/v1.",
        kind="url",
        place=True,
    ),
    Setting("token", "API token", "Of the organisation whose carriers are used.", secret=True),
    Setting(
        "services",
        "Services that may be bought",
        "A carrier and one of its services per line, as Karrio calls them: usps usps_ground_advantage. The"
        " cheapest of them is bought; with one line it is always that.",
        kind="lines",
        default=(),
        check=complaint_of_services,
    ),
    Setting(
        "senders",
        "Where parcels leave from",
        "Name; street; city; state; postal code; country; phone. Several warehouses: one line for each, with"
        " its site code and = before it.",
        kind="lines",
        default=(),
        check=_complaint_of_senders,
    ),
    Setting(
        "parcel",
        "Size of a parcel",
        "Length x width x height and IN or CM, such as 12 x 9 x 4 IN. Empty: only the weight is told.",
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
        "label_type",
        "Format of labels",
        "What the printer takes.",
        required=False,
        kind="choice",
        default="PDF",
        choices=("PDF", "ZPL", "PNG"),
    ),
    *webhook_secrets.settings("The secret that Karrio shows for the webhook."),
)


def sender(connection: Connection, site: str) -> dict[str, str]:
    """The address that parcels of a site leave from; empty where none is entered for it."""
    for_all: dict[str, str] = {}
    for line in connection.lines("senders"):
        code, address = _read_sender(line)
        if code == site:
            return address
        for_all = for_all or ({} if code else address)
    return for_all


def parcel_size(connection: Connection) -> dict[str, Any]:
    """The size of every parcel, as Karrio wants it."""
    size = _SIZE.fullmatch(str(connection.settings["parcel"] or ""))
    if size is None:
        return {}
    length, width, height = map(float, size.groups()[:3])
    unit = size[4].upper()
    return {"length": length, "width": width, "height": height, "dimension_unit": unit}
