from typing import Any

from django.core.management.base import BaseCommand

from portal.jobs import beat


class Command(BaseCommand):
    help = "Hand due work to the queue. One is enough; more do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        beat.forever()
