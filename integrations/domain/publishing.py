"""Making an approved change live, watching it, and going back."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction

from integrations.domain import approval, history, subjects, writing
from integrations.domain.approval import locked
from integrations.domain.drafts import NotNowError, default_content, live_content, note, subject_of
from integrations.domain.history import Origin
from integrations.domain.subjects import Content, Subject
from integrations.models import ChangeRequest, Version
from portal.core import clock, events
from portal.customers.models import Customer

State = ChangeRequest.State
WATCH = timedelta(hours=24)


class ChangePublished(NamedTuple):
    """A change went live, or was rolled back."""

    change_id: int
    rolled_back: bool = False


class NewerVersionError(NotNowError):
    """Something newer is live than what the draft was made from."""


@transaction.atomic
def publish(change_id: int, *, actor: str) -> ChangeRequest:
    """Make an approved change live, at once and as a whole.

    NewerVersionError when its subject has been changed since the draft was begun.
    """
    change = locked(change_id, State.APPROVED)
    subject = subject_of(change)
    live, _ = live_content(subject)
    if (live.pk if live else None) != change.base_id:
        raise NewerVersionError(_newer(live))
    change.version = _write(subject, change.content, by=actor, cause=f"{change}: {change.reason}")
    change.state, change.published_at = State.LIVE, clock.now()
    change.watch_until = change.published_at + WATCH
    change.save()
    note(change, actor, "published", f"as v{change.version.number}")
    events.publish(ChangePublished(change.pk))
    return change


@transaction.atomic
def make_live(change_id: int, *, actor: Any, reason: str) -> ChangeRequest:
    """Ask, approve and publish in one step, where the policy lets its author. NotNowError otherwise."""
    asked = approval.ask(change_id, actor=actor, reason=reason)
    approval.approve(change_id, actor=actor, edition=asked.edition)
    return publish(change_id, actor=actor.name)


def _newer(live: Version | None) -> str:
    if live is None:
        return "Not published: its subject was taken away meanwhile."
    by = f" by {live.author}" if live.author else ""
    return (
        f"Not published: v{live.number} went live{by} at {live.at:%H:%M} UTC, after this draft was"
        " begun. Compare, take it over, and test again."
    )


def publish_due() -> int:
    """Publish what was approved for a time that has come. One that cannot go back to its author."""
    due = ChangeRequest.objects.filter(state=State.APPROVED, publish_at__lte=clock.now())
    count = 0
    for change in due.order_by("publish_at"):
        try:
            publish(change.pk, actor=change.approver_name)
            count += 1
        except (NotNowError, LookupError) as error:
            _hand_back(change, str(error))
    return count


@transaction.atomic
def _hand_back(change: ChangeRequest, reason: str) -> None:
    ChangeRequest.objects.filter(pk=change.pk, state=State.APPROVED).update(
        state=State.REFUSED, publish_at=None
    )
    note(change, "", "not published", reason)


@transaction.atomic
def roll_back(change_id: int, *, actor: str, reason: str = "") -> ChangeRequest:
    """Make live again what was live before this change, to the byte.

    NewerVersionError when something newer stands on top of it.
    """
    change = locked(change_id, State.LIVE)
    subject = subject_of(change)
    live, _ = live_content(subject)
    if live is None or live.pk != change.version_id:
        on_top = f"v{live.number}" if live else "something"
        raise NewerVersionError(f"{on_top} is live on top of this change. Roll that back first.")
    before = _before(change)
    number = f"v{change.base.number}" if change.base else "the default"
    _write(subject, before, by=actor, cause=f"{change} rolled back to {number}. {reason}".strip())
    change.state = State.ROLLED_BACK
    change.save(update_fields=["state", "updated_at"])
    note(change, actor, "rolled back", reason or f"to {number}")
    events.publish(ChangePublished(change.pk, rolled_back=True))
    return change


def _before(change: ChangeRequest) -> Content | None:
    if change.base is None or change.base.content is None:
        return default_content(subject_of(change))
    return subjects.without_number(change.base.content)


def _write(subject: Subject, content: Content | None, *, by: str, cause: str) -> Version:
    writing.write(subject, content, by=by)
    customers = Customer.objects.all()
    if subject.customer_id is not None:
        customers = customers.filter(pk=subject.customer_id)
    customer = customers.first()
    if customer is None:
        raise LookupError("There is no customer.")
    history.keep(customer.pk, subjects.live(customer), Origin(by, cause))
    version = history.newest(subject)
    if version is None:
        raise LookupError("Nothing was written.")
    return version
