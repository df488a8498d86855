"""MIME entities by their exact bytes: signatures and integrity checks are over bytes, not over meaning."""

import base64
import hashlib
import quopri
import re
import unicodedata
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Final, NamedTuple

from integrations.formats.as2.disposition import PROCESSING_ERROR, NotSendable, NotTaken

_MOST_HEAD: Final = 64 * 1024
_MOST_PARTS: Final = 20
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_HEAD: Final = re.compile(rb"(?:[!-9;-~]+[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z))*")
_BARE_LF: Final = re.compile(rb"(?<!\r)\n")
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_NAMES: Final = frozenset(':*?"<>|')
# Controls, invisible marks (bidi among them), halves of characters, line and paragraph breaks.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST_NAME: Final = 150


class Entity(NamedTuple):
    """Headers and the body below them. `raw` is both as they travelled, empty where headers are HTTP's."""

    headers: Message
    body: bytes
    raw: bytes = b""

    @property
    def kind(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get_content_type()

    def parameter(self, name: str) -> str:
        """A parameter of the content type, or an empty text."""
        value = self.headers.get_param(name, "")
        return value[2] if isinstance(value, tuple) else str(value)

    @property
    def filename(self) -> str:
        """The name it was sent under, made harmless: no folder, no control characters; may be empty."""
        return harmless(self.headers.get_filename("") or "")

    def content(self) -> bytes:
        """The body without its transfer encoding. Raises NotTaken."""
        encoding = str(self.headers.get("Content-Transfer-Encoding", "binary")).strip().lower()
        if encoding == "base64":
            try:
                return base64.b64decode(b"".join(self.body.split()), validate=True)
            except ValueError as error:
                raise NotTaken(PROCESSING_ERROR, "A part is not the base64 it says.") from error
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        return self.body


def from_http(headers: Mapping[str, str], body: bytes) -> Entity:
    """The outermost entity: its headers travelled as those of HTTP."""
    carried = Message(policy=compat32)
    for name, value in headers.items():
        if name.lower().startswith("content-"):
            carried[name] = value
    return Entity(carried, body)


def parse(raw: bytes) -> Entity:
    """An entity with headers, a blank line and a body. Raises NotTaken."""
    head, body = _divided(raw)
    if not _HEAD.fullmatch(head):
        raise NotTaken(PROCESSING_ERROR, "What is inside does not begin with MIME headers.")
    return Entity(BytesHeaderParser(policy=compat32).parsebytes(head), body, raw)


def split(entity: Entity) -> list[Entity]:
    """The parts of a multipart. Raises NotTaken.

    What ends the lines of delimiters is learned from the first: in a binary part a CR before a
    delimiter that ends in LF would else be taken for half of its line end.
    """
    boundary = entity.parameter("boundary").encode("ascii", "replace")
    if not boundary:
        raise NotTaken(PROCESSING_ERROR, "A multipart names no boundary.")
    delimiter = re.escape(b"--" + boundary)
    first = re.search(rb"(?:\A|\n)" + delimiter + rb"[ \t]*(?P<end>\r?\n)", entity.body)
    if not first:
        raise NotTaken(PROCESSING_ERROR, "A multipart lacks its first delimiter.")
    next_one = re.compile(
        re.escape(first["end"]) + delimiter + rb"(?:(?P<last>--)|[ \t]*" + first["end"] + rb")"
    )
    parts, begins = [], first.end()
    while found := next_one.search(entity.body, begins):
        parts.append(parse(entity.body[begins : found.start()]))
        if found["last"]:
            if entity.body[found.end() :].strip():
                raise NotTaken(PROCESSING_ERROR, "Something stands behind the end of a multipart.")
            return parts
        if len(parts) > _MOST_PARTS:
            raise NotTaken(PROCESSING_ERROR, f"A multipart has more than {_MOST_PARTS} parts.")
        begins = found.end()
    raise NotTaken(PROCESSING_ERROR, "A multipart was cut off: its last delimiter is missing.")


def write(headers: Mapping[str, str], body: bytes) -> bytes:
    """An entity as bytes: headers, one to a line, a blank line, the body as it is."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return "".join(lines).encode("ascii") + b"\r\n" + body


def join(parts: list[bytes]) -> tuple[str, bytes]:
    """Entities as the body of a multipart, and its boundary, which occurs in none of them."""
    boundary = hashlib.sha256(b"\0".join(parts)).hexdigest()[:40]
    delimiter = b"--" + boundary.encode()
    body = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts)
    return boundary, body + delimiter + b"--\r\n"


def in_base64(content: bytes) -> bytes:
    """Base64 in lines that end in CRLF."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def canonical(content: bytes) -> bytes:
    """With CRLF where a bare LF stood (RFC 5751 §3.1.1): some systems lose the CR on the way."""
    return _BARE_LF.sub(b"\r\n", content)


def attachment(filename: str) -> str:
    """The value of a Content-Disposition header. Raises NotSendable."""
    fit("the file name", filename)
    named = Message()
    plain = filename.isascii()
    named.add_header(
        "Content-Disposition", "attachment", filename=filename if plain else ("utf-8", "", filename)
    )
    return str(named["Content-Disposition"])


def fit(what: str, value: str, *, ascii_only: bool = False) -> str:
    """`value` if it can stand in a header. Raises NotSendable."""
    if _UNFIT.search(value) or (ascii_only and not value.isascii()):
        raise NotSendable("bad_name", f"{what} holds what no header can carry: {value!r}.")
    return value


def harmless(name: str) -> str:
    """The last part of a path, without what a file system or a page could take amiss."""
    storable = name.encode("utf-8", "replace").decode()
    last = storable.replace("\\", "/").rpartition("/")[2]
    fit = (c for c in last if c not in _NOT_IN_NAMES and unicodedata.category(c) not in _UNSEEN)
    return "".join(fit).strip(" .")[:_LONGEST_NAME]


def _divided(raw: bytes) -> tuple[bytes, bytes]:
    for line_end in (b"\r\n", b"\n"):
        if raw.startswith(line_end):
            return b"", raw[len(line_end) :]
    found = _BLANK_LINE.search(raw, 0, _MOST_HEAD)
    if not found:
        raise NotTaken(PROCESSING_ERROR, "What is inside has no MIME headers.")
    return raw[: found.start()], raw[found.end() :]
