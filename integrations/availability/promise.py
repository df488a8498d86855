"""Available to promise: what the sites report less what is spoken for."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

_NOTHING = Decimal(0)


class Level(NamedTuple):
    """One site's stock of one SKU, over all lots, in one unit, as the site reported it at `as_of`.

    `committed`: what the site itself holds for orders. `safety`: what is never promised.
    """

    site: str
    on_hand: Decimal
    committed: Decimal
    safety: Decimal
    as_of: datetime


class Reserved(NamedTuple):
    """One order line's claim on a site's stock, in the unit of the level.

    hard: the warehouse has not been told. sent: it was told at `changed_at`. Stock shipped after
    the latest report is still in that report's `on_hand`: hand its claim in as sent, with the time
    it was sent, until a newer report is there.
    """

    site: str
    quantity: Decimal
    state: Literal["hard", "sent"]
    changed_at: datetime


class SiteFigures(NamedTuple):
    """The sum of one site; `available` is never below zero."""

    level: Level
    reserved: Decimal
    available: Decimal


def site_figures(levels: Iterable[Level], reservations: Iterable[Reserved]) -> list[SiteFigures]:
    """Per site max(0, on hand − committed − reserved − safety), in the order of `levels`.

    A hard claim always counts. A sent one counts while it is newer than the report: the site's own
    committed figure cannot hold it yet. Claims on sites without a level are left out. Raises
    ValueError for a second level of one site.
    """
    by_site: dict[str, Level] = {}
    for level in levels:
        if by_site.setdefault(level.site, level) is not level:
            raise ValueError(f"two levels for site {level.site}: add up its lots first")
    reserved = dict.fromkeys(by_site, _NOTHING)
    for claim in reservations:
        held_at = by_site.get(claim.site)
        if held_at and (claim.state == "hard" or claim.changed_at > held_at.as_of):
            reserved[claim.site] += claim.quantity
    return [_figures(level, reserved[level.site]) for level in by_site.values()]


def atp(levels: Iterable[Level], reservations: Iterable[Reserved]) -> Decimal:
    """What all sites together can promise. A site below zero counts as zero, so that it never
    takes from the others. Raises as `site_figures`."""
    figures = site_figures(levels, reservations)
    return sum((one.available for one in figures), _NOTHING)


def _figures(level: Level, reserved: Decimal) -> SiteFigures:
    free = level.on_hand - level.committed - reserved - level.safety
    return SiteFigures(level, reserved, max(_NOTHING, free))
