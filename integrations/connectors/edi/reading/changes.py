"""Whether a document is an order as a whole, or says something of one that we would have to guess. Pure."""

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.settings import NET

CANCELLATION = "cancellation"
WHOLE = frozenset({"original", "replace", "confirmation", "duplicate", "resubmission", ""})
CHANGE = "change"


def held(
    number: str, purpose: str, *, has_lines: bool, changes: bool, connection: Connection
) -> Problem | None:
    """Why a person has to look at it, None where it can be taken as the order it shall be.

    `purpose`: what the code of it means, the code itself where we do not know it. `changes`: it is a
    document that changes another.
    """
    order = f"order {shorten(number)}"
    if purpose == CANCELLATION and not has_lines:
        return _held(f"It cancels {order} and names no lines. Cancel the order here.", purpose)
    if purpose not in {*WHOLE, CANCELLATION} and not (changes and purpose == CHANGE):
        return _held(
            f"Its purpose for {order} is “{shorten(purpose)}”, which is not taken.", purpose
        )
    if not has_lines:
        return _held(
            f"It leaves no line of {order}. Cancel the order here, if that is meant.", purpose
        )
    if purpose == CHANGE and connection.settings["changes"] != NET:
        text = f"It says only what differs of {order}. Change the order here, line by line."
        return _held(text, purpose)
    return None


def _held(text: str, purpose: str) -> Problem:
    return Problem("change_not_applied", "purpose", shorten(purpose), text)
