import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.connectors.manifest import CATEGORIES
from integrations.scaffold import writing

_NEXT = """
It passes the conformance suite as it stands:
  .venv/bin/python -m pytest tests/connectors -k {slug}

Then, in docs/add-a-connector.md's order: description.yaml, settings.py, mappings.py with golden files of
the real system, its quirks in README.md, and what is still to do in manifest.py."""


class Command(BaseCommand):
    help = "Begin a connector: its files, and tests that pass from the start."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Its name in code and configuration, such as acme_erp.")
        parser.add_argument("--label", help="What people call it; made of the slug if left out.")
        parser.add_argument(
            "--category", default="generic", help=f"One of: {', '.join(CATEGORIES)}."
        )
        parser.add_argument("--root", type=Path, help="Another checkout than this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, root = options["slug"], options["root"] or Path(settings.BASE_DIR)
        label = options["label"] or slug.replace("_", " ").capitalize()
        try:
            written = writing.begin(root, slug=slug, label=label, category=options["category"])
        except writing.RefusedError as error:
            raise CommandError(str(error)) from None
        _tidy([path for path in written if path.suffix == ".py"])
        for path in written:
            self.stdout.write(str(path.relative_to(root)))
        self.stdout.write(_NEXT.format(slug=slug))


def _tidy(files: Sequence[Path]) -> None:
    """Imports in order and lines as the house has them, whatever the slug: where ruff is installed."""
    if find_spec("ruff") is None:
        return
    for verb in (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet")):
        command = [sys.executable, "-m", "ruff", *verb, *map(str, files)]
        subprocess.run(command, check=False)  # noqa: S603 - our own files, no shell
