from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.domain import rollup
from integrations.management.partner import inside_partner


class Command(BaseCommand):
    help = (
        "Check a partner's sums of traffic against the events they sum, or make them anew. `check` ends"
        " with 1 and names what differs. Both may run while documents move."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["check", "rebuild"])
        parser.add_argument("--partner", required=True, help="The partner's slug.")

    def handle(self, *args: Any, **options: Any) -> None:
        with inside_partner(options["partner"]):
            if options["verb"] == "rebuild":
                self.stdout.write(f"{rollup.rebuild():,} sums made anew.")
            else:
                self._check()

    def _check(self) -> None:
        found = rollup.differences()
        for text in found:
            self.stdout.write(text)
        if found:
            raise CommandError("The sums are not what the events add up to: run `traffic rebuild`.")
        self.stdout.write("The sums are what the events add up to.")
