"""Exchanging files through folders: pick up each file once, drop each file whole.

Several workers may look into the same folder. A file is claimed by renaming it into the processing
folder under a name that says when and by whom, so exactly one worker gets it, and a claim whose
worker died is seen for what it is and taken again.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from integrations.transports import file_names
from integrations.transports.file_session import Entry, FileSession
from portal.core.errors import Permanent

SETTLED_AFTER: Final = timedelta(seconds=10)
CLAIM_LASTS: Final = timedelta(minutes=2)
FILES_A_PAGE: Final = 50
BYTES_A_PAGE: Final = 16 * 1024 * 1024
LARGEST_FILE: Final = 20 * 1024 * 1024
_TAIL: Final = 64
_UNFINISHED: Final = (".tmp", ".part", ".filepart")
_FIT_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_CLAIM: Final = re.compile(r"(?P<name>.+)\.(?P<at>\d{8}T\d{6}Z)-(?P<worker>[0-9a-f]{8})")


@dataclass(frozen=True)
class Folders:
    """Paths on the server, as the login sees them. `drop` is theirs to read, `pick_up` ours."""

    drop: str
    pick_up: str
    processing: str
    archive: str


class Picked(NamedTuple):
    """A file that is ours now: its name as it was sent, where it lies, and its bytes."""

    name: str
    path: str
    body: bytes
    again: bool = False  # it was claimed before: the page it came in was maybe stored

    @property
    def dedup_key(self) -> str:
        """Same name, size and content is the same file."""
        digest = hashlib.sha256(self.body).hexdigest()
        # The name is cut and the content is not: the key has 120 characters, and names repeat.
        return f"file:{self.name[:40]}:{len(self.body)}:{digest}"


class Trip(NamedTuple):
    """How a file that was written came back, and when it was written by the server's clock (0: it
    does not say)."""

    whole: bool
    modified: int


class _Ready(NamedTuple):
    """A file to claim: its name as it was sent, and where it lies, maybe as a claim already."""

    name: str
    entry: Entry
    path: str


class Round(NamedTuple):
    """What one look into the folder gave. `waiting` remembers files that may still grow.

    `too_large`, name → bytes, and `unfit`, name as it can be shown → why: of files that are left
    where they are. With `more` there may be others.
    """

    files: list[Picked]
    waiting: dict[str, list[Any]]
    more: bool
    too_large: dict[str, int]
    unfit: dict[str, str]


@dataclass
class Exchange:
    """Files with one partner. `is_whole` tells from a file's last bytes whether it is complete, `ends` from
    its name and them."""

    session: FileSession
    folders: Folders
    pattern: str | tuple[str, ...] = "*"
    is_whole: Callable[[bytes], bool] = lambda tail: False
    ends: Callable[[str, bytes], bool] = lambda name, tail: False
    largest: int = LARGEST_FILE
    worker: str = field(default_factory=lambda: secrets.token_hex(4))
    _made: set[str] = field(default_factory=set)

    def pick_up(self, waiting: Mapping[str, list[Any]], *, now: datetime) -> Round:
        """Claim and read what is ready, abandoned claims first.

        A file is ready when `is_whole`, or when size and time stood still for ten seconds between
        two rounds; `waiting` is what the round before returned. At most 50 files or about 16 MB.
        """
        self._make(self.folders.processing)
        files: list[Picked] = []
        still_waiting: dict[str, list[Any]] = {}
        too_large: dict[str, int] = {}
        unfit: dict[str, str] = {}
        size = 0
        for ready in self._ready(waiting, still_waiting, now=now):
            if fault := file_names.fault(ready.name):
                unfit[file_names.shown(ready.name)] = fault
                continue
            if ready.entry.size > self.largest:
                too_large[ready.name] = ready.entry.size
                continue
            if len(files) >= FILES_A_PAGE or size >= BYTES_A_PAGE:
                return Round(files, {**waiting, **still_waiting}, True, too_large, unfit)
            if picked := self._take(ready, too_large, now=now):
                files.append(picked)
                size += len(picked.body)
        return Round(files, still_waiting, False, too_large, unfit)

    def archive(self, files: list[Picked], *, now: datetime) -> None:
        """Move picked files to archive/yyyy/mm/dd. A file that is gone was archived by another."""
        folder = f"{self.folders.archive}/{now:%Y/%m/%d}"
        if files:
            self._make(folder)
        for file in files:
            if not self.session.move(file.path, f"{folder}/{file.name}"):
                # The name was used before that day: keep both, under the name of the claim.
                self.session.move(file.path, f"{folder}/{file.path.rpartition('/')[2]}")

    def drop(self, name: str, body: bytes) -> bool:
        """Put the file into the partner's folder, whole or not at all; False if it stood there.

        Raises Permanent for a name that is unfit (`file_name`) or taken by another file
        (`file_exists`).
        """
        if not _FIT_NAME.fullmatch(name) or name.endswith(_UNFINISHED):
            raise Permanent(f"{name!r} is not fit as a file name.", code="file_name")
        path = f"{self.folders.drop}/{name}"
        if standing := self.session.find(path):
            self._must_be_the_same(standing, body)
            return False
        # Per worker, so that two who send the same file do not write into each other's.
        aside = f"{path}.{self.worker}.tmp"
        self.session.write(aside, body)
        self.session.replace(aside, path)
        return True

    def round_trip(self, folder: str) -> Trip:
        """Write a small hidden file into `folder`, read it back, remove it."""
        path = f"{folder}/.connection-test-{self.worker}.tmp"
        body = self.worker.encode()
        try:
            self.session.write(path, body)
            standing = self.session.find(path)
            whole = self.session.read(path, most=len(body)) == body
        finally:
            self.session.remove(path)
        return Trip(whole, standing.modified if standing else 0)

    def place_of(self, folder: str) -> str:
        """`folder`, or the one above it in which it will be made."""
        while "/" in folder and self.session.find(folder) is None:
            folder = folder.rpartition("/")[0] or "/"
        return folder if self.session.find(folder) else "."

    def peek(self, *, most: int) -> list[Picked]:
        """Up to `most` of the files that wait to be picked up, read where they lie and left there."""
        wanted = [
            entry
            for entry in self.session.entries(self.folders.pick_up)
            if self._is_wanted(entry.name)
            and entry.size <= self.largest
            and not file_names.fault(entry.name)
        ]
        newest = sorted(wanted, key=lambda entry: entry.modified, reverse=True)[:most]
        paths = {entry.name: f"{self.folders.pick_up}/{entry.name}" for entry in newest}
        read = {name: self.session.read(path, most=self.largest) for name, path in paths.items()}
        return [Picked(name, paths[name], body) for name, body in read.items() if body is not None]

    def _ready(
        self,
        waiting: Mapping[str, list[Any]],
        still_waiting: dict[str, list[Any]],
        *,
        now: datetime,
    ) -> Iterator[_Ready]:
        yield from self._abandoned(now)
        for entry in self.session.entries(self.folders.pick_up):
            path = f"{self.folders.pick_up}/{entry.name}"
            if file_names.fault(entry.name):
                yield _Ready(entry.name, entry, path)
                continue
            if not self._is_wanted(entry.name):
                continue
            seen = _seen_before(entry, waiting.get(entry.name), now)
            if (
                entry.size > self.largest
                or _has_settled(seen, now)
                or self._ends_whole(entry, path)
            ):
                yield _Ready(entry.name, entry, path)
            else:
                still_waiting[entry.name] = seen

    def _is_wanted(self, name: str) -> bool:
        return (
            not name.startswith(".")
            and not name.lower().endswith(_UNFINISHED)
            and any(fnmatchcase(name.lower(), pattern.lower()) for pattern in self._patterns)
        )

    @property
    def _patterns(self) -> tuple[str, ...]:
        return (self.pattern,) if isinstance(self.pattern, str) else self.pattern

    def _ends_whole(self, entry: Entry, path: str) -> bool:
        tail = self.session.tail(entry, path, length=_TAIL)
        return self.is_whole(tail) or self.ends(entry.name, tail)

    def _abandoned(self, now: datetime) -> Iterator[_Ready]:
        for entry in self.session.entries(self.folders.processing):
            claim = _CLAIM.fullmatch(entry.name)
            # Our own are those of a round whose files were not stored after all.
            if claim and (claim["worker"] == self.worker or _has_run_out(claim["at"], now)):
                yield _Ready(claim["name"], entry, f"{self.folders.processing}/{entry.name}")

    def _take(self, ready: _Ready, too_large: dict[str, int], *, now: datetime) -> Picked | None:
        """Claim and read; None when a rival was quicker or the file changed under our hands."""
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        claimed = f"{self.folders.processing}/{ready.name}.{stamp}-{self.worker}"
        if ready.path != claimed and not self.session.move(ready.path, claimed):
            return None
        body = self.session.read(claimed, most=self.largest)
        if body is not None and len(body) > self.largest:  # its size was not true
            too_large[ready.name] = len(body)
            self.session.move(claimed, ready.path)
            return None
        if body is None or len(body) != ready.entry.size:
            return None  # it stays in processing and is taken again when the claim has run out
        again = ready.path.startswith(f"{self.folders.processing}/")
        return Picked(ready.name, claimed, body, again)

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            self.session.make_folder(folder)
            self._made.add(folder)

    @staticmethod
    def _must_be_the_same(standing: Entry, body: bytes) -> None:
        if standing.size != len(body):
            raise Permanent(
                f"{standing.name} stands there already with {standing.size} bytes instead of"
                f" {len(body)}.",
                code="file_exists",
            )


def _seen_before(entry: Entry, before: list[Any] | None, now: datetime) -> list[Any]:
    """[size, modified, since]: since when the file has looked like this."""
    if before and before[:2] == [entry.size, entry.modified]:
        return before
    return [entry.size, entry.modified, now.isoformat()]


def _has_run_out(stamp: str, now: datetime) -> bool:
    try:
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return now - at >= CLAIM_LASTS


def _has_settled(seen: list[Any], now: datetime) -> bool:
    return now - datetime.fromisoformat(seen[2]) >= SETTLED_AFTER
