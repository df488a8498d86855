from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.console.archive import reading


class Command(BaseCommand):
    help = "Read an export of a partner back and say whether it is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The .tar.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        report = reading.check(path)
        if report.faults:
            raise CommandError("\n".join(report.faults))
        rows = sum(report.rows.values())
        self.stdout.write(
            f"Whole: {report.manifest['name']}, {rows} rows of {len(report.rows)} tables,"
            f" {report.payloads} documents."
        )
