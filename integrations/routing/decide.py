"""One order, one decision."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from integrations.routing.case import Case, read_case
from integrations.routing.rank import DEFAULT_RANKING, Candidate, Ranking, Stock
from integrations.routing.rules import Rule, Rules
from integrations.routing.site import Quote, Site

Problem = Literal["insufficient_stock", "no_site_allowed"]

_NO_QUOTE = Quote()
_PLACES = ("chosen", "second", "third")
_SHORTAGES_TOLD = 3
_PAUSED = "not active"


class Decision(NamedTuple):
    """`ranked`: every site that could ship, best first. `reasons`: one sentence for each site, and
    a last one when none was chosen. `explanation` is the whole story, ready for JSON. `waits`: the
    chosen site is paused, and no other could ship the order."""

    chosen: str | None
    ranked: tuple[str, ...]
    reasons: tuple[str, ...]
    explanation: dict[str, Any]
    problem: Problem | None
    waits: bool = False


class _Limits(NamedTuple):
    """The matching rules, and which of them force a site and rank the others."""

    rules: list[Rule]
    force: Rule | None
    ranking: Ranking


def decide(
    order: Mapping[str, Any],
    *,
    sites: Sequence[Site],
    rules: Rules,
    stock: Stock,
    hazmat_skus: Collection[str],
    now: datetime,
    customer_group: str = "",
    item_tags: Mapping[str, Collection[str]] | None = None,
    quotes: Mapping[str, Quote] | None = None,
) -> Decision:
    """The site that ships `order`, and why (rules and ranking: docs/routing.md). A site that is not
    active is chosen only where no active one could ship: the order then waits for it.

    `order` is a canonical body, quantities in the unit of `stock`: what can still be promised per
    (site, SKU). `now` stands in the customer's time zone, for the weekday. `item_tags`: SKU → tags.
    `quotes`: site → what it offers for this order. The same arguments give the same decision.
    """
    case = read_case(
        order,
        hazmat_skus=hazmat_skus,
        item_tags=item_tags or {},
        customer_group=customer_group,
        now=now,
    )
    limits = _limits(rules.matching(case))
    rejected: dict[str, str] = {}
    fit: list[Candidate] = []
    paused: list[Candidate] = []
    short = False
    for site in sorted(sites, key=_fixed_order):
        if objections := _objections(site, limits):
            rejected[site.code] = ", ".join(objections)
        elif site.stocked and (shortages := _shortages(site, case, stock)):
            rejected[site.code] = shortages if site.active else f"{_PAUSED}, {shortages}"
            short = True
        else:
            quote = quotes.get(site.code, _NO_QUOTE) if quotes else _NO_QUOTE
            (fit if site.active else paused).append(Candidate(site, case, stock, quote))
    if fit:
        rejected |= {one.site.code: _PAUSED for one in paused}
    return _decision(fit or paused, rejected=rejected, limits=limits, short=short)


def _fixed_order(site: Site) -> tuple[int, str]:
    return site.order, site.code


def _limits(matching: list[Rule]) -> _Limits:
    force = next((rule for rule in matching if rule.force), None)
    ranking = next((rule.ranking for rule in matching if rule.ranking), DEFAULT_RANKING)
    return _Limits(matching, force, ranking)


def _objections(site: Site, limits: _Limits) -> list[str]:
    """Why the site may not ship the order. A forced site overrules `allow` and `exclude`, which
    say where an order should go, but no required flag: that says what a site may legally hold."""
    found: list[str] = []
    if limits.force is None:
        for rule in limits.rules:
            if rule.allow and site.code not in rule.allow:
                found.append(f"not allowed (rule {rule.n})")
            if site.code in rule.exclude:
                found.append(f"excluded (rule {rule.n})")
    elif limits.force.force != site.code:
        found.append(f"{limits.force.force} is forced (rule {limits.force.n})")
    for rule in limits.rules:
        found += [
            f"{flag} flag missing (rule {rule.n})" for flag in rule.flags if flag not in site.flags
        ]
    return found if site.active or not found else [_PAUSED, *found]


def _shortages(site: Site, case: Case, stock: Stock) -> str:
    code = site.code
    short = [
        (sku, need, have)
        for sku, need in case.needs.items()
        if (have := stock.get((code, sku), 0)) < need
    ]
    told = [f"{sku} needs {need}, has {have}" for sku, need, have in short[:_SHORTAGES_TOLD]]
    if len(short) > _SHORTAGES_TOLD:
        told.append(f"{len(short) - _SHORTAGES_TOLD} more short")
    return ", ".join(told)


def _decision(
    fit: list[Candidate], *, rejected: dict[str, str], limits: _Limits, short: bool
) -> Decision:
    ranked = {one.site.code: _praise(one, limits) for one in limits.ranking.sort(fit)}
    chosen = next(iter(ranked), None)
    reasons = [f"{code} rejected: {why}" for code, why in rejected.items()]
    reasons += [f"{code} {_place(n)}: {why}" for n, (code, why) in enumerate(ranked.items())]
    problem: Problem | None = None
    if chosen is None:
        problem = "insufficient_stock" if short else "no_site_allowed"
        reasons.append(_problem_text(problem, rejected=rejected, limits=limits))
    explanation = {
        "chosen": chosen,
        "problem": problem,
        "text": "; ".join(reasons),
        "rules": [rule.n for rule in limits.rules],
        "rank": list(limits.ranking.names),
        "sites": _sites(ranked, rejected=rejected),
    }
    waits = bool(fit) and not fit[0].site.active
    return Decision(chosen, tuple(ranked), tuple(reasons), explanation, problem, waits)


def _sites(ranked: dict[str, str], *, rejected: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"site": code, "place": place, "why": why}
        for place, (code, why) in enumerate(ranked.items(), start=1)
    ] + [{"site": code, "place": None, "why": why} for code, why in rejected.items()]


def _praise(one: Candidate, limits: _Limits) -> str:
    text = limits.ranking.explain(one)
    if limits.force is not None:
        text = f"forced (rule {limits.force.n}), {text}"
    return text if one.site.active else f"paused, the order waits for it, {text}"


def _place(place: int) -> str:
    return _PLACES[place] if place < len(_PLACES) else f"number {place + 1}"


def _problem_text(problem: Problem, *, rejected: dict[str, str], limits: _Limits) -> str:
    if problem == "insufficient_stock":
        return "insufficient stock: no allowed site can ship every line"
    force = limits.force
    if force is not None and force.force not in rejected:
        return f"no site allowed: {force.force}, forced by rule {force.n}, is not a site here"
    return "no site allowed" if rejected else "no site allowed: there is no site"
