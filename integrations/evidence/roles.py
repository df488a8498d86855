"""What a field is for, by its name: the same change is harmless in a title and not in a number.

Reads canonical names and those of targets' own layouts (`qty`, `addr1`, `zip`).
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

_WORDS: Final = re.compile(r"[a-z]+|[0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
ADDRESSES: Final = frozenset({"ship_to", "bill_to", "mark_for", "ship_from", "sold_to"})


class Role(StrEnum):
    """`CODE` names one of few things that others know under it too (carrier, site); `ID` one of
    many. `ENUM` is a state or kind. `WORD` is any other text."""

    MONEY = "money"
    QUANTITY = "quantity"
    MEASURE = "measure"
    CURRENCY = "currency"
    UNIT = "unit"
    DATE = "date"
    ID = "id"
    CODE = "code"
    ENUM = "enum"
    PLACE = "place"
    NAME = "name"
    PROSE = "prose"
    WORD = "word"


NUMERIC: Final = frozenset({Role.MONEY, Role.QUANTITY, Role.MEASURE})


def _table(**names: str) -> dict[str, Role]:
    return {name: Role[role] for role, text in names.items() for name in text.split()}


_EXACT: Final = _table(
    PLACE="city region state postal_code postcode zip country county address street",
    NAME="name company contact email phone first_name last_name",
    WORD="service_level service routing method terms credit_terms tags payment",
    ID="list price_list order_id customer account value line_no reference",
    CODE="carrier scac site channel warehouse provider",
    UNIT="uom base_uom unit",
    CURRENCY="currency currency_code",
    ENUM="status type role audience level purpose condition credit_status disposition",
    MEASURE="weight height width length volume",
)
# The first word that is known decides: a `shipped_at` is a date before it is a quantity.
_BY_WORD: Final = _table(
    DATE="at date day time requested cancel expiry delivery due since until expected",
    PLACE="addr address street zip postal postcode city country region",
    PROSE="description descr desc title text note notes comment instruction instructions message"
    " remark memo reason label",
    UNIT="uom",
    ENUM="status state type",
    MONEY="total totals price amount discount shipping tax fee fees freight paid cost subtotal"
    " limit charge balance",
    QUANTITY="quantity qty hand committed reserved damaged hold stock incoming available ordered"
    " shipped short received delta factor allocated backordered count",
    ID="number no num sku item id ids ref account code lot bol tracking sscc gtin upc ean serial"
    " serials key slug barcode report vn",
)


@lru_cache(maxsize=4096)
def role_of(path: str) -> Role:
    """The role of the field at a general path, such as `lines[].unit_price`."""
    names = [part.strip("`").removesuffix("[]") for part in path.split(".")]
    name, parent = names[-1].lower(), names[-2].lower() if len(names) > 1 else ""
    if name == "lines" and parent == "totals":
        return Role.MONEY
    if name == "lines" and path.endswith("[]") and parent:
        return Role.PLACE
    if name == "value" and parent.removesuffix("[]") in {"weight", "height", "width", "length"}:
        return Role.MEASURE
    if name in _EXACT:
        return _EXACT[name]
    words = set(_WORDS.findall(_CAMEL.sub("_", names[-1]).lower()))
    return next((role for word, role in _BY_WORD.items() if word in words), Role.WORD)


@lru_cache(maxsize=4096)
def address_of(path: str) -> str:
    """The address group a path stands in, empty for none."""
    first = path.partition(".")[0]
    return first if first in ADDRESSES else ""
