"""The events that can be sent, as data (the files here). The page and docs/webhooks.md list them."""

from pathlib import Path
from typing import Final

from portal.webhooks.catalogue.read import EventType, Field, read

TEST: Final = "webhook.test"
EVENTS: Final = read(Path(__file__).parent)
CHOOSABLE: Final = tuple(name for name in EVENTS if name != TEST)

__all__ = ["CHOOSABLE", "EVENTS", "TEST", "EventType", "Field"]
