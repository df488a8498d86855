from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.pages import matrix


class Command(BaseCommand):
    help = "Print who may do what, or write it to docs/permissions.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/permissions.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            Path(settings.BASE_DIR, "docs/permissions.md").write_text(matrix.document())
        else:
            self.stdout.write(matrix.document(), ending="")
