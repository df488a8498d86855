"""What an endpoint's condition is called."""

from datetime import UTC, datetime
from typing import NamedTuple

from integrations.models import Endpoint
from integrations.views import spoken
from portal.core import breaker
from portal.core.breaker import Breaker

BREAKER = {
    "closed": "calls go through",
    "open": "calls are held back",
    "half_open": "one call at a time goes through, to see whether it answers",
}


class Condition(NamedTuple):
    """`rank` sorts the worst first."""

    rank: int
    shape: str
    word: str
    since: str


def _first_failure(state: breaker.Breaker) -> datetime | None:
    """Of those in a row that closed the way, or may."""
    return datetime.fromtimestamp(state.failures[0], UTC) if state.failures else None


def condition(endpoint: Endpoint, *, received: datetime | None = None) -> Condition:
    """How the endpoint is, in a word and a shape. `received`: when it last gave us a document."""
    state = breaker.from_json(endpoint.breaker.get("state"))
    failing = spoken.since(_first_failure(state) or endpoint.last_error_at)
    if endpoint.state == Endpoint.State.PAUSED:
        return Condition(2, "snoozed", "paused", "")
    if state.state == "open" and state.until is None:
        return Condition(0, "bad", "refuses our credentials", failing)
    if state.state == "open":
        return Condition(0, "bad", "does not answer", failing)
    if state.state == "half_open":
        return Condition(1, "risk", "being probed", failing)
    if state.failures:
        return Condition(1, "risk", "last call failed", failing)
    if endpoint.last_good_at is None and received:
        return Condition(4, "good", f"last received {spoken.moment(received)}", "")
    if endpoint.last_good_at is None:
        return Condition(3, "due", "not called yet", "")
    return Condition(4, "good", "answers", "")


def breaker_facts(endpoint: Endpoint) -> list[dict[str, str]]:
    """The breaker as label and value."""
    state = breaker.from_json(endpoint.breaker.get("state"))
    found = [("State", BREAKER[state.state]), ("Failures in a row", str(len(state.failures)))]
    if state.state != "closed":
        found.append(("Opened", spoken.counted(state.times_opened, "time")))
        found.append(("Next try", _next_try(state)))
    return [{"label": label, "value": value} for label, value in found]


def _next_try(state: Breaker) -> str:
    if state.until is None:
        return "when a person resumes it"
    return spoken.moment(datetime.fromtimestamp(state.until, UTC), seconds=True)


def object_words(object_type: str) -> str:
    """A type of objects as a heading: Orders, Price lists."""
    plural = {"inventory": "Stock", "availability": "Stock", "price_list": "Prices"}
    return plural.get(object_type) or object_type.replace("_", " ").capitalize() + "s"
