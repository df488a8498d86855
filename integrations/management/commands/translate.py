import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.connectors import registry
from integrations.connectors.connector import Connector
from integrations.management.translation import translate
from integrations.yaml_source import RefusedError, read_source


class Command(BaseCommand):
    help = (
        "Translate one file as a connector would, and print the canonical objects as JSON. Ends with 1"
        " when there are problems, with 2 when a file cannot be read."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--connector", required=True, choices=registry.SLUGS)
        parser.add_argument("--type", required=True, help="The object type the file holds.")
        parser.add_argument(
            "--endpoint-settings",
            type=Path,
            metavar="FILE",
            help="A YAML file with an endpoint's settings, `name: value`.",
        )
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        connector = registry.get(options["connector"])
        known = sorted(connector.manifest.reads)
        if options["type"] not in known:
            text = f"{connector.manifest.label} does not give {options['type']}."
            raise CommandError(f"{text} It gives {', '.join(known)}.")
        given = options["endpoint_settings"]
        settings = _settings(given, connector) if given else {}
        body = _read(options["file"])
        translation = translate(connector, options["type"], body, settings=settings)
        self.stdout.write(json.dumps(translation, indent=2))
        if translation["problems"]:
            raise CommandError(f"{len(translation['problems'])} problems, see above.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=2) from error


def _settings(file: Path, connector: Connector) -> dict[str, Any]:
    try:
        settings = read_source(_read(file)).data or {}
    except RefusedError as refused:
        fault = refused.faults[0]
        raise CommandError(f"{file}:{fault.line}: {fault.text}", returncode=2) from refused
    if not isinstance(settings, dict):
        raise CommandError(f"{file}: Write one line `name: value` for each setting.", returncode=2)
    known = [setting.name for setting in connector.settings if not setting.secret]
    if strange := sorted(settings.keys() - set(known)):
        text = f"{connector.manifest.label} has no setting {strange[0]}."
        raise CommandError(f"{file}: {text} There are: {', '.join(known)}.", returncode=2)
    return settings
