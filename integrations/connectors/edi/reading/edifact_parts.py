"""What the messages of EDIFACT have in common: items, dates, references, quantities, parties. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.edi.reading.order import address
from integrations.formats.numbers import parse_number

# Our own number first, then what others call the item, then its bar code.
_SKU_KINDS: Final = ("SA", "VP", "VN", "SK", "IN", "BP", "MF", "MP", "MN")
_BAR_CODE_KINDS: Final = ("EN", "SRV", "UP")
_BUYER_KINDS: Final = ("IN", "BP")
_MOST_IDS: Final = 5
_EACH: Final = frozenset({"PCE", "C62", "EA"})

Fields = dict[str, Any]


def item_ids(line: Fields) -> dict[str, str]:
    """Kind → id, of LIN and of every PIA."""
    found = {line.get("item_id_type", "EN"): line.get("item_id", "")}
    for ids in line.get("ids", []):
        for number in ("", *map(str, range(2, _MOST_IDS + 1))):
            if ids.get(f"id{number}"):
                found.setdefault(ids.get(f"type{number}", ""), ids[f"id{number}"])
    return {kind: value for kind, value in found.items() if value}


def item_code(line: Fields) -> str | None:
    """The code by which an item is looked up."""
    ids = item_ids(line)
    kinds = (*_SKU_KINDS, *_BAR_CODE_KINDS)
    return next((ids[kind] for kind in kinds if kind in ids), None)


def own_item(line: Fields) -> str | None:
    """Our number of the item in a supplier's document, where he repeats it: to him it is the buyer's."""
    ids = item_ids(line)
    return next((ids[kind] for kind in _BUYER_KINDS if kind in ids), None)


def gtin(line: Fields) -> str | None:
    """A bar code of 8 to 14 digits, or None."""
    ids = item_ids(line)
    codes = (ids[kind] for kind in _BAR_CODE_KINDS if kind in ids)
    return next((c for c in codes if c.isdigit() and c.isascii() and 8 <= len(c) <= 14), None)


def day(holder: Fields, *qualifiers: str) -> str | None:
    """The date of a kind, as 2026-03-03 or 2026-03-03T14:05; a date of another form is none."""
    for qualifier in qualifiers:
        for date in holder.get("dates", []):
            value = date.get("value", "")
            if date.get("qualifier") == qualifier and value[4:5] == value[7:8] == "-":
                return str(value)
    return None


def date_only(text: str | None) -> str | None:
    """The day of a date and time."""
    return text[:10] if text else None


def reference(holder: Fields, qualifier: str) -> str | None:
    """The first reference of a kind."""
    refs = holder.get("refs", [])
    return next(
        (r["value"] for r in refs if r.get("qualifier") == qualifier and "value" in r), None
    )


def amount(holder: Fields, *qualifiers: str) -> Decimal:
    """The first amount of these kinds; zero without one."""
    return amount_or_none(holder, *qualifiers) or Decimal(0)


def amount_or_none(holder: Fields, *qualifiers: str) -> Decimal | None:
    """The first amount of these kinds."""
    amounts = {a.get("qualifier", ""): a.get("amount", "") for a in holder.get("amounts", [])}
    return parse_number(next((amounts[q] for q in qualifiers if q in amounts), ""))


def text_of(text: Fields) -> str:
    """The free text of an FTX."""
    names = ("text", "text2", "text3", "text4", "text5")
    return " ".join(text[name] for name in names if text.get(name))


def description(line: Fields) -> str:
    """The free text of the first IMD that has one."""
    texts = (f"{d.get('text', '')}{d.get('text2', '')}" for d in line.get("descriptions", []))
    return next((text for text in texts if text), "")


def number_of(holder: Fields, key: str, path: str, problems: list[Problem]) -> Decimal | None:
    """The number under `key`, None without one; anything else is a problem at `path`."""
    text = holder.get(key)
    if text in (None, ""):
        return None
    number = parse_number(str(text))
    if number is None:
        sentence = f"{path} is “{shorten(text)}”; a number is needed."
        problems.append(Problem("wrong_format", path, shorten(text), sentence))
    return number


def _of_kind(line: Fields, kinds: Iterable[str]) -> Fields:
    quantities = {q.get("qualifier", ""): q for q in reversed(line.get("quantities", []))}
    return next((quantities[kind] for kind in kinds if kind in quantities), {})


def quantity(
    line: Fields, kinds: Iterable[str], path: str, problems: list[Problem]
) -> Decimal | None:
    """The line's first quantity of these kinds."""
    return number_of(_of_kind(line, kinds), "quantity", path, problems)


def uom(line: Fields, kinds: Iterable[str]) -> str:
    """The unit of that quantity; pieces are EA, as X12 and the portal call them."""
    return unit_told(line, kinds) or "EA"


def unit_told(line: Fields, kinds: Iterable[str]) -> str:
    """The unit of that quantity as it is told, and "" where none is."""
    return unit_name(_of_kind(line, kinds).get("uom"))


def unit_name(unit: Any) -> str:
    """EA for pieces; "" where none is told."""
    name = str(unit or "")
    return "EA" if name in _EACH else name


def party_address(party: Fields | None) -> Fields | None:
    """A NAD as an address; in unstructured ones the lines follow each other: name, streets, city."""
    if party is None:
        return None
    names = [party.get("name"), party.get("name2")]
    streets = [party.get(key) for key in ("street", "street2", "street3", "street4")]
    city = party.get("city")
    free = [party[key] for key in ("text", "text2", "text3", "text4", "text5") if party.get(key)]
    if free and not any(names) and len(free) > 2:
        names, streets, city = free[:1], list(free[1:-1]), city or free[-1]
    contacts = [channel for c in party.get("contacts", []) for channel in c.get("channels", [])]
    reached = {channel.get("kind"): channel.get("value") for channel in contacts}
    return address(
        names,
        streets,
        code=party.get("id"),
        city=city,
        region=party.get("region") or party.get("region_name"),
        postal_code=party.get("postal_code"),
        country=party.get("country"),
        phone=reached.get("TE"),
        email=reached.get("EM"),
    )
