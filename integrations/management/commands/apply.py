import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations import configfile
from integrations.management.partner import inside_partner


class Command(BaseCommand):
    help = "Bring a partner's configuration to what a YAML file says, or refuse the file whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="The partner's slug.")
        parser.add_argument("file", type=Path, help="See docs/configuration.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            text = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=2) from error
        with inside_partner(options["partner"]):
            try:
                lines = configfile.apply(text, environment=os.environ)
            except configfile.RefusedError as refused:
                self._tell(file, refused.faults)
                raise CommandError(f"{file} was refused; nothing changed.") from refused
        for line in lines or ["nothing to change"]:
            self.stdout.write(line)

    def _tell(self, file: Path, faults: list[configfile.Fault]) -> None:
        for fault in faults:
            where = f"{fault.path}: " if fault.path else ""
            self.stderr.write(f"{file}:{fault.line}: {where}{fault.text}")
