"""What things cost: plans, whose versions never change once they are published."""

from django.db import models
from django.db.models.functions import Now


class Plan(models.Model):
    """Prices under a name. A plan that is in use is archived, never deleted."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    is_addon = models.BooleanField(default=False, help_text="Taken beside a plan.")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """One edition of a plan's prices: `content` as docs/plans.md has it."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        ASKED = "asked", "waiting for approval"
        PUBLISHED = "published", "published"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    content = models.JSONField()
    edition = models.PositiveIntegerField(default=1, help_text="Grows with each change of a draft.")
    note = models.CharField(
        max_length=300, blank=True, help_text="What changed, for who reads it later."
    )
    author = models.CharField(max_length=80, blank=True)
    author_id = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=80, blank=True)
    moves = models.BooleanField(
        default=False, help_text="Whoever has an earlier version moves here; else they keep theirs."
    )
    from_month = models.CharField(max_length=7, blank=True, help_text="From which month they move.")
    simulation = models.ForeignKey(
        "billing.Simulation", models.SET_NULL, null=True, related_name="+",
        help_text="What whoever published it had seen of its effect.",
    )  # fmt: skip

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version"),
            models.UniqueConstraint(
                fields=["plan"], name="one_plan_draft",
                condition=~models.Q(state="published"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan.name} v{self.number}"


class Simulation(models.Model):
    """What a draft would have brought over past months, customer by customer."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="simulations")
    edition = models.PositiveIntegerField(help_text="Of the draft it was made with.")
    content = models.JSONField(help_text="The prices it was made with.")
    months = models.PositiveSmallIntegerField()
    until = models.CharField(max_length=7, help_text="The last month.")
    everyone = models.BooleanField(
        default=False, help_text="Also those who have not had this plan, as if they had."
    )
    last_account = models.BigIntegerField(default=0, help_text="It goes on after this one.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=list, help_text="[{account, month, before, after, …}]")
    trouble = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
