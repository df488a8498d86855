"""A flow's latency as a file says it: `realtime`, `{every_minutes: 5}` or `{at_time: "17:30"}`."""

from datetime import time
from typing import Any

from integrations.models import Flow

Latency = str | dict[str, Any]


def latency_of(flow: Flow) -> Latency:
    """How a file says what `flow` does."""
    if flow.latency == Flow.Latency.REALTIME:
        return "realtime"
    if flow.latency == Flow.Latency.BATCH and flow.at_time is not None:
        return {"at_time": _clock(flow.at_time)}
    return {"every_minutes": flow.every_minutes}


def columns_of(latency: Latency) -> dict[str, Any]:
    """The columns of a flow that say the same."""
    if not isinstance(latency, dict):
        return {"latency": Flow.Latency.REALTIME}
    if "at_time" in latency:
        at = time.fromisoformat(latency["at_time"])
        return {"latency": Flow.Latency.BATCH, "at_time": at}
    every = latency["every_minutes"]
    return {"latency": Flow.Latency.NEAR_REAL_TIME, "every_minutes": every}


def latency_words(latency: Latency) -> str:
    """`every 5 minutes`, for people."""
    if not isinstance(latency, dict):
        return latency
    if "at_time" in latency:
        return f"at {_clock(time.fromisoformat(latency['at_time']))}"
    minutes = latency["every_minutes"]
    return "every minute" if minutes == 1 else f"every {minutes} minutes"


def _clock(at: time) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes")
