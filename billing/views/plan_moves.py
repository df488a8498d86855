"""What the editor's buttons do to a draft's content: charges, tiers and steps of a ramp come, go and move."""

import re
from collections.abc import Callable
from typing import Any, Final

from billing.views.plan_fields import TIERED

Content = dict[str, Any]
_TERMS: Final = re.compile(r"charges\[(\d+)\](?:\.ramp\[(\d+)\])?\.terms")
_CHARGE: Final = re.compile(r"charges\[(\d+)\]")
_MOST: Final = 100


def move(content: Content, verb: str, place: str) -> bool:
    """Do what a button says at its place; False where there is no such thing to do."""
    doing = _VERBS.get(verb)
    try:
        return doing is not None and doing(content, place) is not False
    except (IndexError, LookupError, TypeError, ValueError):
        return False


def _add_charge(content: Content, place: str) -> None:
    if len(content["charges"]) >= _MOST:
        raise ValueError("There are many already.")
    content["charges"].append(
        {
            "key": "", "name": "", "metric": "", "model": "flat", "terms": {"amount": ""}, "ramp": [],
            "included": "0", "due": "arrears", "prorated": True, "once": False, "minimum": None, "cap": None,
        }
    )  # fmt: skip


def _remove_charge(content: Content, place: str) -> None:
    content["charges"].pop(_at(place))


def _shift(by: int) -> Callable[[Content, str], None]:
    def shift(content: Content, place: str) -> None:
        charges, at = content["charges"], _at(place)
        to = at + by
        if not 0 <= to < len(charges):
            raise IndexError(to)
        charges[at], charges[to] = charges[to], charges[at]

    return shift


def _add_tier(content: Content, place: str) -> None:
    """Before the last one, which stays without end."""
    charge, terms = _terms_at(content, place)
    price, tiers = TIERED[charge["model"]], terms["tiers"]
    if len(tiers) >= _MOST:
        raise ValueError("There are many already.")
    tiers.insert(max(len(tiers) - 1, 0), {"up_to": "", price: ""})


def _remove_tier(content: Content, place: str) -> None:
    of, _, number = place.rpartition(":")
    tiers = _terms_at(content, of)[1]["tiers"]
    if len(tiers) < 2:
        raise ValueError("One has to be there.")
    tiers.pop(int(number))
    tiers[-1]["up_to"] = None


def _add_ramp(content: Content, place: str) -> None:
    charge = content["charges"][_at(place)]
    tiered = charge["model"] in TIERED
    terms = {"tiers": [dict(one) for one in charge["terms"]["tiers"]]} if tiered else {}
    charge["ramp"].append({"months": 3, "terms": terms or dict(charge["terms"])})


def _remove_ramp(content: Content, place: str) -> None:
    of, _, number = place.rpartition(":")
    content["charges"][_at(of)]["ramp"].pop(int(number))


def _at(place: str) -> int:
    found = _CHARGE.match(place)
    if found is None:
        raise LookupError(place)
    return int(found[1])


def _terms_at(content: Content, place: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The charge, and its terms or those of a step of its ramp."""
    found = _TERMS.fullmatch(place)
    if found is None:
        raise LookupError(place)
    charge = content["charges"][int(found[1])]
    return charge, charge["terms"] if found[2] is None else charge["ramp"][int(found[2])]["terms"]


_VERBS: Final[dict[str, Callable[[Content, str], Any]]] = {
    "add-charge": _add_charge,
    "remove-charge": _remove_charge,
    "up": _shift(-1),
    "down": _shift(1),
    "add-tier": _add_tier,
    "remove-tier": _remove_tier,
    "add-ramp": _add_ramp,
    "remove-ramp": _remove_ramp,
}
