"""What happened to a partner, on the platform's side."""

from typing import Final

from django.db import models

from portal.tenants.models.partner import Partner

KEEP: Final = """
    CREATE FUNCTION keep_partner_events() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN
        RAISE EXCEPTION 'What happened to a partner is never changed.'
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END $keep$;
    CREATE TRIGGER keep_partner_events BEFORE UPDATE OR DELETE ON tenants_partnerevent FOR EACH ROW
        EXECUTE FUNCTION keep_partner_events();
"""


class PartnerEvent(models.Model):
    """One thing: when, what, from and to which state, who, why. Rows never change."""

    class What(models.TextChoices):
        OPENED = "opened", "opened"
        SUSPENDED = "suspend", "suspended"
        RESUMED = "resume", "opened again"
        ARCHIVED = "archive", "archived"
        BROUGHT_BACK = "bring_back", "brought back"
        DELETED = "delete", "deleted"
        EXPORTED = "exported", "exported"
        DOWNLOADED = "downloaded", "export downloaded"
        TIER = "tier", "put in a tier"
        FLAG = "flag", "feature switched"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What)
    from_state = models.CharField(max_length=9, blank=True)
    to_state = models.CharField(max_length=9, blank=True)
    actor = models.CharField(max_length=150)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.partner_id} {self.what}"
