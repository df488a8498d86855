"""How sites that may ship an order are compared."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from integrations.routing.case import Case, place_code
from integrations.routing.site import Quote, Site

Stock = Mapping[tuple[str, str], Decimal]


class Candidate(NamedTuple):
    """A site that may ship the order: its stock is enough, or unknown."""

    site: Site
    case: Case
    stock: Stock
    quote: Quote


class Criterion(NamedTuple):
    """`key` sorts candidates, best first; `text` says the same to a person."""

    key: Callable[[Candidate], Any]
    text: Callable[[Candidate], str]


def _complete_key(one: Candidate) -> bool:
    return not one.site.stocked


def _complete_text(one: Candidate) -> str:
    return "complete" if one.site.stocked else "stock unknown"


def _promise_key(one: Candidate) -> int:
    if not one.case.promised or one.quote.arrives is None:
        return 1
    return 0 if one.quote.arrives.isoformat() <= one.case.promised else 2


def _promise_text(one: Candidate) -> str:
    if not one.case.promised:
        return "no promise made"
    if one.quote.arrives is None:
        return "arrival unknown"
    verdict = "met" if _promise_key(one) == 0 else "missed"
    return f"promise {one.case.promised} {verdict}"


def _cost_key(one: Candidate) -> tuple[bool, Decimal]:
    cost = one.quote.cost
    return (True, Decimal(0)) if cost is None else (False, cost)


def _cost_text(one: Candidate) -> str:
    return "cost unknown" if one.quote.cost is None else f"cost {one.quote.cost}"


def _drained(one: Candidate) -> tuple[Decimal, str]:
    """The share of stock the order takes of the SKU it drains hardest, and that SKU."""
    site, stock = one.site.code, one.stock
    return max([(need / stock[site, sku], sku) for sku, need in one.case.needs.items()])


def _balance_key(one: Candidate) -> tuple[bool, Decimal]:
    return (False, _drained(one)[0]) if one.site.stocked else (True, Decimal(0))


def _balance_text(one: Candidate) -> str:
    if not one.site.stocked:
        return "balance unknown"
    share, sku = _drained(one)
    return f"leaves {int((1 - share) * 100)}% of {sku}"


def _same_region(one: Candidate) -> bool:
    return place_code(one.site.region) in one.case.region


def _region_key(one: Candidate) -> bool:
    return not _same_region(one)


def _region_text(one: Candidate) -> str:
    return "same region" if _same_region(one) else "other region"


def _order_key(one: Candidate) -> int:
    return one.site.order


def _order_text(one: Candidate) -> str:
    return f"site order {one.site.order}"


CRITERIA: dict[str, Criterion] = {
    "complete": Criterion(_complete_key, _complete_text),
    "promise": Criterion(_promise_key, _promise_text),
    "landed_cost": Criterion(_cost_key, _cost_text),
    "balance": Criterion(_balance_key, _balance_text),
    "region": Criterion(_region_key, _region_text),
    "site_order": Criterion(_order_key, _order_text),
}


class Ranking:
    """Criteria in the order they count.

    Where a list leaves `complete` out it stands first, so that a site of unknown stock never goes
    before one that surely can ship; `site_order` ends every list, so that no tie is left open.
    """

    def __init__(self, names: list[str]) -> None:
        first = [] if "complete" in names else ["complete"]
        last = [] if "site_order" in names else ["site_order"]
        self.names = (*first, *names, *last)
        self._keys = [CRITERIA[name].key for name in self.names]
        self._texts = [CRITERIA[name].text for name in self.names]

    def sort(self, candidates: list[Candidate]) -> list[Candidate]:
        """Best first. Equal by every criterion: by site code."""
        if len(candidates) < 2:
            return candidates
        return sorted(candidates, key=self._key)

    def explain(self, candidate: Candidate) -> str:
        return ", ".join([text(candidate) for text in self._texts])

    def _key(self, candidate: Candidate) -> tuple[Any, ...]:
        return (*[key(candidate) for key in self._keys], candidate.site.code)


DEFAULT_RANKING = Ranking(["complete", "site_order"])
