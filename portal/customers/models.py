"""The distributors a partner serves."""

from typing import Any

from django.db import models

from portal.tenants.models import PARTNER_SLUG

_WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "07:00-19:00")


def usual_calendar() -> dict[str, Any]:
    """What a customer keeps until somebody says otherwise: no holidays, in their own zone."""
    return {"hours": dict(_WEEKDAYS)}


class Customer(models.Model):
    """A distributor; a row in the partner's schema."""

    slug = models.CharField(max_length=41, unique=True, validators=[PARTNER_SLUG])
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40, default="UTC")
    language = models.CharField(
        max_length=8,
        blank=True,
        help_text="Of those of their people who chose none; blank: the partner's.",
    )
    currency = models.CharField(max_length=3, default="USD")
    extensions = models.JSONField(
        default=dict,
        blank=True,
        help_text="Declared extension schemas: {entity: {namespace: JSON Schema}}.",
    )
    policies = models.JSONField(default=dict, blank=True)
    calendar = models.JSONField(
        default=usual_calendar,
        help_text="Hours by weekday, holidays and days of their own, as in calendar_json.",
    )
    config_version = models.PositiveBigIntegerField(
        default=1,
        help_text="Grows when anything that decides over this customer's documents changes.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    customer_may_read = "id"
    limited_by = "id"

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerGroup(models.Model):
    """Customers that belong together for some reason. A customer may be in any number of groups."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", "Contract"
        REGION = "region", "Region"
        ERP = "erp", "ERP"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OTHER)
    members = models.ManyToManyField(Customer, related_name="groups")
    made_by = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
