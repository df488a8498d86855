"""People: platform staff in public, everybody else in their partner's schema."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from portal.accounts.models.role import Role


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

    The customer is an id and not a relation: in the public schema there are no customers.
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
    single_keys = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects: PersonManager = PersonManager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_customer(self) -> bool:
        return self.customer_id is not None

    def may(self, permission: str) -> bool:
        return self.is_active and permission in self.role.permissions
