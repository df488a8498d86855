"""Reading an export back: every part is there, says what the manifest says of it, and nothing else is."""

import gzip
import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from portal.console.archive.manifest import FORMAT, NAME, VERSION


class Report(NamedTuple):
    """What an archive holds; `faults` is empty where it is whole."""

    manifest: dict[str, Any]
    rows: dict[str, int]
    payloads: int
    faults: list[str]


def check(path: Path) -> Report:
    """Read the whole archive once, one member at a time in memory."""
    found: dict[str, str] = {}
    rows: Counter[str] = Counter()
    faults: list[str] = []
    payloads, manifest = 0, b""
    try:
        for name, body in _members(path):
            if name == NAME:
                manifest = body
            elif name.startswith("payloads/"):
                payloads += 1
                if name != payload_name(sha256(body).hexdigest()):
                    faults.append(f"{name}: its bytes are others")
            else:
                found[name] = sha256(body).hexdigest()
                rows[name.split("/")[1]] += gzip.decompress(body).count(b"\n")
    except (tarfile.TarError, OSError, EOFError) as error:
        faults.append(f"the file ends early or is no archive ({error})")
    said = _said(manifest, faults)
    if said:
        faults += _differences(said, found, dict(rows), payloads)
    return Report(said, dict(rows), payloads, faults)


def rows_of(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """The rows of one table, in the order of their keys."""
    for name, body in _members(path):
        if name.startswith(f"tables/{table}/"):
            yield from (json.loads(line) for line in gzip.decompress(body).splitlines())


def payload_name(digest: str) -> str:
    """Where a document's bytes stand: by their SHA-256, in hex."""
    return f"payloads/{digest[:2]}/{digest}"


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, "r|") as archive:
        for info in archive:
            file = archive.extractfile(info)
            yield info.name, file.read() if file else b""


def _said(manifest: bytes, faults: list[str]) -> dict[str, Any]:
    if not manifest:
        faults.append(f"there is no {NAME}")
        return {}
    said = json.loads(manifest)
    if (said.get("format"), said.get("version")) != (FORMAT, VERSION):
        faults.append("it is of a format that this version does not read")
        return {}
    return said


def _differences(
    said: dict[str, Any], found: dict[str, str], rows: dict[str, int], payloads: int
) -> Iterator[str]:
    told = {part["name"]: part["sha256"] for part in said["parts"]}
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            word = "is missing" if name not in found else "is not what the manifest says"
            yield f"{name} {word}"
    for table, number in said["tables"].items():
        if rows.get(table, 0) != number:
            yield f"{table}: {rows.get(table, 0)} rows instead of {number}"
    if payloads != said["payloads"]:
        yield f"{payloads} documents instead of {said['payloads']}"
