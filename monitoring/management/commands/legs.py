from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from integrations.management.partner import inside_partner
from monitoring.domain import legs


class Command(BaseCommand):
    help = "Make the legs of all of a partner's orders anew from what is recorded of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["rebuild"])
        parser.add_argument("--partner", required=True, help="The partner's slug.")

    def handle(self, *args: Any, **options: Any) -> None:
        with inside_partner(options["partner"]):
            bites = legs.rebuild()
        self.stdout.write(f"Legs made anew, in {bites + 1} bites.")
