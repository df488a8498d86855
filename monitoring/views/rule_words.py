"""A rule in words: what it is for, how far it is, how it did, what may be done with it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from integrations.views import spoken
from monitoring import taxonomy
from monitoring.domain import rule_record, rule_states
from monitoring.domain.rule_states import State
from monitoring.models import Fix, RemedyRule
from portal.core import clock, manner

SHAPES = {State.PROPOSED: "waiting", State.SUGGESTING: "work", State.ACTING: "good"}


class Where(NamedTuple):
    """A state as a shape and a word."""

    shape: str
    word: str


def state(rule: RemedyRule) -> Where:
    """Where a rule stands. One that switched itself off did wrong; one that a person ended did not."""
    if rule.state == State.OFF:
        return Where("due", "switched off") if rule.off_by else Where("bad", "switched itself off")
    if is_over(rule):
        return Where("due", f"expired {spoken.moment(rule.expires_at)}")
    return Where(SHAPES[State(rule.state)], str(rule.get_state_display()))


def is_over(rule: RemedyRule) -> bool:
    return rule.expires_at is not None and rule.expires_at <= clock.now()


def scope(rule: RemedyRule) -> str:
    return rule.customer.name if rule.customer else "all customers"


def when(rule: RemedyRule) -> str:
    """The cases it is for: unknown SKU TENT-OLD at lines[].sku."""
    what = taxonomy.kind(rule.code).label if rule.code in taxonomy.KINDS else rule.code
    value = f" {rule.value}" if rule.value else ""
    place = f" at {rule.path}" if rule.path else ""
    return f"{what}{value}{place}"


def minutes(rule: RemedyRule) -> str:
    """How long people would have worked; blank for not at all."""
    return span_of(rule.minutes_saved) if rule.minutes_saved else ""


def span_of(number: float) -> str:
    return spoken.span(timedelta(minutes=number))


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def row(rule: RemedyRule) -> dict[str, Any]:
    """A rule in the list."""
    return {
        "id": rule.label,
        "url": f"/rules/{rule.pk}/",
        "words": rule.words,
        "about": f"{when(rule)} · {scope(rule)}",
        "reason": rule.off_reason,
        "state": state(rule)._asdict(),
        **counters(rule),
        "last": spoken.moment(rule.last_fired_at),
    }


_COUNTED = {
    "fired": "acted by itself",
    "accepted": "suggestions taken",
    "declined": "resolved otherwise",
    "handed_back": "left to people",
    "reversed": "taken back",
    "missed": "documents held again",
}


def counters(rule: RemedyRule) -> dict[str, str]:
    """Its figures; blank for none."""
    shown = {
        name: manner.number(getattr(rule, name)) if getattr(rule, name) else "" for name in _COUNTED
    }
    return shown | {"saved": minutes(rule)}


def figures(rule: RemedyRule) -> list[dict[str, str]]:
    """What there is to say of how it did."""
    shown = counters(rule)
    told = [(shown[name], word) for name, word in _COUNTED.items()]
    told.append((shown["saved"], "of people's time saved"))
    return [{"value": value, "word": word} for value, word in told if value]


class Actions(NamedTuple):
    """What this person may do with the rule now; `why_not` where something is missing."""

    limits: bool
    approve: bool
    act: bool
    suggest: bool
    off: bool
    on: bool
    try_again: bool
    why_not: str


def actions(rule: RemedyRule, person: Any) -> Actions:
    lets = person.may("rules.approve")
    tried = bool(rule.evidence) and not rule.evidence["left"]
    refused = rule_states.refusal(rule, person, State.SUGGESTING)
    refused_to_act = rule_states.refusal(rule, person, State.ACTING)
    ready = rule.state == State.SUGGESTING and rule_record.may_act(rule)
    return Actions(
        limits=not rule_states.refusal(rule, person, rule.state),
        approve=rule.state == State.PROPOSED and tried and not refused,
        act=ready and tried and not refused_to_act,
        suggest=lets and rule.state == State.ACTING,
        off=lets and rule.state != State.OFF,
        on=rule.state == State.OFF and not refused,
        try_again=tried and person.may("desk.work"),
        why_not=_why_not(rule, refused, refused_to_act if ready else ""),
    )


def _why_not(rule: RemedyRule, refused: str, refused_to_act: str) -> str:
    if rule.state in (State.PROPOSED, State.OFF):
        return refused
    return refused_to_act


def progress(rule: RemedyRule) -> str:
    """How far a rule that suggests is from acting."""
    if rule.state != State.SUGGESTING:
        return ""
    return (
        f"Its suggestions were right {spoken.counted(rule.right, 'time')} in a row. After"
        f" {manner.number(rule.suggestions_needed)} somebody may let it act by itself."
    )


def off_words(rule: RemedyRule) -> str:
    """Since when, by whom and why it is off."""
    if rule.state != State.OFF:
        return ""
    who = f"by {rule.off_by}" if rule.off_by else "by itself"
    return f"Switched off {spoken.moment(rule.off_at)} {who}: {rule.off_reason}"


def deed(fix: Fix) -> dict[str, str]:
    """One of the cases it acted on, or suggested for."""
    return {
        "case": fix.case.label,
        "url": f"/cases/{fix.case_id}/",
        "customer": fix.case.customer.name,
        "who": "by itself" if fix.rule_id else f"{fix.person_name} took its suggestion",
        "state": str(fix.get_state_display()) if fix.applied_at else "left to people",
        "documents": manner.number(fix.documents),
        "at": spoken.moment(fix.created_at),
    }
