"""Made-up buyers in real cities, with ZIP codes and each state's sales tax rate."""

import random
from decimal import Decimal
from typing import NamedTuple

FIRST = [
    "Ana",
    "Ben",
    "Carla",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Kayla",
    "Luis",
    "Mara",
    "Nadia",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sam",
    "Tessa",
    "Umar",
    "Vera",
    "Wes",
    "Ximena",
    "Yara",
    "Zane",
]
LAST = [
    "Abbott",
    "Bianchi",
    "Chen",
    "Dubois",
    "Estrada",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ibarra",
    "Jensen",
    "Kowalski",
    "Larsen",
    "Moreno",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quiroga",
    "Reyes",
    "Singh",
    "Tanaka",
    "Ueda",
    "Varga",
    "Walsh",
    "Xu",
    "Young",
    "Zamora",
]
STREETS = [
    "Quay Street",
    "Cedar Avenue",
    "Mill Road",
    "Canyon Drive",
    "Harbor Lane",
    "Prospect Street",
    "Orchard Way",
    "Juniper Court",
    "Railroad Avenue",
    "Summit Drive",
    "Willow Street",
    "Foundry Road",
]
COMPANIES = [
    "",
    "",
    "",
    "",
    "Harbor Outfitters",
    "Pine Ridge Supply",
    "Cascade Guides",
    "Blue Mesa Rentals",
    "Lakeside Scouts",
]

TAX_RATES = {
    "NV": Decimal("0.08265"),
    "CA": Decimal("0.0725"),
    "GA": Decimal("0.07"),
    "TX": Decimal("0.0825"),
    "CO": Decimal("0.0481"),
    "WA": Decimal("0.095"),
    "OR": Decimal(0),
    "NY": Decimal("0.08875"),
    "FL": Decimal("0.07"),
    "IL": Decimal("0.0825"),
    "ME": Decimal("0.055"),
    "HI": Decimal("0.04"),
}


class City(NamedTuple):
    name: str
    state: str
    zip_code: str


CITIES = (
    City("Reno", "NV", "89502"),
    City("Las Vegas", "NV", "89101"),
    City("Sacramento", "CA", "95814"),
    City("San Diego", "CA", "92101"),
    City("Atlanta", "GA", "30303"),
    City("Savannah", "GA", "31401"),
    City("Austin", "TX", "78701"),
    City("El Paso", "TX", "79901"),
    City("Denver", "CO", "80202"),
    City("Durango", "CO", "81301"),
    City("Seattle", "WA", "98101"),
    City("Portland", "OR", "97205"),
    City("Buffalo", "NY", "14202"),
    City("Miami", "FL", "33130"),
    City("Chicago", "IL", "60601"),
    City("Bangor", "ME", "04401"),
    City("Honolulu", "HI", "96813"),
)


def buyer(rng: random.Random) -> dict[str, str]:
    """One person's address in WooCommerce's billing shape."""
    city = rng.choice(CITIES)
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return {
        "first_name": first,
        "last_name": last,
        "company": rng.choice(COMPANIES),
        "address_1": f"{rng.randint(1, 2400)} {rng.choice(STREETS)}",
        "address_2": rng.choice(("", "", "", f"Apt {rng.randint(1, 40)}", "Dock 4")),
        "city": city.name,
        "state": city.state,
        "postcode": city.zip_code,
        "country": "US",
        "email": f"{first}.{last}{rng.randint(1, 999)}@example.com".lower(),
        "phone": f"+1555{rng.randint(2000000, 9999999)}",
    }
