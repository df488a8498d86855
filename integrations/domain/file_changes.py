"""The resources lane, of files: a newer one is compared with the one that is read, then takes its place."""

from typing import Final

from integrations.domain import resource_telling as telling
from integrations.domain import resources
from integrations.domain.file_tables import FileTables
from integrations.models import Message, Resource
from integrations.resources import comparing, definition
from integrations.resources.definition import Definition
from integrations.resources.relations import FileUnfitError, RowRefusedError
from portal.core.errors import Retryable
from portal.jobs.kinds import Turn

AT_A_TIME: Final = 500


def follow(resource: Resource) -> Turn:
    """Take the newest file, or go on telling what one changed. Callers read the one before until all of it is
    told. The first file tells nothing; one that does not fit is said on the page, and the last stays."""
    shown = definition.read(resource.definition)
    files = FileTables(resources.config_of(resource.endpoint), resource)
    newer = _newer(resource, files, shown)
    if newer is None:
        return telling.put_off(resource, telling.EVERY)
    name = newer.topic.partition(":")[2]
    read = {"message": str(newer.id), "file": name}
    sha256 = bytes(newer.payload_id or b"")
    if not sha256 or sha256.hex() == resource.content:
        return telling.move(resource, [], cursor=read, again=False)
    try:
        found = _found(resource, files, shown, sha256)
    except (FileUnfitError, RowRefusedError, Retryable) as error:
        still = {**read, "file": resource.cursor.get("file", "")}
        return telling.failed(resource, f"The file {name}: {error}", cursor=still)
    is_begun = resource.cursor.get("telling") == str(newer.id)
    begun = int(resource.cursor.get("told", 0)) if is_begun else 0
    page = found[begun : begun + AT_A_TIME]
    rows = [telling.told(shown, c.row, files.zone, is_deleted=c.is_deleted) for c in page]
    if begun + len(page) < len(found):
        cursor = {**resource.cursor, "telling": str(newer.id), "told": begun + len(page)}
        return telling.move(resource, rows, cursor=cursor, again=True)
    return telling.move(resource, rows, cursor=read, again=False, content=sha256.hex())


def _newer(resource: Resource, files: FileTables, shown: Definition) -> Message | None:
    """The file that is being told while it is kept, else the newest behind the one looked at last."""
    if begun := resource.cursor.get("telling"):
        telling_still = Message.objects.filter(pk=begun).first()
        if telling_still is not None:
            return telling_still
    return files.newest(shown.relation, behind=resource.cursor.get("message", ""))


def _found(
    resource: Resource, files: FileTables, shown: Definition, sha256: bytes
) -> list[comparing.Change]:
    now = comparing.by_key(shown, files.table(shown.relation, sha256))
    if not resource.content:
        return []
    try:
        before = comparing.by_key(
            shown, files.table(shown.relation, bytes.fromhex(resource.content))
        )
    except (FileUnfitError, RowRefusedError, Retryable):
        before = {}  # another agreement by now: rather every row is told than one that changed is not
    return comparing.changes(before, now)
