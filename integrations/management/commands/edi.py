from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.formats.edi_report import write_issues, write_report


class Command(BaseCommand):
    help = "Read EDI files and print what is in them, one JSON object for a file and line."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        read = verbs.add_parser("read", help=self.help)
        read.add_argument("--issues", action="store_true", help="Leave out what is in the files.")
        read.add_argument("files", nargs="+", type=Path, help="Files, or folders of files.")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [file for path in options["files"] for file in _files(path)]
        missed = sum(not self._read(file, short=options["issues"]) for file in files)
        if missed:
            raise CommandError(f"{missed} of {len(files)} files were not read.", returncode=2)

    def _read(self, file: Path, *, short: bool) -> bool:
        try:
            data = file.read_bytes()
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}")
            return False
        tell = write_issues if short else write_report
        tell(str(file), data, lambda text: self.stdout.write(text, ending=""))
        return True


def _files(path: Path) -> list[Path]:
    """The path itself, or every file below a folder, by name; hidden ones are left out."""
    if not path.is_dir():
        return [path]
    below = (file for file in path.rglob("*") if file.is_file())
    return sorted(f for f in below if not any(p.startswith(".") for p in f.relative_to(path).parts))
