from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.tenants import opening, schemas


class Command(BaseCommand):
    help = "Bring the public schema and every partner's schema up to date, several at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, help="How many schemas at once.")

    def handle(self, *args: Any, **options: Any) -> None:
        schemas.migrate_public()
        opening.open_platform()
        failed = 0
        for outcome in schemas.migrate_partners(processes=options["processes"]):
            failed += outcome.result == "failed"
            self.stdout.write(f"{outcome.schema}: {outcome.result} {outcome.reason}".rstrip())
        if failed:
            raise CommandError(f"{failed} schemas were not migrated; the others were.")
