"""What a run was made from, kept in deflated parts: read again, it gives the same bytes."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from monitoring.models import ReconPart, ReconRun, ReconSnapshot

PART_ROWS = 5_000
_LEVEL = 6

Values = Sequence[Any]


class Said(NamedTuple):
    """Rows to keep. `head`: what counts besides them. `sku_at`: where in a row its SKU stands; such rows
    are kept in the order of it, so that a page finds one without reading all."""

    name: str
    rows: Iterable[Values]
    source: str = ""
    as_of: datetime | None = None
    head: dict[str, Any] | None = None
    sku_at: int | None = None


def keep(run: ReconRun, said: Said) -> ReconSnapshot:
    """Store the rows under their name. What stood there of an interrupted try goes."""
    ReconSnapshot.objects.filter(run=run, name=said.name).delete()
    rows = list(said.rows)
    if said.sku_at is not None:
        place = said.sku_at
        rows.sort(key=lambda row: (row[place], *map(str, row)))
    chunks = [(chunk, _encode(chunk)) for chunk in _chunks(rows)]
    digest = sha256()
    for _, body in chunks:
        digest.update(body)
    snapshot = ReconSnapshot.objects.create(
        run=run,
        name=said.name,
        source=said.source[:200],
        as_of=said.as_of,
        rows=len(rows),
        head=said.head or {},
        digest=digest.hexdigest(),
    )
    ReconPart.objects.bulk_create(
        ReconPart(
            snapshot=snapshot,
            position=number,
            first=_sku(chunk[0], said.sku_at),
            last=_sku(chunk[-1], said.sku_at),
            body=zlib.compress(body, _LEVEL),
        )
        for number, (chunk, body) in enumerate(chunks)
    )
    return snapshot


def rows(snapshot: ReconSnapshot) -> Iterator[list[Any]]:
    """All rows, in the order in which they were kept."""
    for body in snapshot.parts.order_by("position").values_list("body", flat=True).iterator():
        yield from json.loads(zlib.decompress(body))


def rows_between(snapshot: ReconSnapshot, first: str, last: str) -> Iterator[list[Any]]:
    """The rows of the parts that may have SKUs from `first` to `last`; others may be among them."""
    parts = snapshot.parts.filter(first__lte=last, last__gte=first).order_by("position")
    for body in parts.values_list("body", flat=True):
        yield from json.loads(zlib.decompress(body))


def rows_from(snapshot: ReconSnapshot, sku: str) -> Iterator[list[Any]]:
    """The rows from the part on that may have the SKU, part by part as they are asked for."""
    parts = snapshot.parts.filter(last__gte=sku).order_by("position")
    for body in parts.values_list("body", flat=True).iterator(chunk_size=1):
        yield from json.loads(zlib.decompress(body))


def of(run: ReconRun) -> dict[str, ReconSnapshot]:
    """What the run was made from, by name; of a repeat, what the first one was."""
    return {snapshot.name: snapshot for snapshot in (run.of or run).snapshots.all()}


def _chunks(rows: Sequence[Values]) -> Iterator[Sequence[Values]]:
    for start in range(0, len(rows), PART_ROWS):
        yield rows[start : start + PART_ROWS]


def _encode(chunk: Sequence[Values]) -> bytes:
    return json.dumps(chunk, ensure_ascii=False, separators=(",", ":")).encode()


def _sku(row: Values, place: int | None) -> str:
    return "" if place is None else str(row[place])
