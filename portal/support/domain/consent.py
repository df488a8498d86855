"""What a customer allows: how they are asked, how long at most, until when."""

from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.core import clock
from portal.support import endings
from portal.support.domain import ledger, states
from portal.support.models import MINUTES, Consent, LedgerEntry, Rule
from portal.tenants.rows import beyond_limit


class Terms(NamedTuple):
    """What holds now. `until` is when asking begins again; None: until somebody changes it."""

    rule: Rule
    longest: int
    until: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str = ""


USUAL: Final = Terms(Rule.ASK, MINUTES[-1])


class ConsentError(ValueError):
    """It cannot be set so; the text says why."""


def of(customer_id: int) -> Terms:
    """What a customer allows now. A consent that has run out is asking again."""
    found = Consent.objects.filter(customer_id=customer_id).first()
    if found is None:
        return USUAL
    over = found.until is not None and clock.now() >= found.until
    rule = Rule.ASK if over and found.rule == Rule.ALWAYS else Rule(found.rule)
    return Terms(rule, found.longest, found.until, found.changed_at, found.changed_by)


def change(by: Person, *, rule: Rule, longest: int, until: datetime | None) -> None:
    """From now on this holds for the customer of `by`. `Never` ends what is running, too.

    ConsentError for a length that there is not, or an end that is over.
    """
    if by.customer_id is None:
        raise ConsentError(_("Only a customer's own people decide this."))
    if longest not in MINUTES:
        raise ConsentError(_("Choose one of the lengths in the list."))
    if until is not None and until <= clock.now():
        raise ConsentError(_("Choose a day that is still to come."))
    kept = until if rule == Rule.ALWAYS else None
    with beyond_limit(), transaction.atomic():
        found = Consent.objects.select_for_update().filter(customer_id=by.customer_id).first()
        found = found or Consent(customer_id=by.customer_id)
        found.rule, found.longest, found.until = rule, longest, kept
        found.changed_at, found.changed_by = clock.now(), by.name
        found.save()
        ledger.append(
            LedgerEntry.Kind.CONSENT, by.customer_id, who=by.name, rule=str(rule), longest=longest,
            until=kept.isoformat() if kept else "",
        )  # fmt: skip
        if rule == Rule.NEVER:
            states.end_all_of(by.customer_id, how=endings.ALLOWS_NONE % {"name": by.name})
