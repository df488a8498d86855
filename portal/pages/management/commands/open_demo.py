import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django_tenants.utils import get_public_schema_name, schema_context

from portal.accounts.models import Person, Role
from portal.customers.models import Customer
from portal.demo.people import PARTNER, PARTNER_NAME, PEOPLE, DemoPerson
from portal.pages import demo_money, demo_watching
from portal.tenants.models import AllowedNetwork, Partner
from portal.tenants.opening import open_partner

LOOPBACK = ("127.0.0.0/8", "::1/128")


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # the pages need not load for this
    help = (
        "Bring the demo's partner, configuration and people to what they should be."
        " Everybody signs in with DEMO_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The configuration to apply.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate_partners", stdout=self.stdout)
        if not Partner.objects.filter(schema_name=PARTNER).exists():
            open_partner(PARTNER, name=PARTNER_NAME)
            self.stdout.write(f"opened partner {PARTNER_NAME}")
        self._allow_loopback()
        call_command("apply", options["file"], partner=PARTNER, stdout=self.stdout)
        for person in PEOPLE:
            self._let_in(person, os.environ["DEMO_PASSWORD"])
        self._watch()
        self._sell()

    def _sell(self) -> None:
        by_role = {person.role: person.email for person in PEOPLE}
        with schema_context(PARTNER):
            demo_money.sell(
                author=Person.objects.get(email=by_role["engineer"]),
                publisher=Person.objects.get(email=by_role["admin"]),
            )

    def _watch(self) -> None:
        by_role = {person.role: person.email for person in PEOPLE}
        with schema_context(PARTNER):
            demo_watching.watch(
                Customer.objects.get(slug="harbor"),
                asked_by=Person.objects.get(email=by_role["operator"]),
                approved_by=Person.objects.get(email=by_role["admin"]),
                reader=by_role["viewer"],
            )

    def _allow_loopback(self) -> None:
        partner = Partner.objects.get(schema_name=PARTNER)
        why = {"reason": "The demo's systems run on this machine."}
        for network in LOOPBACK:
            AllowedNetwork.objects.get_or_create(network=network, partner=partner, defaults=why)

    def _let_in(self, demo: DemoPerson, password: str) -> None:
        with schema_context(demo.site if demo.site == PARTNER else get_public_schema_name()):
            person = Person.objects.filter(email=demo.email).first()
            if person is None:
                Person.objects.create_person(
                    email=demo.email,
                    name=demo.name,
                    role=Role.objects.get(slug=demo.role),
                    password=password,
                    customer_id=Customer.objects.get(slug=demo.customer).pk
                    if demo.customer
                    else None,
                )
                self.stdout.write(f"added {demo.name} <{demo.email}>")
            elif not person.check_password(password):
                person.set_password(password)
                person.save(update_fields=["password"])
