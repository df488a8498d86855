"""An S3-compatible bucket as a place where files are exchanged.

A bucket has no rename. Moving a file is written down first, in an object that only one of several
rivals can make (`If-None-Match: *`); whoever made it copies and deletes. If they die on the way, the
next who wants the file finishes their move after a minute and leaves the outcome to be taken as that
of any dead worker. A file may so come twice, with the same key, and is never lost.

Folders are the beginnings of keys: an empty one cannot be told from none.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from integrations.transports import file_names
from integrations.transports.bucket import Bucket, Client
from integrations.transports.file_session import Entry
from portal.core.errors import NeedsCredentials, Permanent
from portal.core.response import Response

MOVE_LASTS: Final = 60  # seconds, by the store's clock
LARGEST_MOVED: Final = 100 * 1024 * 1024
_MOVES: Final = ".moves"
_BY: Final = "x-amz-meta-moved-by"
_TOKEN: Final = re.compile(r"[0-9a-f]{16}")
_GONE, _AT_ONCE, _TAKEN, _EMPTY = 404, 409, 412, 416
_ONLY_NEW: Final = {"If-None-Match": "*"}


class _Standing(NamedTuple):
    size: int
    modified: int
    etag: str
    moved_by: str


@dataclass(frozen=True)
class _Move:
    """What is written down before a file is moved. `etag`: of the content that is meant."""

    old: str
    new: str
    etag: str
    token: str

    @property
    def place(self) -> str:
        return _place_of_move(self.old)


class S3:
    """A `FileSession` below `prefix` of one bucket. Nothing is kept open."""

    def __init__(self, bucket: Bucket, *, prefix: str = "") -> None:
        self._client = Client(bucket)
        self._prefix = prefix.strip("/")
        self._spares = False

    def __repr__(self) -> str:
        return f"S3({self._client!r})"

    def entries(self, folder: str) -> list[Entry]:
        """The files in `folder`, by name; nothing without one."""
        below = self._below(folder)
        found = [(each.key.removeprefix(below), each) for each in self._client.listing(below)]
        return sorted(Entry(name, each.size, each.modified) for name, each in found if name)

    def find(self, path: str) -> Entry | None:
        """What stands at `path`, or None. A folder that holds nothing is none, but for the first."""
        parts = file_names.parts_of(path)
        if not parts:
            return Entry(".", 0, 0)
        if standing := self._standing(self._key(path)):
            return Entry(parts[-1], standing.size, standing.modified)
        return Entry(parts[-1], 0, 0) if self._client.has_below(self._below(path)) else None

    def read(self, path: str, *, most: int) -> bytes | None:
        """The file, or None if it is gone. Of a file longer than `most` bytes, `most` + 1 of them."""
        return self._read(path, first=0, most=most + 1)

    def tail(self, entry: Entry, path: str, *, length: int) -> bytes:
        """The last bytes of a file of `entry`'s size; empty if it is gone."""
        return self._read(path, first=max(0, entry.size - length), most=length) or b""

    def write(self, path: str, body: bytes) -> None:
        """Write the file whole or not at all: the store compares its hash."""
        self._client.send("PUT", self._key(path), body=body)

    def move(self, old: str, new: str) -> bool:
        """Rename; False when `old` is gone or `new` is taken. Of two rivals one gets True."""
        self._must_spare()
        source, target = self._key(old), self._key(new)
        for _ in range(2):
            standing = self._standing(source)
            if standing is None or self._standing(target) is not None:
                return False
            move = _Move(source, target, standing.etag, secrets.token_hex(8))
            if written_down := self._write_down(move):
                return self._carry_out(move, written_down)
            if not self._may_begin_anew(source):
                return False
        return False

    def replace(self, old: str, new: str) -> None:
        """Copy over whatever stands at `new`, and delete `old`."""
        source = self._key(old)
        if self._standing(source) is None:
            raise NeedsCredentials(f"There is no {old}.", code="folder_missing")
        self._client.copy(source, self._key(new))
        self._client.send("DELETE", source)

    def remove(self, path: str) -> None:
        """Delete the file; fine if there is none."""
        self._client.send("DELETE", self._key(path), fine=(_GONE,))

    def make_folder(self, path: str) -> None:
        """Nothing is to be made: a folder is there with its first file."""
        file_names.parts_of(path)

    def open(self) -> None:
        """See that the bucket is there and the key may list it."""
        self._client.has_below(self._below("."))

    def close(self) -> None:
        """Nothing is kept open."""

    def _key(self, path: str) -> str:
        parts = file_names.parts_of(path)
        if not parts:
            raise Permanent(f"{path} is a folder.", code="file_name")
        return self._below("/".join(parts[:-1]) or ".") + parts[-1]

    def _below(self, folder: str) -> str:
        """What the keys in `folder` begin with; empty at the top of the bucket."""
        above = [*filter(None, [self._prefix]), *file_names.parts_of(folder)]
        return "".join(f"{part}/" for part in above)

    def _standing(self, key: str) -> _Standing | None:
        answer = self._client.send("HEAD", key, fine=(_GONE,))
        if answer.status == _GONE:
            return None
        return _Standing(
            int(answer.header("Content-Length") or 0),
            _seconds(answer, "Last-Modified"),
            answer.header("ETag") or "",
            answer.header(_BY) or "",
        )

    def _read(self, path: str, *, first: int, most: int) -> bytes | None:
        answer = self._client.send(
            "GET",
            self._key(path),
            headers={"Range": f"bytes={first}-{first + most - 1}"},
            most=most,
            fine=(_GONE, _EMPTY),
        )
        if answer.status == _GONE:
            return None
        return b"" if answer.status == _EMPTY else answer.body

    def _put_new(self, key: str, body: bytes, headers: Mapping[str, str] | None = None) -> str:
        """The etag of what was written at `key`; empty when something stood there."""
        carried = {**_ONLY_NEW, **(headers or {})}
        taken = (_TAKEN, _AT_ONCE)  # the second: a rival is writing it
        answer = self._client.send("PUT", key, headers=carried, body=body, fine=taken)
        return "" if answer.status in taken else answer.header("ETag") or "*"

    def _delete(self, key: str, etag: str) -> None:
        """Delete what has this etag and nothing that came in its place."""
        standing = self._standing(key)
        if standing is None or etag not in {standing.etag, "*"}:
            return
        self._client.send("DELETE", key, headers={"If-Match": etag}, fine=(_GONE, _TAKEN))

    def _must_spare(self) -> None:
        """Before the first move: that the store does refuse a second object of the same name.

        One that takes no notice of the condition would give a file to two workers.
        """
        if self._spares:
            return
        key = f"{self._below('.')}{_MOVES}/test-{secrets.token_hex(8)}"
        try:
            spares = bool(self._put_new(key, b"1")) and not self._put_new(key, b"2")
        finally:
            self._client.send("DELETE", key)
        if not spares:
            text = (
                "The store overwrites what “If-None-Match: *” should spare: files would come twice."
            )
            raise Permanent(text, code="refused")
        self._spares = True

    def _write_down(self, move: _Move) -> str:
        """The etag of the note if it is ours; empty when another's stands there."""
        return self._put_new(move.place, json.dumps(asdict(move)).encode())

    def _carry_out(self, move: _Move, note: str) -> bool:
        """Copy and delete as it is written down; True when the file is at its new place.

        What breaks on the way leaves the note: nobody knows how far it came, and it is finished by it.
        """
        body = self._content(move)
        if body is None:
            standing = self._standing(move.new)
            done = standing is not None and standing.moved_by == move.token
        else:
            done = self._write_new(move, body)
        if done:
            self._delete(move.old, move.etag)
        self._delete(move.place, note)
        return done

    def _write_new(self, move: _Move, body: bytes) -> bool:
        if self._put_new(move.new, body, {_BY: move.token}):
            return True
        standing = self._standing(move.new)
        return standing is not None and standing.moved_by == move.token

    def _content(self, move: _Move) -> bytes | None:
        """What is to be moved; None when it is gone, or another file has come in its place."""
        answer = self._client.send(
            "GET",
            move.old,
            headers={"If-Match": move.etag},
            most=LARGEST_MOVED + 1,
            fine=(_GONE, _TAKEN),
        )
        if answer.status in {_GONE, _TAKEN} or answer.header("ETag") != move.etag:
            return None
        if len(answer.body) > LARGEST_MOVED:
            megabytes = LARGEST_MOVED // 2**20
            text = f"{move.old} is larger than {megabytes} MB, which is the most that is moved."
            raise Permanent(text, code="refused")
        return answer.body

    def _may_begin_anew(self, source: str) -> bool:
        """Whether no move of `source` is under way any more. One that its worker left is finished."""
        place = _place_of_move(source)
        answer = self._client.send("GET", place, fine=(_GONE,))
        if answer.status == _GONE:
            return True
        if _seconds(answer, "Date") - _seconds(answer, "Last-Modified") < MOVE_LASTS:
            return False
        note = answer.header("ETag") or "*"
        move = self._told_by(answer.body)
        if move is None:
            self._delete(place, note)  # not of our making
            return True
        standing = self._standing(source)
        if move.old != source or standing is None or standing.etag != move.etag:
            self._delete(place, note)
            return True
        self._carry_out(move, note)
        return False

    def _told_by(self, note: bytes) -> _Move | None:
        """The move that a note tells of; None where we cannot have written it. Whoever may put files here may
        put notes: they lead nowhere but to a file below the prefix."""
        below = self._below(".")
        try:
            move = _Move(**json.loads(note))
            is_below = move.new.startswith(below)
            is_file = bool(file_names.parts_of(move.new.removeprefix(below)))
            is_ours = is_below and is_file and _TOKEN.fullmatch(move.token)
        except (ValueError, TypeError, AttributeError, RecursionError, Permanent):
            return None
        return move if is_ours else None


def _place_of_move(source: str) -> str:
    folder, slash, name = source.rpartition("/")
    return f"{folder}{slash}{_MOVES}/{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _seconds(answer: Response, header: str) -> int:
    """A date of HTTP in seconds since 1970; 0 without one."""
    try:
        return int(parsedate_to_datetime(answer.header(header) or "").timestamp())
    except (TypeError, ValueError):
        return 0
