from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from portal.tenants.opening import open_partner


class Command(BaseCommand):
    help = "Open a partner: a schema, a sub-domain and the standard roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Lower-case letters and digits; becomes the sub-domain.")
        parser.add_argument("--name", required=True, help="The name their customers see.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            partner = open_partner(options["slug"], name=options["name"])
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        except IntegrityError as error:
            raise CommandError(f"Partner {options['slug']} exists already.") from error
        self.stdout.write(f"{partner.name} is open at {partner.get_primary_domain().domain}")
