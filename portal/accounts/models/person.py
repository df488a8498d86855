"""People: platform staff in public, everybody else in their partner's schema."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from portal.accounts.models.role import Role
from portal.accounts.roles import WHOLE_HOUSE
from portal.tenants.rows import OwnFunction

# What a customer's person reads of the people: who else signs in for the same customer, as what.
OWN_COLLEAGUES = OwnFunction(
    name="own_colleagues",
    columns="customer_id bigint, id bigint, name text, email text, role text, is_active boolean,"
    " last_login timestamptz",
    select="""
        SELECT p.customer_id, p.id, p.name::text, p.email::text, r.label::text, p.is_active, p.last_login
        FROM accounts_person p JOIN accounts_role r ON r.id = p.role_id
    """,
)


class PersonManager(BaseUserManager["Person"]):
    def create_person(
        self,
        *,
        email: str,
        name: str,
        role: Role,
        password: str | None,
        customer_id: int | None = None,
    ) -> "Person":
        """Add a person; a customer's role needs the customer, the others must not have one."""
        if role.for_customers != (customer_id is not None):
            raise ValueError("A customer's role goes with a customer, and only that role does.")
        person = self.model(
            email=self.normalize_email(email).lower(), name=name, role=role, customer_id=customer_id
        )
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. `customer_id` limits a distributor's person to their own rows.

    The customer is an id and not a relation: in the public schema there are no customers. How times,
    numbers and days are written is blank where the person chose nothing (see portal.core.manner).
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    customer_id = models.BigIntegerField(null=True, blank=True)
    is_limited = models.BooleanField(
        default=False, help_text="Works for the customers and groups of their limits only."
    )
    is_active = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)
    numbers = models.CharField(max_length=12, blank=True)
    days = models.CharField(max_length=12, blank=True)
    clock = models.CharField(max_length=2, blank=True)
    single_keys = models.BooleanField(default=True)

    # Of somebody in whose name a program asks: what its token may do, instead of what the role says.
    granted: frozenset[str] | None = None

    USERNAME_FIELD = "email"
    objects: PersonManager = PersonManager()
    customer_may_call = OWN_COLLEAGUES

    def __str__(self) -> str:
        return self.name

    @property
    def is_customer(self) -> bool:
        return self.customer_id is not None

    def may(self, permission: str) -> bool:
        held = self.role.permissions if self.granted is None else self.granted
        if self.is_limited and permission in WHOLE_HOUSE:
            return False
        return self.is_active and permission in held

    def save(self, *args: Any, **options: Any) -> None:
        if self.granted is not None:
            raise RuntimeError("A person in whose name a program asks is not whole: not saved.")
        super().save(*args, **options)
