"""An objective as an OpenSLO v1 document, written out.

Two things the standard leaves to its users: `alertAfter` is the short window that confirms an alert, and a
target of 1 is allowed, where nothing may go wrong. `openslo_read` reads the same.
"""

from typing import Any, Final

from monitoring.slo import shorthand
from monitoring.slo.burn import Policy
from monitoring.slo.objective import Objective
from monitoring.slo.windows import TimeWindow

VERSION: Final = "openslo/v1"
SOURCE: Final = "recorded-events"
JUDGED_BY: Final = "judged-by"
START: Final = "2024-01-01 00:00:00"  # a Monday, and the first of a month and a quarter


def to_openslo(objective: Objective) -> dict[str, Any]:
    """The objective as plain JSON; limits in seconds."""
    return {
        "apiVersion": VERSION,
        "kind": "SLO",
        "metadata": {
            "name": objective.name,
            "displayName": objective.title,
            "annotations": {JUDGED_BY: objective.judged_by},
        },
        "spec": {
            "service": objective.service,
            "indicator": _indicator(objective),
            "timeWindow": [_window(objective.window)],
            "budgetingMethod": objective.method,
            "objectives": [_target(objective)],
            "alertPolicies": [_policy(policy) for policy in objective.policies],
        },
    }


def _indicator(objective: Objective) -> dict[str, Any]:
    source = {"metricSource": {"type": SOURCE, "spec": {"sli": objective.sli.name}}}
    if "" in objective.limits:
        return {"metadata": {"name": objective.sli.name}, "spec": {"thresholdMetric": source}}
    limits = {grade: int(limit.total_seconds()) for grade, limit in objective.limits.items()}
    good = {"sli": objective.sli.name} | ({"limits": limits} if limits else {})
    ratio = {
        "counter": True,
        "good": {"metricSource": {"type": SOURCE, "spec": good}},
        "total": source,
    }
    return {"metadata": {"name": objective.sli.name}, "spec": {"ratioMetric": ratio}}


def _window(window: TimeWindow) -> dict[str, Any]:
    duration = f"{window.count}{window.unit}"
    if window.rolling:
        return {"duration": duration, "isRolling": True}
    calendar = {"startTime": START, "timeZone": window.zone}
    return {"duration": duration, "isRolling": False, "calendar": calendar}


def _target(objective: Objective) -> dict[str, Any]:
    found: dict[str, Any] = {"target": float(objective.target)}
    if "" in objective.limits:
        found |= {"op": "lte", "value": int(objective.limit.total_seconds())}
    if objective.slice_target is not None:
        found["timeSliceTarget"] = float(objective.slice_target)
    if objective.slice_window is not None:
        found["timeSliceWindow"] = shorthand.write(objective.slice_window)
    return found


def _policy(policy: Policy) -> dict[str, Any]:
    condition = {
        "kind": "burnrate",
        "op": "gt",
        "threshold": float(policy.rate),
        "lookbackWindow": shorthand.write(policy.long),
        "alertAfter": shorthand.write(policy.short),
    }
    inline = {
        "kind": "AlertCondition",
        "metadata": {"name": f"{policy.name}-burn"},
        "spec": {"severity": policy.severity, "condition": condition},
    }
    spec = {
        "alertWhenBreaching": True,
        "conditions": [inline],
        "notificationTargets": [{"targetRef": "desk"}],
    }
    return {"kind": "AlertPolicy", "metadata": {"name": policy.name}, "spec": spec}
