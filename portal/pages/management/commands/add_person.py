import secrets
import sys
from contextlib import AbstractContextManager
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django_tenants.utils import get_public_schema_name, schema_context

from integrations.management.partner import inside_partner
from portal.accounts.models import Person, Role
from portal.customers.models import Customer


class Command(BaseCommand):
    help = (
        "Let somebody sign in. At a terminal the password is asked for; an empty answer, or no"
        " terminal, makes one and prints it once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        site = parser.add_mutually_exclusive_group(required=True)
        site.add_argument("--partner", help="The partner's slug.")
        site.add_argument("--platform", action="store_true", help="The platform's own staff.")
        parser.add_argument("--name", required=True, help="What others see.")
        parser.add_argument("--email", required=True, help="The mail address to sign in with.")
        parser.add_argument("--role", required=True, help="A role's slug, such as operator.")
        parser.add_argument("--customer", help="The customer's slug, for a customer's role.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not a mail address.") from error
        with _site(options["partner"]):
            role = _role(options["role"])
            customer_id = _customer_id(role, options["customer"])
            if Person.objects.filter(email=email).exists():
                raise CommandError(f"{email} can sign in here already.")
            password, was_made = _password()
            self._add(email, options["name"], role, password, customer_id)
        self.stdout.write(f"added {options['name']} <{email}>, {role.label}")
        if was_made:
            self.stdout.write(f"password: {password}")

    def _add(
        self, email: str, name: str, role: Role, password: str, customer_id: int | None
    ) -> None:
        try:
            with transaction.atomic():
                Person.objects.create_person(
                    email=email, name=name, role=role, password=password, customer_id=customer_id
                )
        except IntegrityError as error:
            raise CommandError(f"{email} can sign in here already.") from error


def _site(partner: str | None) -> AbstractContextManager[Any]:
    return inside_partner(partner) if partner else schema_context(get_public_schema_name())


def _role(slug: str) -> Role:
    try:
        return Role.objects.get(slug=slug)
    except Role.DoesNotExist:
        known = ", ".join(Role.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no role {slug}. There are: {known}.") from None


def _customer_id(role: Role, slug: str | None) -> int | None:
    if role.for_customers and not slug:
        raise CommandError(f"{role.label} is a customer's role: name the customer with --customer.")
    if slug and not role.for_customers:
        raise CommandError(f"{role.label} sees every customer: leave out --customer.")
    if not slug:
        return None
    try:
        return Customer.objects.get(slug=slug).pk
    except Customer.DoesNotExist:
        raise CommandError(f"There is no customer {slug}.") from None


def _password() -> tuple[str, bool]:
    """The password, and whether it was made here and has to be told."""
    entered = getpass("Password (empty: one is made): ") if sys.stdin.isatty() else ""
    if entered and getpass("Again: ") != entered:
        raise CommandError("The two passwords are not the same; nobody was added.")
    if not entered:
        return secrets.token_urlsafe(12), True
    try:
        validate_password(entered)
    except ValidationError as error:
        raise CommandError(f"{' '.join(error.messages)} Nobody was added.") from error
    return entered, False
