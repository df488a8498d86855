"""Who else says who somebody is: OpenID providers, what they decide, and whom they know here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models.person import Person
from portal.accounts.models.role import Role

USUAL_SCOPES = "openid email profile"


class Provider(models.Model):
    """An OpenID provider of the site. `sealed` holds the client's secret and is never shown; an address of
    `email_domains` that the provider has proven stands for the person who has it here."""

    ref = models.SlugField(max_length=40, unique=True, help_text="Its part of addresses.")
    name = models.CharField(max_length=40)
    button = models.CharField(max_length=60, blank=True, help_text="What its button says.")
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=300)
    sealed = models.BinaryField(null=True)
    scopes = models.CharField(max_length=200, default=USUAL_SCOPES)
    email_domains = ArrayField(models.CharField(max_length=253), default=list)
    makes_people = models.BooleanField(default=False)
    decides_roles = models.BooleanField(default=False)
    trusts_second_step = models.BooleanField(default=False)
    is_only_way = models.BooleanField(
        default=False, help_text="Staff sign in by it and by nothing else."
    )
    is_on = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_only_way"], condition=Q(is_only_way=True), name="one_only_way"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.button or _("Log in with %(provider)s") % {"provider": self.name}


class ProviderRule(models.Model):
    """Whoever's `claim` has `value` gets the role: a customer's with the customer, one of staff for
    everybody, or for one customer or group. Both are ids, as in `Limit`."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="rules")
    position = models.PositiveIntegerField()
    claim = models.CharField(max_length=120)
    value = models.CharField(max_length=200)
    role = models.ForeignKey(Role, models.PROTECT, related_name="provider_rules")
    customer_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "claim", "value"], name="one_rule_for_a_value"
            ),
            models.CheckConstraint(
                condition=Q(customer_id=None) | Q(group_id=None),
                name="a_rule_names_a_customer_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.value}"


class Identity(models.Model):
    """Whom a provider means by a subject. A person is known to each provider once: an address that another
    account of the provider has by now does not open what the first one opened."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["provider", "person"], name="one_subject_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} knows {self.person_id}"
