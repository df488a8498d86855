"""An endpoint's kinds of files as tables: what was picked up last is what callers read.

Nobody asks the place where files lie: they are read from the message store, so a file that came half or
otherwise than agreed, which is held there with a case, leaves the last whole one readable.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Func, IntegerField

from integrations.connectors.connection import Connection
from integrations.connectors.connector import Tables
from integrations.domain import clients
from integrations.domain.configuration import EndpointConfig
from integrations.models import Message, Payload, Resource, ResourceRow
from integrations.resources import changes, comparing, rows, values
from integrations.resources.definition import Definition
from integrations.resources.relations import (
    FileUnfitError,
    Procedure,
    Reading,
    Relation,
    RowDiffersError,
    RowRefusedError,
    Writing,
    Written,
)
from integrations.resources.rows import Table
from portal.core import clock
from portal.core.errors import Permanent, Retryable
from portal.tenants.rows import beyond_limit

REMEMBERED: Final = timedelta(days=7)
_LARGEST: Final = 64 * 1024 * 1024  # bytes; more are not fetched to find out that they are too many
_KEPT: Final = 2  # tables a process keeps, each at most as large as its connector reads


class FileTables:
    """What `HasRelations` asks, of files. `resource`: whose rows are asked for; the others are for pages."""

    def __init__(self, config: EndpointConfig, resource: Resource | None = None) -> None:
        if config.connector.tables is None:
            raise TypeError(f"The connector {config.connector.slug} has no kinds of files.")
        self._config, self._resource = config, resource
        self._tables: Tables = config.connector.tables
        self._connection: Connection = config.connection

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without an offset."""
        return ZoneInfo(str(self._connection.settings.get("time_zone") or "UTC"))

    def relations(self) -> list[Relation]:
        """The kinds of files whose columns were agreed."""
        return self._tables.relations(self._connection)

    def relation(self, name: str) -> Relation | None:
        return next((one for one in self.relations() if one.name == name), None)

    def procedures(self) -> list[Procedure]:
        return []

    def newest(self, name: str, *, behind: str = "") -> Message | None:
        """The file of a kind that came last and as agreed, if it came after the message `behind`."""
        found = Message.objects.filter(
            endpoint_id=self._config.id, direction="in", object_type="interchange",
            topic__startswith=self._tables.topic(name), state=Message.State.SPLIT,
        )  # fmt: skip
        if behind:
            found = found.filter(id__gt=behind)
        return found.order_by("-id").first()

    def faults(self, definition: Definition) -> list[str]:
        """Why the newest file cannot be a table by this definition; of one that is still to come, nothing."""
        newest = self.newest(definition.relation)
        if newest is None or newest.payload_id is None:
            return []
        try:
            comparing.by_key(definition, self.table(definition.relation, bytes(newest.payload_id)))
        except (FileUnfitError, RowRefusedError, Retryable) as error:
            return [f"The newest file, {newest.topic.partition(':')[2]}: {error}"]
        return []

    def table(self, name: str, sha256: bytes) -> Table:
        """The rows of a stored file. FileUnfitError; Retryable where its bytes are gone."""
        with beyond_limit():  # bytes name nobody; whose resource this is, is known by now
            is_kept = Payload.objects.filter(pk=sha256).exists()
        if not is_kept:  # erased, maybe: then nothing of it is told out of memory either
            raise _gone()
        agreed = str(self._connection.settings.get("agreement") or ""), str(self.zone)
        key = (name, sha256, self._config.connector.slug, *agreed)
        return _table(_Wanted(self._tables, self._connection, key))

    def read_rows(self, reading: Reading) -> list[dict[str, Any]]:
        """Rows of the last whole file. Retryable until one came, and where it fits no more what is agreed."""
        return rows.read(self._now(reading.relation), reading)

    def _now(self, name: str) -> Table:
        content = self._resource.content if self._resource else ""
        if not content:
            raise Retryable(f"No file of {name} has come yet.", code="unavailable")
        try:
            return self.table(name, bytes.fromhex(content))
        except FileUnfitError as error:
            raise Retryable(f"The last file of {name}: {error}", code="unavailable") from error

    def write_row(self, writing: Writing) -> Written:
        """Look whether the row is in the last file or was made lately, else put a file of it where they look.

        RowDiffersError where it was made and said something else; RowRefusedError for what cannot be written.
        """
        there = self.read_rows(writing.look_up)
        if there:
            return Written(there[0], is_new=False)
        known_by = values.address([one.value for one in writing.look_up.conditions])
        if self._was_made(known_by, changes.digest(writing.values)):
            return Written(self._row(writing), is_new=False)
        name, body = self._tables.row_file(
            writing.relation, known_by, writing.values, self._connection
        )
        try:
            clients.putting_files(self._config).put_file(name, body)
        except Permanent as error:
            if error.code == "file_exists":
                raise RowDiffersError(
                    "A file of that key waits and says something else."
                ) from error
            raise
        return Written(self._row(writing), is_new=True)

    def _was_made(self, known_by: str, digest: str) -> bool:
        if self._resource is None:
            raise TypeError("Rows are made of one resource.")
        with beyond_limit():
            made = ResourceRow.objects.filter(
                resource=self._resource, key=values.noted(known_by), outcome=ResourceRow.Outcome.MADE,
                at__gte=clock.now() - REMEMBERED,
            ).first()  # fmt: skip
        if made is not None and made.digest != digest:
            raise RowDiffersError("It was made already and said something else.")
        return made is not None

    def _row(self, writing: Writing) -> Mapping[str, Any]:
        relation = self.relation(writing.relation)
        return {
            one.name: rows.value_of(writing.values.get(one.name), one.kind, self.zone)
            for one in (relation.columns if relation else ())
        }


class _Wanted:
    """A stored file to be read; alike where the same bytes are read by the same agreement."""

    def __init__(self, tables: Tables, connection: Connection, key: tuple[Any, ...]) -> None:
        self.tables, self.connection, self.key = tables, connection, key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wanted) and self.key == other.key


@lru_cache(maxsize=_KEPT)
def _table(wanted: _Wanted) -> Table:
    name, sha256, *_ = wanted.key
    return wanted.tables.table(name, _bytes_of(sha256), wanted.connection)


def _bytes_of(sha256: bytes) -> bytes:
    length = Func(F("body"), function="octet_length", output_field=IntegerField())
    with beyond_limit():
        found = Payload.objects.filter(pk=sha256).annotate(length=length)
        if found.filter(length__gt=_LARGEST).exists():
            raise FileUnfitError("It is too large.")
        body = found.values_list("body", flat=True).first()
    if body is None:
        raise _gone()
    return bytes(body)


def _gone() -> Retryable:
    return Retryable("The file is not kept any more.", code="unavailable")
