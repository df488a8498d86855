"""What a version of a plan says, as JSON: every field, amounts as text."""

from decimal import Decimal
from typing import Any

from billing.plans.content import PlanCharge, PlanContent
from portal.core.decimals import plain_number


def write(content: PlanContent) -> dict[str, Any]:
    """What `read` makes the same content of."""
    return {
        "currency": content.currency,
        "charges": [_charge(one) for one in content.charges],
        "commitment": _text(content.commitment),
        "cap": _text(content.cap),
        "trial_days": content.trial_days,
    }


def _charge(charge: PlanCharge) -> dict[str, Any]:
    return {
        "key": charge.key,
        "name": charge.name,
        "metric": charge.metric,
        "model": charge.model,
        "terms": dict(charge.terms),
        "ramp": [{"months": step.months, "terms": dict(step.terms)} for step in charge.ramp],
        "included": plain_number(charge.included),
        "due": charge.due,
        "prorated": charge.prorated,
        "once": charge.once,
        "minimum": _text(charge.minimum),
        "cap": _text(charge.cap),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain_number(amount)
