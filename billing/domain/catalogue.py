"""The metrics that usage is counted by: the product's own, and those that somebody adds."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery

from billing.catalogue import METRICS
from billing.models import Metric, PlanVersion, Subscription
from portal.core import clock

_OWN: Final = frozenset(one.code for one in METRICS)
A = Metric.Aggregation
_OF_A_FIELD: Final = (A.UNIQUE, A.LATEST, A.TIME_WEIGHTED)


class NotChangedError(ValueError):
    """The metric cannot be changed so; the text says why."""


def ensure_metrics() -> None:
    """Make sure that the product's metrics are there. What is there is left as it is."""
    known = set(Metric.objects.values_list("code", flat=True))
    if missing := [one for one in METRICS if one.code not in known]:
        Metric.objects.bulk_create(
            [
                Metric(
                    code=one.code, name=one.name, unit=one.unit, kinds=list(one.kinds),
                    aggregation=one.aggregation, field=one.field, filters=dict(one.filters),
                )
                for one in missing
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def is_own(metric: Metric) -> bool:
    """Whether it came with the product."""
    return metric.code in _OWN


def add_metric(
    code: str, *, name: str, unit: str, kinds: Sequence[str], aggregation: str, field: str = "",
    filters: Mapping[str, Sequence[str]] | None = None,
) -> Metric:  # fmt: skip
    """A metric of one's own. NotChangedError for a code that is taken, no kinds, different values of no
    field, and what is too long."""
    if Metric.objects.filter(code=code).exists():
        raise NotChangedError(f"There is a metric {code} already. Choose another code.")
    if not kinds:
        raise NotChangedError("Say of which kind the facts are that it counts.")
    if aggregation == A.UNIQUE and not field:
        raise NotChangedError("Say of which field different values are counted.")
    if field and aggregation not in _OF_A_FIELD:
        raise NotChangedError(
            "Only different values, latest and average over time look at a field."
        )
    made = Metric(
        code=code, name=name, unit=unit, kinds=list(kinds), aggregation=aggregation, field=field,
        filters={key: list(values) for key, values in (filters or {}).items()},
    )  # fmt: skip
    try:
        made.full_clean(exclude=["archived_at"])
    except ValidationError as error:
        raise NotChangedError(" ".join(error.messages)) from None
    made.save()
    return made


def archive_metric(metric: Metric) -> None:
    """No new price counts by it. NotChangedError while a plan that is sold does."""
    if users := used_by().get(metric.code):
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        raise NotChangedError(
            f"{users[0]}{more} counts by {metric.name}. Take it out of the plan first."
        )
    metric.archived_at = clock.now()
    metric.save(update_fields=["archived_at"])


def bring_back_metric(metric: Metric) -> None:
    metric.archived_at = None
    metric.save(update_fields=["archived_at"])


def used_by() -> dict[str, list[str]]:
    """By the code of a metric the plans that count by it: in drafts, in what is sold or somebody has."""
    newest = PlanVersion.objects.filter(plan=OuterRef("plan"), state=PlanVersion.State.PUBLISHED)
    sold = Q(pk=Subquery(newest.order_by("-number").values("pk")[:1]), plan__archived_at=None)
    had = Q(pk__in=Subscription.objects.values("version"))
    open_ = ~Q(state=PlanVersion.State.PUBLISHED)
    found: dict[str, list[str]] = {}
    for version in PlanVersion.objects.filter(open_ | sold | had).select_related("plan"):
        for code in {charge["metric"] for charge in version.content["charges"]} - {""}:
            names = found.setdefault(code, [])
            if version.plan.name not in names:
                names.append(version.plan.name)
    return {code: sorted(names) for code, names in found.items()}
