"""What stood live for each subject of a customer's configuration, from one moment to the next."""

from django.db import models
from django.db.models.functions import Now

from portal.customers.models import Customer


class Kind(models.TextChoices):
    """What can be changed with evidence; together they decide over every document."""

    MAPPING = "mapping", "mapping"
    LOOKUP = "lookup", "lookup"
    RULES = "rules", "routing rules"
    FLOW = "flow", "flow"
    CONTRACT = "contract", "contract"
    EXTENSION = "extension", "extension"
    ENDPOINT = "endpoint", "endpoint settings"
    POLICY = "policy", "customer policies"


class Version(models.Model):
    """One subject's content as it was live. Never changes; `content` is null where it was removed.

    `key` names the subject within its kind: “store-main order in”, a lookup's name, a flow's slug,
    "" for routing rules. Ids grow in the order of commits, so “everything up to id N” is a whole
    configuration.
    """

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        related_name="versions",
        help_text="Null: the partner's.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, blank=True)
    number = models.PositiveIntegerField()
    content = models.JSONField(null=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content's canonical JSON.")
    at = models.DateTimeField(db_default=Now())
    author = models.CharField(max_length=80, blank=True, help_text="Empty: found changed.")
    cause = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "key", "number"],
                name="one_version_number",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} v{self.number}"
