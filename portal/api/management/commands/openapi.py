from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.api.pages_about import as_yaml


class Command(BaseCommand):
    help = "Print the API's description (OpenAPI), or write it to docs/openapi.yaml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="Write docs/openapi.yaml.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            Path(settings.BASE_DIR, "docs/openapi.yaml").write_bytes(as_yaml())
        else:
            self.stdout.write(as_yaml().decode(), ending="")
