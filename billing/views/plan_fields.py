"""The editor's form and back: a draft's content as named texts. The name of a field is its place in the
content, such as `charges[2].terms.tiers[0].up_to`, so that what is wrong is said where it stands."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import count
from typing import Any, Final

from django.http import QueryDict
from django.utils.text import slugify

from portal.core.decimals import plain_number

_TOKEN: Final = re.compile(r"[a-z_]+|\[\d{1,3}\]")
_NAME: Final = re.compile(r"[a-z_]+(?:\[\d{1,3}\])?(?:\.[a-z_]+(?:\[\d{1,3}\])?){0,5}", re.ASCII)
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,18}(?:\.\d{1,8})?", re.ASCII)
COUNTS: Final = frozenset({"trial_days", "months", "free_events"})
TIERED: Final = {
    "graduated": "unit_amount",
    "volume": "unit_amount",
    "graduated_percentage": "rate",
}
TERMS: Final[Mapping[str, tuple[str, ...]]] = {
    "flat": ("amount",),
    "standard": ("unit_amount", "free_units"),
    "graduated": (),
    "volume": (),
    "package": ("amount", "package_size", "free_units"),
    "percentage": ("rate", "fixed_amount", "free_events", "free_amount", "minimum", "maximum"),
    "graduated_percentage": (),
}


def read(data: QueryDict) -> dict[str, Any]:
    """The content that a form says, as it was typed; whether it is any content is for others to say."""
    tree = _listed(_tree(data))
    made: dict[str, Any] = {
        "currency": _text(tree.get("currency")).upper(),
        "charges": [_charge(one) for one in _objects(tree.get("charges"))],
        "commitment": _amount(tree.get("commitment")) or None,
        "cap": _amount(tree.get("cap")) or None,
        "trial_days": _count(tree.get("trial_days")) if _text(tree.get("trial_days")) else 0,
    }
    _name_keys(made["charges"])
    return made


def _tree(data: QueryDict) -> dict[Any, Any]:
    tree: dict[Any, Any] = {}
    for name in data:
        if _NAME.fullmatch(name):
            _put(tree, _TOKEN.findall(name), str(data[name]))
    return tree


def _put(tree: dict[Any, Any], tokens: list[str], value: str) -> None:
    *way, last = tokens
    for token in way:
        tree = tree.setdefault(token, {})
        if not isinstance(tree, dict):
            return
    tree.setdefault(last, value)


def _listed(tree: Any) -> Any:
    """Where all names are numbers, what they name in their order."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.startswith("[") for name in tree):
        return [_listed(tree[name]) for name in sorted(tree, key=lambda name: int(name[1:-1]))]
    return {name: _listed(value) for name, value in tree.items()}


def _objects(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _charge(said: Mapping[str, Any]) -> dict[str, Any]:
    metric = _text(said.get("metric"))
    model = _text(said.get("model")) if metric else "flat"
    ramp = [
        {"months": _count(one.get("months")), "terms": _terms(model, one.get("terms"))}
        for one in _objects(said.get("ramp"))
    ]
    return {
        "key": _text(said.get("key")),
        "name": _text(said.get("name")),
        "metric": metric,
        "model": model,
        "terms": _terms(model, said.get("terms")),
        "ramp": ramp,
        "included": _amount(said.get("included")) or "0",
        "due": _text(said.get("due")) or "arrears",
        "prorated": "prorated" in said,
        "once": "once" in said,
        "minimum": _amount(said.get("minimum")) or None,
        "cap": _amount(said.get("cap")) or None,
    }


def _terms(model: str, said: Any) -> dict[str, Any]:
    said = said if isinstance(said, dict) else {}
    if model in TIERED:
        return {"tiers": _tiers(said, TIERED[model])}
    made = {}
    for name in TERMS.get(model, ()):
        text = _text(said.get(name))
        if text:
            made[name] = _count(text) if name in COUNTS else _amount(text)
    return made


def _tiers(said: Mapping[str, Any], price: str) -> list[dict[str, Any]]:
    """As they were written; without any, one that goes on for ever at the price there was."""
    written = _objects(said.get("tiers"))
    if not written:
        before = _amount(said.get("unit_amount") or said.get("amount") or said.get("rate"))
        return [{"up_to": None, price: before or "0"}]
    return [_tier(one, price) for one in written]


def _tier(said: Mapping[str, Any], price: str) -> dict[str, Any]:
    other = "rate" if price == "unit_amount" else "unit_amount"
    made = {
        "up_to": _amount(said.get("up_to")) or None,
        price: _amount(said.get(price) or said.get(other)),
    }
    once = _amount(said.get("flat_amount"))
    return made | ({"flat_amount": once} if once and once != "0" else {})


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _amount(value: Any) -> str:
    """As contents write it, without what people write between thousands; anything else stays as it is."""
    text = _text(value)
    text = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    return plain_number(Decimal(text)) if _NUMBER.fullmatch(text) else text


def _count(value: Any) -> int | str:
    text = _amount(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _name_keys(charges: list[dict[str, Any]]) -> None:
    """A key for each charge that has none: its name, and a number where that is taken."""
    taken = {one["key"] for one in charges}
    for charge in charges:
        if not charge["key"] and charge["name"]:
            charge["key"] = next(one for one in _keys(charge["name"]) if one not in taken)
            taken.add(charge["key"])


def _keys(name: str) -> Iterator[str]:
    base = slugify(name)[:40] or "charge"
    yield base
    for number in count(2):
        yield f"{base}-{number}"


def place_id(place: str) -> str:
    """The id in the page of the field at this place."""
    return "at-" + re.sub(r"[^a-z0-9_]+", "-", place.lower()).strip("-")
