"""An endpoint whose stock list lies in a folder, and the resource that is made of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django_tenants.utils import schema_context

from integrations.domain import poll, resource_changes
from integrations.models import Endpoint, PollCursor, Resource
from portal.core import clock
from tests import pipeline
from tests.people import Site
from tests.transports.places import FolderPlace

AGREEMENT = Path(__file__).with_name("files.yaml").read_text()
HEAD = "Artikel;Text;Bestand;Preis;Zulauf;Inventur;EK\r\n"
MONDAY = HEAD + (
    "A-1;Zelt;12;61,50;03.03.2026;02.03.2026 10:00;30\r\n"
    "A-2;Zelt, groß;3;99,90;;02.03.2026 10:00;50\r\n"
    "A/3,~;100%_Wolle;0;;;;1\r\n"
    "B-1;;7;5,00;;01.03.2026 09:00;2\r\n"
)
# A-1 is sold, A-2 as it was, A/3,~ gone, B-1 as it was but for its cost, which is not shown; C-1 came.
TUESDAY = HEAD + (
    "A-1;Zelt;11;61,50;03.03.2026;02.03.2026 10:00;30\r\n"
    "A-2;Zelt, groß;3;99,90;;02.03.2026 10:00;50\r\n"
    "B-1;;7;5,00;;01.03.2026 09:00;3\r\n"
    "C-1;Becher;5;4,25;;;1\r\n"
)
STOCK: dict[str, Any] = {
    "relation": "stock",
    "key": ["sku"],
    "page_size": 100,
    "fields": [
        {"name": "sku", "column": "sku", "type": "string", "filter": True, "sort": True},
        {"name": "name", "column": "name", "type": "string", "filter": True, "sort": True},
        {"name": "on_hand", "column": "on_hand", "type": "integer", "filter": True, "sort": True},
        {"name": "price", "column": "price", "type": "decimal", "filter": True, "sort": True},
        {"name": "due", "column": "due", "type": "date", "filter": True},
        {"name": "counted", "column": "counted", "type": "datetime", "filter": True},
    ],
    "create": {
        "once_by": ["sku"],
        "fields": [
            {"name": "sku", "into": "sku", "type": "string", "required": True},
            {"name": "name", "into": "name", "type": "string"},
            {"name": "on_hand", "into": "on_hand", "type": "integer", "required": True},
            {"name": "price", "into": "price", "type": "decimal"},
            {"name": "due", "into": "due", "type": "date"},
            {"name": "counted", "into": "counted", "type": "datetime"},
        ],
    },
}


class Files:
    """The folder as its owner sees it, and what the portal does with what comes."""

    def __init__(self, site: Site, root: Path) -> None:
        self.site, self.place = site, FolderPlace(root)
        with schema_context(site.schema):
            self.endpoint: Endpoint = pipeline.endpoint(
                site.harbor, "erp", connector="files", label="Old ERP", secrets={},
                settings={"protocol": "folder", "root": str(root), "agreement": AGREEMENT,
                          "time_zone": "Europe/Berlin"},
            )  # fmt: skip
            PollCursor.objects.create(endpoint=self.endpoint, stream="files", due_at=clock.now())

    def come(self, name: str, text: str | bytes) -> None:
        """A file is put there, stands still, and is picked up and taken apart."""
        body = text if isinstance(text, bytes) else text.encode()
        self.place.put(f"out/{name}", body)
        with schema_context(self.site.schema):
            for later in (0, 11):  # a file is ready when it stood still for ten seconds
                with clock.freeze(datetime.now(UTC) + timedelta(seconds=later)):
                    PollCursor.objects.update(due_at=clock.now())
                    poll.poll(self.endpoint.pk)
            pipeline.run(self.site.harbor)

    def follow(self) -> int:
        """Look until there is nothing left to tell; how many rows were told."""
        done = 0
        with schema_context(self.site.schema):
            while True:
                Resource.objects.exclude(due_at=None).update(
                    due_at=datetime(2020, 1, 1, tzinfo=UTC)
                )
                for one in Resource.objects.all():
                    done += resource_changes.follow(one.pk).done
                if not any("telling" in one.cursor for one in Resource.objects.all()):
                    return done

    def told(self) -> Resource:
        with schema_context(self.site.schema):
            return Resource.objects.get()
