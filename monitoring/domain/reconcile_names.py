"""What an endpoint calls our items, by the crosswalks and products its documents go through."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.mapping.reads import lookups
from integrations.models import Binding

_USUAL: Final = "sku"
_ASKED_OF_OURS: Final = re.compile(r"\$lookup\(\s*[\"']([^\"']+)[\"']\s*,\s*sku\b")
_IN_TYPES: Final = ("inventory", "product", "shipment", "adjustment", "receipt", "order")
_OUT_TYPES: Final = ("order", "inventory", "availability", "shipment", "adjustment", "product")


@dataclass(frozen=True)
class Names:
    """`codes`: code → our SKU, as the endpoint says it; `aliases`: of these, what crosswalks say. `ours`:
    what is our own SKU by some crosswalk."""

    codes: Mapping[str, str]
    aliases: Mapping[str, str]
    ours: frozenset[str]


def of(config: Configuration, endpoint: EndpointConfig) -> Names:
    """Of one endpoint: by the tables of what comes in, then by its products as they were read, then by the
    tables of what goes out. A code that goes out for several of our SKUs is no name of any of them."""
    inward = _table(config, _tables_in(config, endpoint))
    outward = _table(config, _tables_out(config, endpoint))
    back = _backwards(outward)
    ours = frozenset(inward.values()) | frozenset(outward)
    return Names({**back, **_bound(endpoint), **inward}, {**back, **inward}, ours)


def _table(config: Configuration, names: Iterable[str]) -> dict[str, str]:
    rows: dict[str, str] = {}
    for name in names:
        view = config.lookups.get(name)
        if view is not None:
            rows = {**view.rows, **rows}
    return rows


def _tables_in(config: Configuration, endpoint: EndpointConfig) -> list[str]:
    """Which tables make SKUs of the endpoint's codes, those of stock first."""
    found = [
        name
        for object_type in _IN_TYPES
        for row in config.rows(endpoint.id, object_type, "in")
        if row.target.rpartition(".")[2] == "sku"
        for name in sorted(lookups(row.source))
    ]
    return list(dict.fromkeys([*found, _USUAL]))


def _tables_out(config: Configuration, endpoint: EndpointConfig) -> list[str]:
    """Which tables make the endpoint's codes of our SKUs."""
    found = [
        name
        for object_type in _OUT_TYPES
        for row in config.rows(endpoint.id, object_type, "out")
        for name in _ASKED_OF_OURS.findall(row.source)
    ]
    return list(dict.fromkeys(found))


def _backwards(table: Mapping[str, str]) -> dict[str, str]:
    skus: dict[str, list[str]] = {}
    for sku, code in table.items():
        skus.setdefault(code, []).append(sku)
    return {code: named[0] for code, named in skus.items() if len(named) == 1}


def _bound(endpoint: EndpointConfig) -> dict[str, str]:
    """What the endpoint calls our items, as its products were read."""
    found = Binding.objects.filter(endpoint_id=endpoint.id, object_type="product")
    return dict(found.values_list("remote_id", "record__number"))
