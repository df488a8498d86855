"""Somebody of the house looks at what a customer's person sees; the customer decides and reads of it."""

from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.customers.models import Customer

MINUTES: Final = (15, 60, 240)  # how long an access may be
_NOT_BEGUN: Final = Q(state__in=("asked", "granted"))


class Rule(models.TextChoices):
    """What a customer says to being looked at."""

    ASK = "ask", _("Ask us each time")
    ALWAYS = "always", _("Without asking, within the limits")
    NEVER = "never", _("Never")


class Consent(models.Model):
    """What a customer allows from now on; without a row they are asked each time."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="consent")
    rule = models.CharField(max_length=6, choices=Rule, default=Rule.ASK)
    longest = models.PositiveSmallIntegerField(default=MINUTES[-1], help_text="Minutes.")
    until = models.DateTimeField(null=True, help_text="When they want to be asked again.")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    customer_may_read = "customer_id"

    def __str__(self) -> str:
        return f"consent of {self.customer_id}"


class SupportAccess(models.Model):
    """One time that somebody asks to act as a customer's person, and what became of it.

    Names are kept beside the persons: the customer reads them whatever becomes of those.
    """

    class House(models.TextChoices):
        PARTNER = "partner"
        PLATFORM = "platform"

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        RUNNING = "running"
        OVER = "over"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="support")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField(max_length=80, help_text="As whom.")
    house = models.CharField(max_length=8, choices=House, default=House.PARTNER)
    staff = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    staff_name = models.CharField(max_length=80, help_text="Who.")
    staff_key = models.CharField(
        max_length=20, blank=True, help_text="Which of the platform's people, where it is one."
    )
    reason = models.CharField(max_length=300)
    case = models.BigIntegerField(null=True, help_text="The number of the case it is about.")
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=120, blank=True, help_text="In a few words.")

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["customer"], condition=~Q(state="over"), name="support_access_that_is_open"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "staff"], condition=_NOT_BEGUN, name="one_open_access_each"
            ),
            models.UniqueConstraint(
                fields=["customer", "staff_key"],
                condition=_NOT_BEGUN & ~Q(staff_key=""),
                name="one_open_access_each_of_the_platform",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_name} as {self.person_name}"

    def is_running(self, now: datetime) -> bool:
        return self.state == self.State.RUNNING and self.ends_at is not None and now < self.ends_at


class Handover(models.Model):
    """The way from the platform's console to a partner's site: a link that works once, kept as a hash."""

    access = models.ForeignKey(SupportAccess, models.CASCADE, related_name="handovers")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"handover of access {self.access_id}"


class LedgerEntry(models.Model):
    """One thing that happened about a customer's consent, for the customer to read. Never changed; each
    row of a customer vouches for the one before."""

    class Kind(models.TextChoices):
        CONSENT = "consent"
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        BEGUN = "begun"
        LOOKED = "looked"
        ENDED = "ended"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    access = models.ForeignKey(SupportAccess, models.PROTECT, null=True, related_name="entries")
    number = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    said = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    customer_may_read = "customer_id"

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="one_entry_a_number")
        ]
        indexes = [
            models.Index(fields=["customer", "kind", "at"], name="ledger_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
