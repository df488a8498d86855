"""The rows of a list as the system sent them, byte by byte, wherever the list stands in the answer. Pure."""

import hashlib
import json
from typing import Any, Final, NamedTuple

from integrations.connectors.described import places
from integrations.connectors.described.system import Place, Stream
from integrations.connectors.inbound import Received

_DECODER: Final = json.JSONDecoder(parse_float=str)
_BLANK: Final = "\ufeff \r\n\t"
_LONGEST_KEY: Final = 120


class Row(NamedTuple):
    """One entry of a list: its text, and what it says."""

    raw: str
    entry: Any


class Answer(NamedTuple):
    """A list and the answer around it."""

    rows: list[Row]
    data: Any


class NoJsonError(ValueError):
    """The answer is no JSON at all: mostly a page for people."""


def read(body: bytes, where: Place) -> Answer:
    """The list at `where`. ValueError, with a sentence, where there is none.

    No answer at all and null are a list without rows. Bytes that are no UTF-8 pass as they are, for
    the mapper to tell a person where they stand.
    """
    text = body.decode("utf-8", "surrogateescape").strip(_BLANK)
    if not text:
        return Answer([], None)
    try:
        data = _DECODER.decode(text)
        found = places.find(data, where)
        if found is None and _is_named(data, where):
            return Answer([], data)
        return Answer(_rows(text, where) if isinstance(found, list) else _none(where), data)
    except (RecursionError, json.JSONDecodeError):
        raise NoJsonError("The answer is no JSON.") from None


def _is_named(data: Any, where: Place) -> bool:
    """Whether the place is there, with null in it: a list that is missing is another answer."""
    above = places.find(data, where[:-1]) if where else None
    return data is None if not where else isinstance(above, dict) and where[-1] in above


def _none(where: Place) -> list[Row]:
    raise ValueError(f"The answer has no list at {places.spoken(where)}.")


def _rows(text: str, where: Place) -> list[Row]:
    at = 0
    for step in where:
        at = _into(text, at, step)
    rows = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        entry, end = _DECODER.raw_decode(text, at)
        rows.append(Row(text[at:end], entry))
        at = _skip(text, end)
    return rows


def _into(text: str, at: int, step: str) -> int:
    """Where the value of `step` begins, in the object or list that begins at `at`. Of a name that
    stands there twice the last counts, as for whoever decodes the whole."""
    found, number = -1, 0
    named = text[at] == "{"
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name = str(number)
        if named:
            name, at = _DECODER.raw_decode(text, at)
            at = _skip(text, at)
        if name == step:
            found = at
        _, at = _DECODER.raw_decode(text, at)
        at, number = _skip(text, at), number + 1
    return found


def _skip(text: str, at: int) -> int:
    """Past blanks and what stands between two values; the text is known to be sound."""
    while text[at] in ",: \r\n\t":
        at += 1
    return at


def received(stream: Stream, row: Row) -> Received:
    """A row as a document. The same row in the same words has the same dedup key; one that changed
    twice within its clock's tick has another."""
    raw = row.raw.encode("utf-8", "surrogateescape")
    sha = hashlib.sha256(raw).hexdigest()[:32]
    row_id = places.word(places.find(row.entry, stream.id))
    said = places.find(row.entry, stream.updated) if stream.updated is not None else ""
    key = f"{stream.name}:{row_id}:{places.word(said)}"[: _LONGEST_KEY - 33]
    return Received(stream.object_type, f"{stream.name}.polled", raw, f"{key}:{sha}")
