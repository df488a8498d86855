"""Both clocks of a case in words, and whose time it took."""

from datetime import timedelta
from typing import Any

from integrations.views import spoken
from monitoring.clocks import Clock, Split
from monitoring.domain import clocks
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.customers.durations import duration_text

_STATES = {"running": "", "near": "near", "late": "late", "paused": "paused"}
_SECOND = timedelta(seconds=61)


def clocks_context(case: ExceptionCase) -> dict[str, Any]:
    """The clocks, the split of the time used, and the hours they run in."""
    (found,) = clocks.of([case])
    shares = _parts(found.shares)
    return {
        "clocks": [
            _entry("Acknowledge", found.acknowledge, case),
            _entry("Resolve", found.resolve, case),
        ],
        "shares": shares,
        "used": used_words(found.shares),
        "calendar": f"Calendar: {case.customer.name}, {found.calendar.words}.",
    }


def _length(minutes: float) -> str:
    """Working time has no days: one of them has fewer hours than 24."""
    return duration_text(int(minutes)) if minutes >= 1 else spoken.span(timedelta(minutes=minutes))


def _entry(name: str, one: Clock, case: ExceptionCase) -> dict[str, Any]:
    label = f"{name}, {_length(one.target)}"
    if one.state in ("kept", "missed"):
        shape = "good" if one.state == "kept" else "bad"
        return {"label": label, "shape": shape, "word": f"{one.state}, {_length(one.used)}"}
    return {"label": label, "clock": _clock(one, case)}


def _clock(one: Clock, case: ExceptionCase) -> dict[str, Any]:
    words = {
        "late": f"late {_length(-one.left)}",
        "paused": f"paused: {_whom(case)}",
    }.get(one.state, f"{_length(one.left)} left")
    due = f", due {spoken.moment(one.due)}" if one.due else ""
    return {
        "words": words,
        "state": _STATES[one.state],
        "used": int(one.share * 100),
        **_instants(one),
        "pause": "",
        "spoken": f"{words}, of {_length(one.target)}{due}",
        "reason": case.waiting_reason,
    }


def _whom(case: ExceptionCase) -> str:
    party = case.get_waiting_on_display() if case.waiting_on else "somebody else"
    return f"waiting on {party}"


def _instants(one: Clock) -> dict[str, str]:
    """What the page's own script counts down by. It counts plain minutes, so only where no closed hours
    lie between."""
    if one.due is None or one.state not in ("running", "near"):
        return {"start": "", "due": ""}
    if abs(one.due - clock.now() - timedelta(minutes=one.left)) > _SECOND:
        return {"start": "", "due": ""}
    start = one.due - timedelta(minutes=one.target)
    return {"start": start.isoformat(), "due": one.due.isoformat()}


def _parts(shares: Split) -> list[dict[str, Any]]:
    whole = sum(shares)
    named = (("us", shares.us), ("customer", shares.customer), ("third", shares.third_party))
    texts = {"us": "ours", "customer": "the customer's", "third": "a third party's"}
    return [
        {
            "part": part,
            "share": round(100 * minutes / whole, 1),
            "text": f"{_length(minutes)} {texts[part]}",
        }
        for part, minutes in named
        if whole and minutes >= 1
    ]


def used_words(shares: Split) -> str:
    """Whose the minutes were: “3 h 16 used, all of it ours.”"""
    parts = _parts(shares)
    if not parts:
        return "No working time used yet."
    whole = _length(sum(shares))
    if [part["part"] for part in parts] == ["us"]:
        return f"{whole} used, all of it ours."
    return f"{whole} used: {', '.join(part['text'] for part in parts)}."
