"""What an answer means: by the rules of the description, else by its status."""

from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.described import places
from integrations.connectors.described.pace import reset_of
from integrations.connectors.described.system import Rule, System
from integrations.transports.http import describe
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.redact import redact_url
from portal.core.response import Response

_BUSY: Final = frozenset({429, 503})


def judge(system: System, answer: Response, *, writing: bool, listing: bool = False) -> None:
    """Return for an answer that is good, else raise the error that names what helps.

    The first rule that fits decides; `confirmed` only speaks of writes, and `nothing` of the lists of
    streams (`listing`). A rule for a good status finds the refusals that some systems send with a 200. A
    refusal with Retry-After means later, whatever its status, unless a rule says otherwise; a 401 is
    never mended by waiting.
    """
    data = _data(answer) if _reads(system, answer) else None
    if rule := _rule(system, answer.status, data, writing=writing, listing=listing):
        _follow(rule, system, answer, data)
        return
    waits = parse_retry_after(answer.header("Retry-After")) if answer.status >= 400 else None
    if waits is None and answer.status in _BUSY:
        rates = (system.rate, *(one.rate for one in system.rates))
        told = (reset_of(rate, answer) for rate in rates)
        waits = next((one for one in told if one is not None), None)
    if waits is not None and _comes_later(answer.status):
        code = "unavailable" if answer.status == 503 else "rate_limited"
        raise Retryable(_told(answer, system, data), retry_after=waits, code=code)
    raise_for_recovery(answer, problems=lambda _: _problems(answer, system, data))


def says_nothing(system: System, answer: Response) -> bool:
    """Whether an answer that is good for a list means that it has no rows."""
    if not any(rule.means == "nothing" for rule in system.rules):
        return False
    rule = _rule(system, answer.status, _data(answer), writing=False, listing=True)
    return rule is not None and rule.means == "nothing"


def _rule(system: System, status: int, data: Any, *, writing: bool, listing: bool) -> Rule | None:
    """The first rule that fits, of those that speak of such a call."""
    speaks = {"confirmed": writing, "nothing": listing}
    rules = (rule for rule in system.rules if speaks.get(rule.means, True))
    return next((rule for rule in rules if _fits(rule, status, data)), None)


def _comes_later(status: int) -> bool:
    """Whether a time to wait that stands beside this status is one to wait for."""
    return status == 503 or (status in range(402, 500) and status != 408)


def _reads(system: System, answer: Response) -> bool:
    """Whether the body has a say: decoding it costs as much as reading a page."""
    return answer.status >= 400 or any(rule.where is not None for rule in system.rules)


def _data(answer: Response) -> Any:
    try:
        return answer.json()
    except Retryable:
        return None


def _fits(rule: Rule, status: int, data: Any) -> bool:
    if rule.statuses and status not in rule.statuses:
        return False
    if rule.where is None:
        return True
    found = places.find(data, rule.where)
    if not rule.values:
        return bool(found)
    return found is not None and _plain(found) in rule.values


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _follow(rule: Rule, system: System, answer: Response, data: Any) -> None:
    told = _told(answer, system, data)
    match rule.means:
        case "retryable":
            waits = parse_retry_after(answer.header("Retry-After"))
            uncertain = answer.status >= 500 and answer.status != 503
            raise Retryable(told, retry_after=waits, uncertain=uncertain)
        case "credentials":
            raise NeedsCredentials(
                told, code="forbidden" if answer.status == 403 else "auth_expired"
            )
        case "person":
            raise NeedsPerson([_problem(answer, system, data)])
        case "permanent":
            raise Permanent(told, code="refused")


def _told(answer: Response, system: System, data: Any) -> str:
    words = _words(answer, system, data)
    text = f"{answer.method} {redact_url(answer.url)} was answered {answer.status}"
    return f"{text}: {words}" if words else text


def _words(answer: Response, system: System, data: Any) -> str:
    said = (places.word(places.find(data, where)) for where in system.messages)
    return shorten(next(filter(None, said), "") or describe(answer)["body"])


def _problems(answer: Response, system: System, data: Any) -> list[Problem]:
    """A refusal of the content, in the system's own words."""
    return [_problem(answer, system, data)] if answer.status in {400, 422} else []


def _problem(answer: Response, system: System, data: Any) -> Problem:
    words = _words(answer, system, data) or "it gave no reason"
    return Problem("rejected", "", "", f"The system refused the document: {words}")
