"""A customer's own stock, item by item and site by site. Reads only what the customer's role may read.

Items are paged in the order of their numbers, so that a page costs the same in any catalogue; which items
run low is asked of all of it, in one query.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from integrations.availability import Level, site_figures
from integrations.domain import stock
from integrations.models import Record

SIZE = 100
_LEVELS = """
    SELECT body->>'sku', body->>'site', sum((body->>'on_hand')::numeric),
        sum(coalesce((body->>'committed')::numeric, 0)),
        sum(coalesce((body->>'reserved')::numeric, 0) + coalesce((body->>'damaged')::numeric, 0)
            + coalesce((body->>'quality_hold')::numeric, 0)),
        sum(coalesce((body->>'safety_stock')::numeric, 0)), sum((body->>'incoming')::numeric),
        min((body->>'as_of')::timestamptz)
    FROM integrations_record
    WHERE customer_id = %s AND object_type = 'inventory' AND number = ANY(%s)
        AND (%s = '' OR party = %s)
    GROUP BY 1, 2 ORDER BY 1, 2
"""
# What is open counts in full here, and only what the site does not know yet in the figures: so this finds
# all that run low and a few that do not.
_MAY_BE_LOW = """
    WITH held AS (
        SELECT sku, site, sum(quantity) AS quantity FROM integrations_reservation
        WHERE customer_id = %(customer)s AND (state IN ('hard', 'sent')
            OR (state = 'consumed' AND changed_at > now() - make_interval(hours => %(hours)s)))
        GROUP BY 1, 2),
    level AS (
        SELECT number, party, sum((body->>'on_hand')::numeric - coalesce((body->>'committed')::numeric, 0)
            - coalesce((body->>'reserved')::numeric, 0) - coalesce((body->>'damaged')::numeric, 0)
            - coalesce((body->>'quality_hold')::numeric, 0)
            - coalesce((body->>'safety_stock')::numeric, 0)) AS left_over
        FROM integrations_record
        WHERE customer_id = %(customer)s AND object_type = 'inventory'
            AND (%(site)s = '' OR party = %(site)s)
        GROUP BY 1, 2)
    SELECT l.number FROM level l LEFT JOIN held h ON h.sku = l.number AND h.site = l.party
    WHERE l.left_over - coalesce(h.quantity, 0) <= %(low)s
    ORDER BY l.left_over - coalesce(h.quantity, 0), l.number LIMIT %(most)s
"""


class Stock(NamedTuple):
    """One item at one site. `available` is what a new order could take; `incoming` None: not known."""

    sku: str
    site: str
    available: Decimal
    reserved: Decimal
    incoming: Decimal | None
    as_of: datetime


class Page(NamedTuple):
    """Items in the order of their numbers. `after`: where the next page begins, blank for none."""

    rows: list[Stock]
    after: str


def page(customer_id: int, *, site: str = "", text: str = "", after: str = "") -> Page:
    """The items behind `after`, of one site or all, whose number or name holds the text."""
    wanted = _items(customer_id, site=site, text=text).filter(number__gt=after)
    skus = list(wanted.values_list("number", flat=True).order_by("number").distinct()[: SIZE + 1])
    rows = of(customer_id, skus[:SIZE], site=site)
    return Page(rows, skus[SIZE - 1] if len(skus) > SIZE else "")


def _items(customer_id: int, *, site: str, text: str) -> QuerySet[Record]:
    found = Record.objects.filter(customer_id=customer_id, object_type="inventory")
    if site:
        found = found.filter(party=site)
    if text:
        named = Record.objects.filter(
            customer_id=customer_id, object_type="product", body__title__icontains=text
        )
        found = found.filter(Q(number__icontains=text) | Q(number__in=named.values("number")))
    return found


def of(customer_id: int, skus: Sequence[str], *, site: str = "") -> list[Stock]:
    """These items at their sites, by number and site."""
    if not skus:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, [customer_id, list(skus), site, site])
        rows = cursor.fetchall()
    found: dict[str, list[Level]] = {}
    coming: dict[tuple[str, str], Decimal | None] = {}
    for sku, at, on_hand, committed, blocked, safety, incoming, as_of in rows:
        found.setdefault(sku, []).append(Level(at, on_hand - blocked, committed, safety, as_of))
        coming[sku, at] = incoming
    return list(_figures(customer_id, found, coming))


def _figures(
    customer_id: int,
    found: dict[str, list[Level]],
    coming: dict[tuple[str, str], Decimal | None],
) -> Iterable[Stock]:
    held = stock.reserved(customer_id, found)
    for sku, levels in found.items():
        for one in site_figures(levels, held.get(sku, [])):
            level = one.level
            taken = level.committed + one.reserved
            incoming = coming[sku, level.site]
            yield Stock(sku, level.site, one.available, taken, incoming, level.as_of)


def low(customer_id: int, *, at_most: Decimal, site: str = "", most: int = 20) -> list[Stock]:
    """Those of which no more than `at_most` are available, the fewest first."""
    asked: dict[str, int | str | Decimal] = {
        "customer": customer_id, "low": at_most, "site": site, "most": most * 5,
        "hours": stock.REPORTS_COME_WITHIN_HOURS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MAY_BE_LOW, asked)
        skus = [row[0] for row in cursor.fetchall()]
    found = [one for one in of(customer_id, skus, site=site) if one.available <= at_most]
    return sorted(found, key=lambda one: (one.available, one.sku, one.site))[:most]


def sites(customer_id: int) -> list[str]:
    """The sites that report stock."""
    found = Record.objects.filter(customer_id=customer_id, object_type="inventory")
    return sorted(set(found.order_by("party").values_list("party", flat=True).distinct()))


def everything(customer_id: int, *, site: str = "", text: str = "") -> Iterable[Stock]:
    """All pages, one after the other."""
    after = ""
    while True:
        found = page(customer_id, site=site, text=text, after=after)
        yield from found.rows
        if not found.after:
            return
        after = found.after
