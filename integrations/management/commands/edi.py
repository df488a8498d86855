import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.formats.edi_report import write_issues, write_report

_WHAT = "Read EDI files and print what is in them, one JSON object for a file and line."
_HOW = (
    " Its verdict is accept, warn, quarantine or reject: what is in the files does not decide how the command"
    " ends. Ends with 2 when a file or folder could not be read; the others are printed all the same."
)


class Command(BaseCommand):
    help = _WHAT
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        read = verbs.add_parser("read", help=_WHAT, description=_WHAT + _HOW)
        read.add_argument("--issues", action="store_true", help="Leave out what is in the files.")
        read.add_argument(
            "files",
            nargs="+",
            type=Path,
            help="Files, or folders with all files below them: hidden ones are left out, and links to folders"
            " are not followed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._missed = 0
        try:
            count = sum(self._read_all(path, short=options["issues"]) for path in options["files"])
            self.stdout.flush()
        except BrokenPipeError:  # whoever reads has seen enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        if self._missed:
            raise CommandError(f"{self._missed} of {count} were not read.", returncode=2)

    def _read_all(self, path: Path, *, short: bool) -> int:
        """Read a file, or the files of a folder; returns how many, with those that could not be read."""
        unread: list[OSError] = []
        files = _files(path, unread) if path.is_dir() else [path]
        for error in unread:
            self._miss(error.filename, error)
        for file in files:
            self._read(file, short=short)
        if not files and not unread:
            self.stderr.write(f"{path}: There are no files below it.")
        return len(files) + len(unread)

    def _read(self, file: Path, *, short: bool) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            self._miss(file, error)
            return
        tell = write_issues if short else write_report
        tell(str(file), data, lambda text: self.stdout.write(text, ending=""))

    def _miss(self, path: Path | str, error: OSError) -> None:
        self._missed += 1
        self.stderr.write(f"{path}: {error.strerror}")


def _files(folder: Path, unread: list[OSError]) -> list[Path]:
    """Every file below a folder, by name; hidden ones are left out. What may not be looked at is put into
    `unread`."""
    found = []
    for above, below, names in os.walk(folder, onerror=unread.append):
        below[:] = [name for name in below if not name.startswith(".")]
        found += [Path(above, name) for name in names if not name.startswith(".")]
    return [file for file in sorted(found) if _is_file(file, unread)]


def _is_file(path: Path, unread: list[OSError]) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        unread.append(error)
        return False
