"""The figures of a run as they are kept: exact as text, for pages and charts."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from monitoring.domain.reconcile_scope import Scope
from monitoring.models import ReconRun
from monitoring.reconcile import Judged, Oversell, Result, Seen, amount, drift, metrics, text

SUSPECTED_WITHIN: Final = timedelta(days=35)
DRIFT_WITHIN: Final = timedelta(days=30)
_KEPT_RISKS: Final = 100


def of_stock(
    scope: Scope, result: Result, judged: Sequence[Judged], risks: Sequence[Oversell]
) -> dict[str, Any]:
    """Rates as text of six places, quantities exact. `sites`: by location, with the drift a day or None."""
    found = metrics(result, judged)
    return {
        "by_sku": _rate(found.by_sku),
        "by_value": _rate(found.by_value),
        "variance": _rate(found.variance),
        "net": text(found.net),
        "off_value": str(found.off_value),
        "mean_age_days": _rate(found.mean_age),
        "phantom": found.phantom,
        "pairs": sum(tally.pairs for tally in result.tallies.values()),
        "agreed": sum(tally.agreed for tally in result.tallies.values()),
        "oversell": len(risks),
        "oversell_units": text(sum((one.short for one in risks), 0)),
        "risks": [[one.channel, one.sku, text(one.published), text(one.available)]
                  for one in risks[:_KEPT_RISKS]],
        "sites": {
            site: {
                "pairs": tally.pairs,
                "agreed": tally.agreed,
                "net": text(tally.net),
                "off": text(tally.off),
                "drift": _rate(_drift(scope, site, Seen(result.at, tally.net))),
            }
            for site, tally in result.tallies.items()
        },
    }  # fmt: skip


def _drift(scope: Scope, site: str, now: Seen) -> Fraction | None:
    """From the full runs of the last month, this one the last; None of a light run, which sums up less."""
    if scope.run.light:
        return None
    since = scope.at - DRIFT_WITHIN
    runs = ReconRun.objects.filter(
        reconciliation_id=scope.run.reconciliation_id,
        state=ReconRun.State.DONE,
        light=False,
        of=None,
        at__gte=since,
        at__lt=scope.at,
    ).order_by("at")
    seen = [
        Seen(at, amount(figures["sites"][site]["net"]))
        for at, figures in runs.values_list("at", "figures")
        if at and site in figures.get("sites", {})
    ]
    return drift([*seen, now])


def _rate(value: Fraction | None) -> str | None:
    return None if value is None else f"{float(value):.6f}"


def of_entries(breaks: Sequence[Any], *, compared: int, hours: int | None = None) -> dict[str, Any]:
    """Of a comparison of documents: how many were compared, and how many have a break. `hours`: how many
    were looked into, of a comparison that looks at sums by the hour first."""
    touched = len({entry.subject for entry in breaks})
    share = Fraction(compared - touched, compared) if compared else None
    return {
        "pairs": compared,
        "agreed": max(0, compared - touched),
        "by_sku": _rate(share),
        **({} if hours is None else {"hours": hours}),
    }
