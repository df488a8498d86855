"""Who there is to sign in as."""

from typing import NamedTuple

PARTNER, PARTNER_NAME = "kestrel", "Kestrel Point"


class DemoPerson(NamedTuple):
    """Somebody of the demo; `customer` is the slug a customer's person is limited to."""

    email: str
    name: str
    role: str
    site: str
    customer: str = ""


PEOPLE = (
    DemoPerson("pat@platform.example", "Pat Olsen", "platform-admin", "platform"),
    DemoPerson("ada@kestrelpoint.example", "Ada Marsh", "admin", PARTNER),
    DemoPerson("eli@kestrelpoint.example", "Eli Novak", "engineer", PARTNER),
    DemoPerson("dana@kestrelpoint.example", "Dana Reyes", "operator", PARTNER),
    DemoPerson("hanna@harboroutfitters.example", "Hanna Berg", "viewer", PARTNER, "harbor"),
)
