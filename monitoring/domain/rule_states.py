"""How a rule comes to work and how it stops: approved, let act, switched off, switched on again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from integrations.domain import approval
from integrations.models import Kind
from monitoring.domain import rule_record
from monitoring.domain.states import NotNowError
from monitoring.models import RemedyRule
from portal.core import clock
from portal.customers.models import Customer

State = RemedyRule.State
LIMITS = ("most_documents", "most_amount", "most_per_day", "expires_at", "suggestions_needed")
_TWO = "Somebody other than {name}, who proposed it, has to do this: {why}."


def why_two(rule: RemedyRule, state: str) -> str:
    """Why another person than the proposer is needed to bring the rule into this state; blank: none is.

    A rule for all customers is as strict as the strictest of them."""
    if rule.remedy == "skip" and state == State.ACTING:
        return "documents would end with nobody looking"
    customers = [rule.customer] if rule.customer else list(Customer.objects.all())
    for customer in customers:
        if approval.policy_of(customer)[Kind.LOOKUP] == approval.TWO:
            return f"the policy of {customer.name} asks for two people"
    return ""


def refusal(rule: RemedyRule, person: Any, state: str) -> str:
    """Why this person may not bring the rule into a state; blank where they may."""
    if not person.may("rules.approve"):
        return "Rules are let to work by people whose role may approve them."
    why = why_two(rule, state)
    if why and person.pk == rule.proposer_id:
        return _TWO.format(name=rule.proposed_by, why=why)
    return ""


@transaction.atomic
def approve(
    rule_id: int, person: Any, state: str, *, limits: Mapping[str, Any] | None = None
) -> RemedyRule:
    """Let a proposed rule suggest, or one that suggested right often enough act by itself, within
    `limits` (see LIMITS). NotNowError where it is not its time, or not this person's to say."""
    rule = _for_change(rule_id, person, state)
    _set(rule, limits or {})
    if not rule.evidence or rule.evidence["left"]:
        raise NotNowError(f"{rule.label} is still being tried. Look at what it does first.")
    if state == State.SUGGESTING and rule.state == State.PROPOSED:
        text = "Approved: it suggests from now on"
    elif state == State.ACTING and rule_record.may_act(rule):
        text = "Acts by itself from now on"
    else:
        raise NotNowError(_not_yet(rule))
    rule.approved_by, rule.approved_at = person.name[:80], clock.now()
    return _to(rule, state, text, person)


def _other_state(rule: RemedyRule) -> str:
    return f"{rule.label} has another state by now: {rule.get_state_display()}."


def _not_yet(rule: RemedyRule) -> str:
    if rule.state != State.SUGGESTING:
        return _other_state(rule)
    return (
        f"{rule.label} was right {rule.right:,} times in a row; it may act after"
        f" {rule.suggestions_needed:,}."
    )


@transaction.atomic
def switch_off(rule_id: int, person: Any, reason: str) -> RemedyRule:
    """End its work; what it began goes on to its end. NotNowError without a reason."""
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    if not person.may("rules.approve"):
        raise NotNowError(refusal(rule, person, State.SUGGESTING))
    if rule.state == State.OFF:
        raise NotNowError(f"{rule.label} is switched off already.")
    if not reason.strip():
        raise NotNowError("Say why: who switches it on again has to know.")
    rule.off_reason, rule.off_by = reason.strip()[:300], person.name[:80]
    rule.off_at = clock.now()
    return _to(rule, State.OFF, f"Switched off: {reason.strip()}", person)


@transaction.atomic
def switch_on(rule_id: int, person: Any) -> RemedyRule:
    """It suggests again, and has to be right anew before it may act."""
    rule = _for_change(rule_id, person, State.SUGGESTING)
    if rule.state != State.OFF:
        raise NotNowError(_other_state(rule))
    rule.off_reason, rule.off_by, rule.off_at = "", "", None
    return _to(rule, State.SUGGESTING, "Switched on: it suggests from now on", person)


@transaction.atomic
def only_suggest(rule_id: int, person: Any) -> RemedyRule:
    """A rule that acts only suggests again."""
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    if not person.may("rules.approve") or rule.state != State.ACTING:
        raise NotNowError(_other_state(rule))
    return _to(rule, State.SUGGESTING, "Only suggests from now on", person)


@transaction.atomic
def set_limits(rule_id: int, person: Any, limits: Mapping[str, Any]) -> RemedyRule:
    """How far it may go by itself from now on. Asks for the same people as what the rule does now."""
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    refused = refusal(rule, person, rule.state)
    if refused:
        raise NotNowError(refused)
    _set(rule, limits)
    rule.save()
    until = f", until {rule.expires_at:%d %b %Y}" if rule.expires_at else ""
    text = (
        f"Limits: {rule.most_documents:,} documents and {rule.most_amount:,.2f} a case,"
        f" {rule.most_per_day:,} documents a day{until}; acts after {rule.suggestions_needed:,} right"
    )
    rule_record.note(rule, text, actor=person.name)
    return rule


def _for_change(rule_id: int, person: Any, state: str) -> RemedyRule:
    rule = RemedyRule.objects.select_for_update().get(pk=rule_id)
    refused = refusal(rule, person, state)
    if refused:
        raise NotNowError(refused)
    return rule


def _set(rule: RemedyRule, limits: Mapping[str, Any]) -> None:
    for name in LIMITS:
        if name in limits:
            setattr(rule, name, limits[name])


def _to(rule: RemedyRule, state: str, text: str, person: Any) -> RemedyRule:
    rule.state, rule.right, rule.judged_from = state, 0, clock.now()
    rule.save()
    rule_record.note(rule, text, actor=person.name)
    return rule
