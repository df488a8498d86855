"""What is told: one alert for each cause, from its beginning to its end."""

from django.db import models
from django.db.models.functions import Now

from monitoring.models.alert_rule import AlertRule
from monitoring.models.case import ExceptionCase


class Alert(models.Model):
    """A case, or a limit that is passed, once: what comes back is another one."""

    key = models.CharField(max_length=80, help_text="Of its cause; see monitoring.alerting.keys.")
    case = models.ForeignKey(ExceptionCase, models.CASCADE, null=True, related_name="alerts")
    round = models.PositiveSmallIntegerField(
        default=0, help_text="How often its case had come back."
    )
    rule = models.ForeignKey(
        AlertRule, models.CASCADE, null=True, related_name="+", help_text="Whose limit it is."
    )
    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE, null=True)
    severity = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    facts = models.JSONField(default=dict, help_text="Of a limit: what was found when last looked.")
    raised_at = models.DateTimeField(db_default=Now())
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    over_at = models.DateTimeField(null=True)
    over_cause = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_open_alert_per_cause",
                condition=models.Q(over_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["case", "round"], name="alert_of_case")]

    def __str__(self) -> str:
        return self.title

    @property
    def came_back(self) -> bool:
        return self.round > 0


class AlertCourse(models.Model):
    """How far an alert has come along the steps of one rule."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="courses")
    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField(default=0, help_text="The step that comes next.")
    told = models.PositiveIntegerField(default=0, help_text="How often steps were taken.")
    next_at = models.DateTimeField(null=True, help_text="Null: there is nothing more to do.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "rule"], name="one_course_per_rule")
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="course_due",
                condition=models.Q(next_at__isnull=False),
            )
        ]
