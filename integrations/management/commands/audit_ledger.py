import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.management.partner import inside_partner
from integrations.queries.ledger import balance


class Command(BaseCommand):
    help = (
        "Balance a partner's books and print them as JSON. Ends with 1 when something was lost or"
        " took effect twice; `findings` names it. docs/audit-ledger.md explains each figure."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="The partner's slug.")

    def handle(self, *args: Any, **options: Any) -> None:
        with inside_partner(options["partner"]):
            ledger = balance()
        findings = [finding._asdict() for finding in ledger.findings]
        books = {**ledger._asdict(), "findings": findings}
        counts = books.pop("counts")
        self.stdout.write(json.dumps({**counts, **books}))
        if findings:
            raise CommandError(f"{len(findings)} findings: the books do not balance.")
