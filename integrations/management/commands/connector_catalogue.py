from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from integrations.connectors import catalogue


class Command(BaseCommand):
    help = "Print what each connector can do, or write it to docs/connectors.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/connectors.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            Path(settings.BASE_DIR, "docs/connectors.md").write_text(catalogue.document())
        else:
            self.stdout.write(catalogue.document(), ending="")
