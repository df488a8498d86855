"""The rows a figure was counted from, sealed so that the one that was touched can be named.

Every row has a hash; the list of hashes is kept beside the rows, and its Merkle root (RFC 9162 §2.1.1)
is in the sealed content. Rows, list and root are three witnesses: two that agree convict the third.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from portal.core.canonical import canonical

What = Literal["changed", "removed", "added", "list", "unknown"]
_LEAF, _NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class Row:
    """One record that counted. `kind` and `id` name it, `fields` are the values that count."""

    kind: str
    id: str
    fields: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Of everything in it, its name included; 64 hex digits."""
        leaf = _LEAF + canonical([self.kind, self.id, self.fields])
        return hashlib.sha256(leaf).hexdigest()


class Entry(NamedTuple):
    """A row on the list: its name and its hash."""

    kind: str
    id: str
    digest: str


class Finding(NamedTuple):
    """What is wrong with one row; `unknown` has no row, because nothing is left that could name it."""

    what: What
    kind: str = ""
    id: str = ""

    @property
    def sentence(self) -> str:
        row = f"Evidence {self.kind} {self.id}"
        return {
            "changed": f"{row} was changed after it was sealed.",
            "removed": f"{row} was removed after it was sealed.",
            "added": f"{row} was added after the statement was sealed.",
            "list": f"{row} is as it was sealed, but the list of hashes was changed there.",
            "unknown": "Evidence and its list of hashes were changed together; compare with the records.",
        }[self.what]


def listing(rows: Iterable[Row]) -> list[Entry]:
    """The list of `rows` in the order of their names. ValueError for two rows of one name."""
    entries = sorted(Entry(row.kind, row.id, row.digest) for row in rows)
    names = [entry[:2] for entry in entries]
    if twice := next((name for name, then in pairwise(names) if name == then), None):
        raise ValueError(f"evidence {twice[0]} {twice[1]} is there twice")
    return entries


def root(entries: Sequence[Entry]) -> str:
    """The Merkle root of `entries` in their order, 64 hex digits; of none, the hash of nothing."""
    level = [bytes.fromhex(entry.digest) for entry in entries]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    # Pairing from the left and carrying an odd last one up is the tree of RFC 9162.
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(_NODE + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def examine(rows: Sequence[Row], listed: Sequence[Entry], *, sealed_root: str) -> list[Finding]:
    """What was changed, removed or added since `listed` and `sealed_root` were made of the rows.

    Empty when rows, list and root agree. `rows` may have one name twice: the second one was added.
    """
    there = sorted(Entry(row.kind, row.id, row.digest) for row in rows)
    if there == sorted(listed) and _is_root(there, sealed_root):
        return []
    if _is_root(there, sealed_root):
        return [Finding("list", *name) for name in _differing(there, listed)]
    found = _compared(there, listed)
    if not found or not _is_root(sorted(listed), sealed_root):
        found.append(Finding("unknown"))
    return found


def _is_root(entries: Sequence[Entry], sealed_root: str) -> bool:
    return root(entries) == sealed_root


def _differing(one: Iterable[Entry], other: Iterable[Entry]) -> list[tuple[str, str]]:
    return sorted({entry[:2] for entry in set(one) ^ set(other)})


def _compared(there: Sequence[Entry], listed: Sequence[Entry]) -> list[Finding]:
    sealed = {entry[:2]: entry.digest for entry in listed}
    findings, seen = [], set[tuple[str, str]]()
    for entry in there:
        name = entry[:2]
        if name not in sealed or name in seen:
            findings.append(Finding("added", *name))
        elif sealed[name] != entry.digest:
            findings.append(Finding("changed", *name))
        seen.add(name)
    gone = sorted(sealed.keys() - seen)
    return findings + [Finding("removed", *name) for name in gone]
