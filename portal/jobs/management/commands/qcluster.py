import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.jobs.crew import Crew


class Command(BaseCommand):
    help = "Work off the queue. Ends with 1 when a worker was killed; start it again then."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(Crew().work())
