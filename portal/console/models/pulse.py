"""How each partner does, in numbers."""

from django.db import models

from portal.tenants.models import Partner


class Pulse(models.Model):
    """What a partner's own lane counted last. Numbers and times only: nothing here can hold what a document
    said or whose it was."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="pulse")
    at = models.DateTimeField()
    received_today = models.PositiveIntegerField(default=0)
    sent_today = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    oldest_waiting_at = models.DateTimeField(null=True)
    open_cases = models.PositiveIntegerField(default=0)
    severe_cases = models.PositiveIntegerField(default=0, help_text="Of severity 1.")
    oldest_case_at = models.DateTimeField(null=True)
    burning = models.PositiveIntegerField(default=0, help_text="Promises used up too fast.")
    missed = models.PositiveIntegerField(default=0, help_text="Promises with nothing left.")
    door_refused = models.PositiveIntegerField(default=0, help_text="In 24 hours.")
    endpoints_down = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, help_text="When its workers were last at work.")
    looked_to = models.BigIntegerField(default=0, help_text="The last problem that was counted.")

    def __str__(self) -> str:
        return f"pulse of {self.partner_id}"
