"""Suspending, opening again, archiving and bringing back a partner. Deleting is the console's."""

from typing import NamedTuple

from django.db import transaction

from portal.core import clock, events
from portal.tenants import lifecycle
from portal.tenants.models import Partner, PartnerEvent


class PartnerTurned(NamedTuple):
    """A partner is in another state. Published in the transaction that makes it so."""

    schema: str
    state: str


class NotNowError(ValueError):
    """The partner is in a state in which this cannot be done; the text says which."""


@transaction.atomic
def turn(partner: Partner, verb: str, *, actor: str, reason: str) -> Partner:
    """Take the step `verb` of `lifecycle.STEPS` and note it. NotNowError where the state does not allow it,
    also when somebody else was faster."""
    step = lifecycle.STEPS[verb]
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    if held.state not in step.leads_from:
        raise NotNowError(f"{held.name} is {held.get_state_display()} now. Nothing was changed.")
    before, held.state, held.state_since = held.state, step.to, clock.now()
    held.save(update_fields=["state", "state_since"])
    note(held, verb, actor=actor, reason=reason, states=(before, step.to))
    events.publish(PartnerTurned(held.schema_name, held.state))
    return held


def note(
    partner: Partner, what: str, *, actor: str, reason: str = "", states: tuple[str, str] = ("", "")
) -> None:
    """Write down what happened to a partner."""
    PartnerEvent.objects.create(
        partner=partner, at=clock.now(), what=what, from_state=states[0], to_state=states[1],
        actor=actor, reason=reason[:300],
    )  # fmt: skip
