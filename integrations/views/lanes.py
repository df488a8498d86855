"""The picture of a journey: lanes are systems, steps run left to right."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from integrations.connectors import registry
from integrations.models import Endpoint
from integrations.queries.steps import Step
from integrations.views import spoken
from integrations.views.addresses import with_values
from portal.core import manner

MOST_LANES = 6
WORTH_SAYING = timedelta(minutes=5)
KINDS = {
    "storefront": "Store",
    "marketplace": "Marketplace",
    "erp": "ERP",
    "warehouse": "Warehouse",
    "shipping": "Carrier",
    "trading partner": "Partner",
}


def lanes(
    request: Any, steps: list[Step], *, source_id: int | None, chosen: Step | None
) -> dict[str, Any]:
    """The context of components/lanes.html."""
    systems = _systems(steps, source_id)
    numbers = {system.pk if system else None: n for n, system in enumerate(systems, start=1)}
    hub_name = request.tenant.name
    return {
        "systems": [_name(system, hub_name) for system in systems],
        "hub": numbers[None],
        "steps": [
            {
                **_step(step, numbers, hub_name),
                "url": with_values(request, step=step.key) if step.key else "",
                "at": _at(step, steps[index - 1] if index else None),
                "gap": _gap(step, steps[index - 1] if index else None),
                "current": step is chosen,
            }
            for index, step in enumerate(steps)
        ],
    }


def _systems(steps: list[Step], source_id: int | None) -> list[Endpoint | None]:
    """The order's source, the hub, then the others as they first appear. Lanes are few: what does
    not fit shares the last one."""
    seen = {e.pk: e for step in steps for e in (step.source, step.target) if e is not None}
    first = [seen.pop(source_id)] if source_id in seen else []
    return [*first, None, *seen.values()][:MOST_LANES]


def _name(system: Endpoint | None, hub_name: str) -> dict[str, str]:
    if system is None:
        return {"name": "Hub", "second": hub_name}
    manifest = registry.get(system.connector).manifest
    kind = KINDS.get(manifest.category)
    if kind is None:
        return {"name": system.label, "second": manifest.label}
    says_it = manifest.label.startswith(system.label)
    second = manifest.label if says_it else f"{system.label} · {manifest.label}"
    return {"name": kind, "second": second}


def _step(step: Step, numbers: dict[int | None, int], hub_name: str) -> dict[str, Any]:
    def lane(endpoint: Endpoint | None) -> int:
        return numbers.get(endpoint.pk if endpoint else None, MOST_LANES)

    return {
        "word": step.word,
        "source": lane(step.source),
        "target": lane(step.target),
        "source_name": step.source.label if step.source else hub_name,
        "target_name": step.target.label if step.target else hub_name,
        "state": step.state,
    }


def _at(step: Step, before: Step | None) -> str:
    """The time, with the day where it is another one than the step before."""
    if step.at is None:
        return f"from {spoken.moment(step.due)}" if step.due else "to come"
    local = timezone.localtime(step.at)
    text = manner.time(local, seconds=True)
    if before is None or before.at is None or _day(before.at) != _day(step.at):
        return f"{manner.weekday(local)} {text}"
    return text


def _day(at: datetime) -> Any:
    return timezone.localtime(at).date()


def _gap(step: Step, before: Step | None) -> str:
    if before is None:
        return ""
    if step.at is None:
        return "expected" if before.at is not None else ""
    passed = step.at - before.at if before.at else timedelta(0)
    return spoken.span(passed) if passed >= WORTH_SAYING else ""
