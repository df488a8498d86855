"""Exporting a partner into one file, a bounded piece at a time. What the file is like: docs/partners.md."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from django.db import IntegrityError, transaction

from portal import env
from portal.console.archive import tar
from portal.console.archive.manifest import NAME, manifest
from portal.console.archive.reading import payload_name
from portal.console.models import Export
from portal.console.queries.tables import Table, rows, tables
from portal.core import clock
from portal.jobs import lanes
from portal.tenants import life
from portal.tenants.models import Partner, PartnerEvent

LANE: Final = "export"
KEPT_FOR: Final = timedelta(days=30)
ROWS_IN_PART: Final = 5_000
BYTES_IN_PART: Final = 8 * 2**20
_BITE: Final = 3.0  # seconds


class NotExportedError(ValueError):
    """It cannot be exported now; the text says why."""


def begin(partner: Partner, *, actor: str) -> Export:
    """Ask for an export. NotExportedError while one is being written, or where there is nothing left."""
    if partner.state == Partner.State.DELETED:
        raise NotExportedError(f"{partner.name} was deleted. There is nothing to export.")
    try:
        with transaction.atomic():
            export = Export.objects.create(
                partner=partner, of_state=partner.state, asked_by=actor, begun_at=clock.now(),
                tables=len(tables(partner.schema_name)),
            )  # fmt: skip
    except IntegrityError:
        raise NotExportedError(f"{partner.name} is being exported already.") from None
    lanes.wake_platform(LANE, str(export.pk))
    return export


def path_of(export: Export) -> Path:
    """Where its file is, on a disk that the web and the workers share."""
    folder = env.data_folder() / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / export.file_name


def step(pk: int) -> int:
    """Write on for a few seconds; returns the parts that were written, 0 once it is done or stopped."""
    export = Export.objects.select_related("partner").get(pk=pk)
    if export.state != Export.State.RUNNING:
        return 0
    remove_old()
    until, done = time.monotonic() + _BITE, 0
    found = tables(export.partner.schema_name)
    with _open_at(export) as file:
        while export.at_table < len(found) and (not done or time.monotonic() < until):
            _write_part(export, found[export.at_table], file)
            done += 1
        if export.at_table == len(found):
            _finish(export, file)
            return 0
    return done


def _open_at(export: Export) -> BinaryIO:
    path = path_of(export)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    file = os.fdopen(descriptor, "r+b")
    file.truncate(export.size)  # what a killed worker wrote and did not note
    file.seek(export.size)
    return file


def _write_part(export: Export, table: Table, file: BinaryIO) -> None:
    """One part of one table, and where to go on; noted only once it is on the disk."""
    lines: list[str] = []
    last, size, whole = None, 0, False
    page = rows(table, after=export.after, partner_id=export.partner_id, most=ROWS_IN_PART)
    with closing(page):  # its transaction has to end before anything is noted
        for key, line, body in page:
            if body is not None:
                name = payload_name(sha256(body).hexdigest())
                size += file.write(tar.member(name, bytes(body)))
                export.payloads += 1
            lines.append(line)
            size += len(line)
            last = key
            if size > BYTES_IN_PART:
                whole = True
                break
    if lines:
        _add(export, table, lines, file)
    more = whole or len(lines) == ROWS_IN_PART
    export.after = last if more else None
    export.at_table += not more
    _note(export, file)


def _add(export: Export, table: Table, lines: list[str], file: BinaryIO) -> None:
    number = sum(part["table"] == table.label for part in export.parts) + 1
    name = f"tables/{table.label}/{number:06}.jsonl.gz"
    packed = tar.gzipped("".join(f"{line}\n" for line in lines).encode())
    file.write(tar.member(name, packed))
    export.rows += len(lines)
    export.parts.append(
        {"name": name, "table": table.label, "rows": len(lines),
         "sha256": sha256(packed).hexdigest()}
    )  # fmt: skip


def _note(export: Export, file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    export.size = file.tell()
    export.save(update_fields=["at_table", "after", "parts", "rows", "payloads", "size"])


def _finish(export: Export, file: BinaryIO) -> None:
    partner = export.partner
    export.finished_at = clock.now()
    about = {
        "partner": partner.slug, "name": partner.name, "state": export.of_state,
        "begun": export.begun_at.isoformat(), "finished": export.finished_at.isoformat(),
    }  # fmt: skip
    said = manifest(about, export.parts, payloads=export.payloads)
    file.write(tar.member(NAME, said) + tar.END)
    _note(export, file)
    export.manifest_sha256, export.state = sha256(said).hexdigest(), Export.State.DONE
    with transaction.atomic():
        export.save(update_fields=["manifest_sha256", "state", "finished_at"])
        life.note(
            partner, PartnerEvent.What.EXPORTED, actor=export.asked_by,
            reason=f"{export.rows} rows, {export.payloads} documents",
        )  # fmt: skip


def stop(pk: int, trouble: str) -> None:
    """It failed over an error of ours; nothing of it is left."""
    export = Export.objects.select_related("partner").get(pk=pk)
    path_of(export).unlink(missing_ok=True)
    Export.objects.filter(pk=pk).update(
        state=Export.State.FAILED, finished_at=clock.now(), trouble=trouble[:300]
    )


def remove(export: Export) -> None:
    """Its file is gone; that there was one stays known."""
    path_of(export).unlink(missing_ok=True)
    Export.objects.filter(pk=export.pk).update(state=Export.State.REMOVED)


def remove_old() -> None:
    """Files do not lie about for ever."""
    before = clock.now() - KEPT_FOR
    done = Export.objects.filter(state=Export.State.DONE, finished_at__lt=before)
    for export in done.select_related("partner"):
        remove(export)


def pieces(export: Export) -> Iterator[bytes]:
    """The file, a piece at a time."""
    with path_of(export).open("rb") as file:
        while piece := file.read(256 * 1024):
            yield piece
