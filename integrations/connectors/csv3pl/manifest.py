"""Who the connector is and what it can do."""

from integrations.connectors.csv3pl.mapper import READS, WRITES
from integrations.connectors.flat_files.quality import QUALITY
from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="csv3pl",
    label="3PL warehouse (CSV folder)",
    category="warehouse",
    summary="Orders out as CSV files; shipments, stock, receipts, adjustments and returns in, with the"
    " warehouse's own columns.",
    capabilities=frozenset({"poll", "envelope"}),
    auth="An SFTP or FTPS login, a bucket's access key, a mailbox's login, or none for a folder of the"
    " installation.",
    reads=frozenset(READS),
    writes=frozenset(WRITES),
    quality=QUALITY,
)
