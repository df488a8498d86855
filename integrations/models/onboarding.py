"""Bringing one endpoint from nothing to its first live document."""

from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint
from portal.customers.models import Customer


class OnboardingRun(models.Model):
    """One person's way through the eight steps; leaves and returns by link."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="onboardings")
    endpoint = models.OneToOneField(
        Endpoint, models.SET_NULL, null=True, related_name="onboarding", help_text="From step 2 on."
    )
    connector = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    template = models.ForeignKey(
        "integrations.EndpointTemplate", models.SET_NULL, null=True, related_name="runs"
    )
    facts = models.JSONField(default=dict, help_text="What each step found; see domain.onboarding.")
    done = models.JSONField(default=dict, help_text="{step: instant it was done}")
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField(db_default=Now())
    live_at = models.DateTimeField(null=True)
    signed_off_by = models.CharField(max_length=80, blank=True)
    first_order_at = models.DateTimeField(null=True)
    certificate = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]


class OnboardingBeat(models.Model):
    """Seconds somebody worked on a step, added up as its page is open and used."""

    run = models.ForeignKey(OnboardingRun, models.CASCADE, related_name="beats")
    step = models.CharField(max_length=20)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="one_beat_per_step")]


class ConformanceRun(models.Model):
    """One round of tagged test documents through an endpoint that is not live yet."""

    run = models.ForeignKey(OnboardingRun, models.CASCADE, related_name="conformance")
    number = models.CharField(max_length=60, help_text="The test order's number.")
    sku = models.CharField(max_length=80, blank=True, help_text="What the test order asks for.")
    legs = models.JSONField(default=list, help_text="See onboarding.conformance.")
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    passed = models.BooleanField(default=False)
    remote_id = models.CharField(max_length=120, blank=True, help_text="To take it away again.")
    cleaned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class EndpointTemplate(models.Model):
    """An onboarded endpoint, saved for the next customer."""

    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    connector = models.CharField(max_length=40)
    text = models.TextField(help_text="YAML; see onboarding.template.")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_template_version")
        ]
