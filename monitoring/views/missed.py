"""What was missed, one by one: when, how late, by whom, why, and where it leads."""

from collections.abc import Sequence
from typing import Any, Final

from integrations.models import Endpoint
from integrations.views import spoken
from monitoring import slo
from monitoring.models import DayBooks, Leg, Outage
from monitoring.queries import promise_evidence
from monitoring.views import promise_words as words
from portal.core import manner

MOST: Final = 100


def shown(found: slo.Result) -> dict[str, Any]:
    """{rows, more, excluded} of a window: the misses in order, and what was agreed not to count."""
    misses = sorted(found.tally.misses, key=lambda miss: miss.at)
    links = _links(misses[:MOST])
    return {
        "rows": [_miss(miss, links) for miss in misses[:MOST]],
        "more": max(0, len(misses) - MOST),
        "excluded": _left_out(found),
    }


def _miss(miss: slo.Miss, links: dict[str, tuple[str, str]]) -> dict[str, Any]:
    label, url = links.get(miss.id, (miss.id, ""))
    proof, proof_url = links.get(miss.proof, ("", ""))
    shares = {party: getattr(miss.shares, party) for party in slo.PARTIES}
    whole = sum(shares.values())
    return {
        "label": label,
        "url": url,
        "at": spoken.moment(miss.at),
        "late": _late(miss),
        "who": ", ".join(
            words.PARTIES[party]
            if share == whole
            else f"{words.PARTIES[party]} {float(share / whole):.0%}"
            for party, share in shares.items()
            if share
        ).replace("%", " %"),
        "reason": miss.reason,
        "proof": proof if proof_url != url else "",
        "proof_url": proof_url,
    }


def _late(miss: slo.Miss) -> str:
    if miss.late is None:
        return f"{float(miss.amount):,.4g}"
    late = words.length(miss.late)
    return f"{late} so far" if miss.still_open else late


def _left_out(found: slo.Result) -> list[str]:
    left: dict[str, list[float]] = {}
    for one in found.tally.excluded:
        sums = left.setdefault(one.text, [0, 0])
        sums[0] += float(one.minutes)
        sums[1] += one.things
    unit = found.objective.sli.unit
    return [
        f"{text}: {manner.number(minutes)} min"
        + (f", {manner.number(things)} {unit}" if things else "")
        for text, (minutes, things) in left.items()
    ]


def _links(misses: Sequence[slo.Miss]) -> dict[str, tuple[str, str]]:
    """Where an id of evidence leads: to the order, the case, the endpoint."""
    ids = {one for miss in misses for one in (miss.id, miss.proof) if one}
    found: dict[str, tuple[str, str]] = {}
    for leg in Leg.objects.filter(pk__in=promise_evidence.leg_ids(ids)):
        url = f"/orders/{leg.order_id}/" if leg.order_id else ""
        found[f"leg-{leg.pk}"] = (leg.number or f"leg-{leg.pk}", url)
    for one in ids:
        kind, _, rest = one.partition("-")
        if kind == "case":
            number = rest.split("-")[0]
            found[one] = (f"C-{number}", f"/cases/{number}/")
        elif kind == "run":
            number = rest.split("-")[0]
            found[one] = (f"Run {number}", f"/reconciliation/runs/{number}/")
    return found | _endpoints(ids) | _books(ids)


def _books(ids: set[str]) -> dict[str, tuple[str, str]]:
    """A day's books lead to the first document that is missing in them."""
    numbers = [int(one.removeprefix("books-")) for one in ids if one.startswith("books-")]
    return {
        f"books-{one.pk}": (f"Books of {one.day:%-d %b}", f"/messages/{one.found[0][0]}/raw/")
        for one in DayBooks.objects.filter(pk__in=numbers)
        if one.found
    }


def _endpoints(ids: set[str]) -> dict[str, tuple[str, str]]:
    outages = [int(one.removeprefix("outage-")) for one in ids if one.startswith("outage-")]
    direct = [int(one.removeprefix("endpoint-")) for one in ids if one.startswith("endpoint-")]
    by_outage = dict(Outage.objects.filter(pk__in=outages).values_list("pk", "endpoint_id"))
    known = Endpoint.objects.in_bulk({*by_outage.values(), *direct})
    ends = {f"outage-{pk}": end for pk, end in by_outage.items()}
    ends |= {f"endpoint-{pk}": pk for pk in direct}
    return {
        one: (known[end].label, f"/endpoints/{known[end].slug}/")
        for one, end in ends.items()
        if end in known
    }
