"""Who the connector is and what it can do."""

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors.flat_files.quality import QUALITY
from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="files",
    label="Files: CSV, fixed width, XML, Excel",
    category="generic",
    summary="Flat files of any type, in and out, as a short agreement says: over SFTP or FTPS, in a folder"
    " or a bucket, and in as attachments of mails.",
    capabilities=frozenset({"poll", "envelope", "tables"}),
    auth="An SFTP or FTPS login, a bucket's access key, a mailbox's login, or none for a folder of the"
    " installation.",
    reads=frozenset(OBJECT_TYPES),
    writes=frozenset(OBJECT_TYPES),
    quality=QUALITY,
)
