"""From draft to approval: asked with evidence, let through or sent back by somebody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from integrations.domain import changes, evidence, faults, history, subjects
from integrations.domain.drafts import NotNowError, note, subject_of
from integrations.domain.history import Origin
from integrations.models import ChangeRequest, Endpoint, Kind
from portal.core import clock
from portal.customers.models import Customer

State = ChangeRequest.State
TWO, ONE = "two", "one"
# In a policy beside the kinds of change: a held document is edited and worth something else, one that
# matters ends without effect, or a difference above the customer's limit is corrected. Who is alone at
# night has to be able to end a document; it can be undone.
AMOUNT, SKIP, STOCK = "amount", "skip", "stock"
RESOURCE = "resource"  # a table of a system is opened to callers of the API
_BY_ONE = (Kind.LOOKUP, SKIP)
DEFAULT_POLICY = {
    what: ONE if what in _BY_ONE else TWO for what in (*Kind.values, AMOUNT, SKIP, STOCK, RESOURCE)
}


def needs_two(change: ChangeRequest) -> bool:
    """Whether somebody other than the author has to approve: by the customer's policy, else by ours,
    which lets only lookups through with one person. What concerns an endpoint that is not live yet
    reaches no live document."""
    if _is_being_onboarded(change):
        return False
    policy = policy_of(change.customer) if change.customer else DEFAULT_POLICY
    return policy[change.kind] == TWO


def _is_being_onboarded(change: ChangeRequest) -> bool:
    if change.kind not in (Kind.MAPPING, Kind.CONTRACT):
        return False
    testing = Endpoint.objects.filter(state=Endpoint.State.TESTING, slug=change.key.split(" ")[0])
    return testing.exists()


def policy_of(customer: Customer) -> dict[str, str]:
    """For each kind of change, for edited amounts, skips and corrected differences, whether one person may
    approve their own (ONE), or two are needed."""
    return {**DEFAULT_POLICY, **customer.policies.get("approval", {})}


def by_two(customer: Customer, what: str) -> bool:
    """Whether somebody other than who began it has to let AMOUNT, SKIP or STOCK go."""
    return policy_of(customer)[what] == TWO


@transaction.atomic
def set_policy(customer: Customer, policy: Mapping[str, str], *, actor: str) -> None:
    """From now on. What waits for approval is judged by the new policy, too."""
    locked_row = Customer.objects.select_for_update().get(pk=customer.pk)
    locked_row.policies = {**locked_row.policies, "approval": dict(policy)}
    locked_row.save(update_fields=["policies"])
    changes.touch(customer.pk)
    history.keep(customer.pk, subjects.live(locked_row), Origin(actor, "who approves changes"))


def may_approve(change: ChangeRequest, person: Any) -> bool:
    if not person.may("changes.approve"):
        return change.kind == Kind.LOOKUP and not needs_two(change) and person.may("lookups.edit")
    return not needs_two(change) or person.pk != change.author_id


@transaction.atomic
def ask(change_id: int, *, actor: Any, reason: str) -> ChangeRequest:
    """Ask for approval. NotNowError without a reason, with faults, or without evidence of this draft."""
    change = locked(change_id, State.DRAFT, State.REFUSED)
    found = faults.find(subject_of(change), change.content)
    if found:
        raise NotNowError(f"Mend this first: {found[0]}")
    if not reason.strip():
        raise NotNowError("Say in a sentence why: the approver decides by it.")
    if not evidence.is_of_this_draft(change):
        raise NotNowError("The draft has changed since its evidence. Test it again.")
    change.state, change.reason = State.ASKED, reason.strip()[:300]
    change.save(update_fields=["state", "reason", "updated_at"])
    note(change, actor.name, "asked", change.reason)
    return change


@transaction.atomic
def approve(
    change_id: int, *, actor: Any, publish_at: datetime | None = None, edition: int
) -> ChangeRequest:
    """Let it through, from `publish_at` on. `edition` is the one the approver has read."""
    change = locked(change_id, State.ASKED)
    if not may_approve(change, actor):
        raise NotNowError(
            "Somebody else has to approve this: the customer's policy asks for two people."
        )
    if edition != change.edition:
        raise NotNowError("It was changed after you opened it. Read it again.")
    if not evidence.is_of_this_draft(change):
        raise NotNowError("What it does has not been shown. Test it first.")
    if publish_at is not None and publish_at <= clock.now():
        raise NotNowError("The time to publish lies in the past.")
    change.state, change.publish_at = State.APPROVED, publish_at
    change.approver, change.approver_name = actor, actor.name[:80]
    change.approved_at = clock.now()
    change.save()
    when = f"to be published {publish_at:%d %b %H:%M} UTC" if publish_at else ""
    note(change, actor.name, "approved", when)
    return change


@transaction.atomic
def refuse(change_id: int, *, actor: Any, reason: str) -> ChangeRequest:
    """Send it back to its author with a reason."""
    change = locked(change_id, State.ASKED, State.APPROVED)
    if not reason.strip():
        raise NotNowError("Say what has to change: the author starts from it.")
    return _back(change, State.REFUSED, actor, "sent back", reason)


@transaction.atomic
def take_back(change_id: int, *, actor: Any) -> ChangeRequest:
    """Back to draft, so that its author can go on."""
    return _back(locked(change_id, State.ASKED, State.APPROVED), State.DRAFT, actor, "taken back")


@transaction.atomic
def withdraw(change_id: int, *, actor: Any) -> ChangeRequest:
    """End it without effect."""
    change = locked(change_id, *ChangeRequest.OPEN)
    return _back(change, State.WITHDRAWN, actor, "withdrawn")


def _back(
    change: ChangeRequest, state: str, actor: Any, verb: str, text: str = ""
) -> ChangeRequest:
    change.state, change.approver, change.approver_name = state, None, ""
    change.approved_at = change.publish_at = None
    change.save()
    note(change, actor.name, verb, text)
    return change


def locked(change_id: int, *states: str) -> ChangeRequest:
    """The change for this transaction alone. NotNowError when it is in none of `states`."""
    change = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=change_id)
    if change.state not in states:
        raise NotNowError(f"{change} is {change.get_state_display()} already.")
    return change
