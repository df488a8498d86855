import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_public_schema_name, schema_context

from portal.pages.brand_scan.scanning import STEPS, Result, look
from portal.pages.brand_scan.surface import CHANNELS
from portal.tenants.models import Partner


class Command(BaseCommand):
    help = (
        "Render every page, mail, document, answer and event of a partner and look for words, hosts and"
        " pictures of the vendor's. Changes nothing, sends nothing. Exits with 1 where it finds some."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--partner", required=True, help="The partner's slug.")
        parser.add_argument(
            "--routes", action="store_true", help="Print how each route answered as well."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug, began = options["partner"], time.monotonic()
        known = Partner.objects.exclude(schema_name=get_public_schema_name())
        if not known.filter(schema_name=slug).exists():
            raise CommandError(f"There is no partner {slug!r}.")
        result = Result()
        with schema_context(slug):
            for step, (label, _) in STEPS.items():
                since = time.monotonic()
                found = look(step)
                seconds = time.monotonic() - since
                self.stderr.write(f"{label}: {found.rendered.total()} in {seconds:.1f} s")
                result.merge(found)
        self._print(result, routes=options["routes"], seconds=time.monotonic() - began)
        if result.leaks or result.failed:
            said = f"{slug}: {len(result.leaks)} leaks, {len(result.failed)} pages that fail."
            raise CommandError(said, returncode=1)

    def _print(self, result: Result, *, routes: bool, seconds: float) -> None:
        self.stdout.write(f"{'channel':36}{'looked at':>10}{'leaks':>8}")
        for channel, label in CHANNELS.items():
            self.stdout.write(
                f"{label:36}{result.rendered[channel]:>10}{result.leaks_of(channel):>8}"
            )
        self.stdout.write(f"{result.in_data} times in customers' own data; {seconds:.0f} s")
        for leak, times in result.leaks:
            more = f" and {times - 1} more" if times > 1 else ""
            self.stdout.write(
                f"{CHANNELS[leak.channel]}: {leak.where}{more}: {leak.kind} {leak.found!r}"
                f" in {leak.part}: {leak.excerpt}"
            )
        for address in result.failed:
            self.stdout.write(f"not looked at, because it fails: {address}")
        if routes:
            for route, status in sorted(result.routes.items()):
                self.stdout.write(f"{status} {route}")
