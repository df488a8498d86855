"""Which of our sites is theirs: by GLN, by code, by where it stands and what it is called."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from integrations.canonical.identifiers import is_gln
from integrations.matching.codes import Runs, is_telling, runs
from integrations.matching.items import Item, Rated
from integrations.matching.text import words

_COUNTRIES: Final = {
    "usa": "us", "united states": "us", "united states of america": "us",
    "uk": "gb", "united kingdom": "gb", "great britain": "gb", "england": "gb",
    "germany": "de", "deutschland": "de", "deu": "de", "france": "fr", "fra": "fr",
    "netherlands": "nl", "nederland": "nl", "nld": "nl", "austria": "at", "osterreich": "at",
    "switzerland": "ch", "schweiz": "ch", "canada": "ca", "can": "ca", "mexico": "mx",
    "spain": "es", "espana": "es", "italy": "it", "italia": "it", "poland": "pl", "polska": "pl",
    "belgium": "be",
}  # fmt: skip
_GENERIC: Final = frozenset(
    {"warehouse", "wh", "dc", "distribution", "fulfillment", "fulfilment", "fc", "lager", "depot"}
    | {"center", "centre", "site", "location", "store", "hub", "main", "the", "of", "no", "nr"}
    | {"inc", "llc", "gmbh"}
)
_STREETS: Final = {"st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "dr": "drive",
                   "blvd": "boulevard", "ln": "lane", "str": "strasse", "hwy": "highway",
                   "pkwy": "parkway", "n": "north", "s": "south", "e": "east", "w": "west"}  # fmt: skip
_SIDES: Final = frozenset(
    {"north", "south", "east", "west", "nord", "sud", "ost", "inbound", "outbound", "returns"}
)
_ZIP: Final = re.compile(r"(\d{5})-?\d{4}")


class Place(NamedTuple):
    """Folded; empty where nothing is said. `numbers` are those in code and name: DC 1, DC 2."""

    gln: str
    country: str
    postcode: str
    city: str
    street: frozenset[str]
    code: Runs
    name: frozenset[str]
    numbers: frozenset[str]


def rate_sites(remotes: Sequence[Item], ours: Sequence[Item]) -> list[list[Rated]]:
    """Candidates for every remote site.

    Sure are the same GLN, the same telling code, and the same address under names that agree.
    Different GLNs, countries, postcodes, streets or numbers take every certainty away.
    """
    own = [place(item) for item in ours]
    return [[_rate(their, our, at) for at, our in enumerate(own)] for their in map(place, remotes)]


def place(item: Item) -> Place:
    glns = [gln for gln in item.values("gln") if is_gln(gln)]
    code = runs(item.code)
    name = frozenset(words(item.name))
    pieces = {run for word in name for run in runs(word)} | set(code)
    return Place(
        gln=glns[0] if glns else "",
        country=_country(item),
        postcode=_postcode(item),
        city=_city(item),
        street=frozenset(_STREETS.get(w, w) for w in words(" ".join(item.values("address")))),
        code=code,
        name=name - _GENERIC,
        numbers=frozenset(run.lstrip("0") for run in pieces if run.isdigit()),
    )


def _country(item: Item) -> str:
    plain = " ".join(words(" ".join(item.values("country")[:1])))
    return _COUNTRIES.get(plain, plain)


def _postcode(item: Item) -> str:
    text = "".join(item.values("postcode", "postal_code")[:1])
    american = _ZIP.fullmatch(text)
    return american[1] if american else "".join(words(text))


def _city(item: Item) -> str:
    plain = " ".join("saint" if w == "st" else w for w in words("".join(item.values("city"))))
    return plain.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def _rate(their: Place, our: Place, at: int) -> Rated:
    reason, score = _evidence(their, our)
    if against := _against(their, our):
        return Rated(at, min(score, 0.5), False, f"{reason} {against}")
    return Rated(at, score, score >= 0.9, reason)


def _evidence(their: Place, our: Place) -> tuple[str, float]:
    if their.gln and their.gln == our.gln:
        return "Same GLN.", 1.0
    same_place = _same_place(their, our)
    if their.code and their.code == our.code:
        return _by_code(their, our, same_place=same_place)
    likeness = _likeness(their, our)
    if same_place and their.street and their.street == our.street:
        return "Same address.", 0.94 if likeness >= 0.5 else 0.8
    if same_place:
        return "Same postcode.", 0.6 + 0.25 * likeness
    if their.city and their.city == our.city:
        return "Same city.", 0.4 + 0.25 * likeness
    return "Similar name.", 0.7 * likeness


def _by_code(their: Place, our: Place, *, same_place: bool) -> tuple[str, float]:
    in_same_city = bool(their.city) and their.city == our.city
    names_agree = not their.name or not our.name or _likeness(their, our) >= 0.5
    if same_place or (in_same_city and names_agree):
        return "Same code and place.", 0.98
    if _likeness(their, our) >= 0.6:
        return "Same code and similar name.", 0.95
    if is_telling(their.code) and not (their.name and our.name):
        return "Same code.", 0.9
    return "Same code; the rest does not say.", 0.75


def _same_place(their: Place, our: Place) -> bool:
    return bool(their.postcode and their.country and their.country == our.country) and (
        their.postcode == our.postcode
    )


def _likeness(their: Place, our: Place) -> float:
    if not their.name or not our.name:
        return 0.0
    return fuzz.token_set_ratio(" ".join(sorted(their.name)), " ".join(sorted(our.name))) / 100


def _against(their: Place, our: Place) -> str | None:
    if their.gln and our.gln and their.gln != our.gln:
        return "The GLNs differ."
    for field in ("country", "postcode", "city", "street"):
        one, other = getattr(their, field), getattr(our, field)
        if one and other and one != other:
            return f"{field.capitalize()} differs."
    if their.gln and their.gln == our.gln:
        return None
    if their.numbers and our.numbers and their.numbers != our.numbers:
        return "The numbers differ."
    if (their.name & _SIDES) != (our.name & _SIDES) and their.name and our.name:
        return "One is another part of it."
    return None
