"""The one door: a kind, two lists, and what is already known."""

from collections.abc import Callable, Mapping, Sequence

from integrations.matching.carriers import rate_carriers
from integrations.matching.decide import decide
from integrations.matching.items import Item, Kind, Match, Rated
from integrations.matching.sites import rate_sites
from integrations.matching.skus import rate_skus
from integrations.matching.units import rate_units

Rate = Callable[[Sequence[Item], Sequence[Item]], list[list[Rated]]]

_RATES: dict[Kind, Rate] = {
    "sku": rate_skus,
    "uom": rate_units,
    "carrier": rate_carriers,
    "site": rate_sites,
}
# Several words of a partner may mean one unit or carrier; an article or a site is one thing.
_ONE_TO_ONE: frozenset[Kind] = frozenset({"sku", "site"})


def match(
    kind: Kind, remotes: Sequence[Item], ours: Sequence[Item], *, known: Mapping[str, str]
) -> list[Match]:
    """One `Match` for every item of `remotes`, in their order.

    `known` (remote code → our code) holds as long as our code is in `ours`; an item of ours that
    it names is taken, where matching is one-to-one. Raises KeyError for an unknown `kind`.
    """
    place = {item.code: at for at, item in enumerate(ours)}
    fixed = [place.get(known[item.code]) if item.code in known else None for item in remotes]
    open_ones = [item for item, at in zip(remotes, fixed, strict=True) if at is None]
    rated = iter(_RATES[kind](open_ones, ours))
    return decide(
        remotes,
        ours,
        rated=[
            next(rated) if at is None else [Rated(at, 1.0, True, "Already in the lookup.")]
            for at in fixed
        ],
        taken={at for at in fixed if at is not None},
        one_to_one=kind in _ONE_TO_ONE,
    )
