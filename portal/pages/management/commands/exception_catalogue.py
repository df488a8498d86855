from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.pages import catalogue


class Command(BaseCommand):
    help = "Print what can go wrong and what helps, or write it to docs/exceptions.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/exceptions.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            Path(settings.BASE_DIR, "docs/exceptions.md").write_text(catalogue.document())
        else:
            self.stdout.write(catalogue.document(), ending="")
