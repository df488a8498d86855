"""Invitations: somebody was asked to sign in here, and with which role."""

from django.db import models
from django.db.models import Q

from portal.accounts.models.person import Person
from portal.accounts.models.role import Role
from portal.tenants.rows import OwnFunction

OPEN = Q(accepted_at=None, withdrawn_at=None)
# What a customer's person reads of the invitations: the open ones of the same customer.
OWN_INVITATIONS = OwnFunction(
    name="own_invitations",
    columns="customer_id bigint, id bigint, name text, email text, role text, invited_by text,"
    " expires_at timestamptz",
    select="""
        SELECT i.customer_id, i.id, i.name::text, i.email::text, r.label::text, i.invited_by::text,
            i.expires_at
        FROM accounts_invitation i JOIN accounts_role r ON r.id = i.role_id
        WHERE i.accepted_at IS NULL AND i.withdrawn_at IS NULL
    """,
)


class Invitation(models.Model):
    """A letter with a link that makes one person. Of the link only a hash is kept.

    `role` is empty once the invitation is over and the role was deleted.
    """

    email = models.EmailField()
    name = models.CharField(max_length=80)
    role = models.ForeignKey(Role, models.SET_NULL, null=True)
    customer_id = models.BigIntegerField(null=True, blank=True)
    invited_by = models.CharField(max_length=80)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    customer_may_call = OWN_INVITATIONS

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=OPEN, name="one_open_invitation_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.email
