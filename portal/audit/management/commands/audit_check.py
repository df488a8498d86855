from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_public_schema_name, schema_context

from portal.audit.domain.checking import check
from portal.core.sealing import Head
from portal.tenants.models import Partner


class Command(BaseCommand):
    help = (
        "Look whether a partner's audit log is as it was written; names the first row that is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--partner", help="The partner's name in addresses; without it, the platform's own log."
        )
        parser.add_argument(
            "--expect", default="", metavar="ROW:DIGEST",
            help="Where the log ended when it was checked before: whatever was there has to be there still.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        schema = options["partner"] or get_public_schema_name()
        if not Partner.objects.filter(schema_name=schema).exists():
            raise CommandError(f"There is no partner {schema}.")
        with schema_context(schema):
            found = check(expected=_head(options["expect"]))
        if found.broken:
            raise CommandError(f"{found.broken} The {found.entries} rows before it are whole.")
        self.stdout.write(f"{found.entries} entries are as they were written. Head: {found.head}")


def _head(text: str) -> Head | None:
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not (number.isdigit() and len(digest) == 64):
        raise CommandError(
            "--expect wants a row and its digest, as this command printed them: 12:9f2c…"
        )
    return Head(int(number), digest)
