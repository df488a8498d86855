import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.connectors import registry
from integrations.management.translation import translate


class Command(BaseCommand):
    help = "Translate one file as a connector would, and print the canonical objects as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--connector", required=True, choices=registry.SLUGS)
        parser.add_argument("--type", required=True, help="The object type the file holds.")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        connector = registry.get(options["connector"])
        known = sorted(connector.manifest.reads)
        if options["type"] not in known:
            text = f"{connector.manifest.label} does not give {options['type']}."
            raise CommandError(f"{text} It gives {', '.join(known)}.")
        try:
            body = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.", returncode=2) from error
        translation = translate(connector, options["type"], body)
        self.stdout.write(json.dumps(translation, indent=2))
