"""Who changed what a reconciliation compares, and from which worth on two people are asked."""

from collections.abc import Sequence
from decimal import Decimal

from integrations.views import spoken
from monitoring.models import ReconVersion


def log(versions: Sequence[ReconVersion], currency: str) -> list[dict[str, str]]:
    """A line for each, the newest first as they come: who, when, and what became of the limit."""
    before = [*versions[1:], None]
    return [
        {"label": f"Version {one.version}", "value": _line(one, earlier, currency)}
        for one, earlier in zip(versions, before, strict=True)
    ]


def _line(one: ReconVersion, earlier: ReconVersion | None, currency: str) -> str:
    limit, was = _limit(one, currency), _limit(earlier, currency) if earlier else ""
    changed = f"limit {was} → {limit}" if was not in ("", limit) else f"limit {limit}"
    return f"{one.actor}, {spoken.moment(one.at)}: {changed}"


def _limit(one: ReconVersion, currency: str) -> str:
    return spoken.money(Decimal(one.content["value_limit"]), currency)
