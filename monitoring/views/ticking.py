"""Clocks and deadlines as pages show them: words now, and the instants with which a script goes on."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from integrations.views import spoken
from monitoring.clocks import Clock
from monitoring.views import words
from portal.core import clock

_STATES = {"running": "", "near": "near", "late": "late", "paused": "paused"}
_MINUTES = 60


def clock_context(measured: Clock, *, customer: str, reason: str = "") -> dict[str, Any]:
    """The context of components/clock.html. `customer`: in whose hours it runs."""
    now = clock.now()
    state = _STATES.get(measured.state, "")
    return {
        "words": "paused" if measured.due is None else left(measured.due, now=now),
        "state": state,
        "used": int(measured.share * 100),
        "start": _start(measured, now),
        "due": measured.due.isoformat() if measured.due else "",
        "pause": now.isoformat() if measured.due is None else "",
        "spoken": _spoken(measured, customer),
        "reason": reason if state == "paused" else "",
    }


def left(due: datetime, *, now: datetime) -> str:
    """44 min, or late 12 min."""
    return spoken.span(due - now) if due >= now else f"late {spoken.span(now - due)}"


def _start(measured: Clock, now: datetime) -> str:
    """When a clock without closed hours would have begun to stand where this one stands: from there a
    straight line leads to the end."""
    if measured.due is None:
        return ""
    if measured.share >= 1 or measured.due <= now:
        return (measured.due - timedelta(minutes=measured.target)).isoformat()
    return (measured.due - (measured.due - now) / (1 - measured.share)).isoformat()


def _spoken(measured: Clock, customer: str) -> str:
    """In working time, what is left as well as what there was."""
    of = f"of {_long(measured.target)} in the hours of {customer}"
    if measured.due is None:
        return f"Paused with {_long(measured.left)} left {of}"
    due = f"due {words.coming(measured.due)} {timezone.localtime(measured.due).tzname()}"
    if measured.left < 0:
        return f"Late by {_long(-measured.left)} {of}, {due}"
    return f"{_long(measured.left)} left {of}, {due}"


def _long(minutes: float) -> str:
    """1 hour 26 minutes; no days, because a working day has fewer hours than 24."""
    whole = max(int(minutes), 0)
    hours, rest = divmod(whole, _MINUTES)
    parts = [spoken.counted(hours, "hour")] if hours else []
    parts += [spoken.counted(rest, "minute")] if rest or not hours else []
    return " ".join(parts)


def cutoff_context(case: Any) -> dict[str, Any] | None:
    """How long until the first cut-off of what the case holds; None without one, and once it is closed."""
    if case.cutoff_at is None or not case.is_open:
        return None
    now = clock.now()
    place = f"{words.coming(case.cutoff_at)} {case.cutoff_site}".strip()
    count = spoken.counted(case.cutoff_documents, "document")
    return {
        "words": left(case.cutoff_at, now=now),
        "state": "late" if case.cutoff_at < now else "",
        "due": case.cutoff_at.isoformat(),
        "place": place,
        "spoken": f"Cut-off {place}, for {count}",
    }
