from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations import configfile
from integrations.configfile.export import UnknownCustomerError
from integrations.management.partner import inside_partner
from portal.core.errors import NeedsCredentials


class Command(BaseCommand):
    help = "Print a partner's configuration as the YAML that `apply` takes, without secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="The partner's slug.")
        parser.add_argument("--customer", help="Only this customer and what is theirs.")

    def handle(self, *args: Any, **options: Any) -> None:
        with inside_partner(options["partner"]):
            try:
                text = configfile.export(customer=options["customer"])
            except UnknownCustomerError as error:
                raise CommandError(f"There is no customer {error}.") from error
            except NeedsCredentials as error:
                raise CommandError(str(error)) from error
        self.stdout.write(text, ending="")
