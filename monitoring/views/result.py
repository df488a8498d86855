"""What the last action did."""

from typing import Any

from monitoring.models import CaseEvent


def result_context(event: CaseEvent | None) -> dict[str, Any] | None:
    """The context of an action's result; None without one, and for a mere comment."""
    if event is None or event.action == "comment":
        return None
    return {"text": event.text, "state": "good"}
