"""What the platform keeps of its partners beside their rows: openings, exports, counters."""

from portal.console.models.export import Export
from portal.console.models.failure import Failure
from portal.console.models.opening import Opening
from portal.console.models.pulse import Pulse

__all__ = ["Export", "Failure", "Opening", "Pulse"]
