"""Taking a thing apart into the texts that are in it. Pure: bytes in, texts out."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from typing import Final, NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_MOST_UNPACKED: Final = 30 * 1024 * 1024
_DEPTH: Final = 3  # a zip within a zip within a mail
_TEXTS: Final = (
    "text/", "application/json", "application/problem+json", "application/xml", "application/javascript",
    "image/svg+xml", "application/vnd.oai", "application/yaml",
)  # fmt: skip


class Part(NamedTuple):
    """`label`: which part of the thing, such as “metadata”. `form`: html, css, text, header, bytes or
    picture; of a picture `text` is the SHA-256 of its bytes."""

    label: str
    text: str
    form: str = "text"


class UnreadableError(ValueError):
    """It says that it is something which it is not."""


def parts_of(body: bytes, media_type: str, *, depth: int = _DEPTH) -> Iterator[Part]:
    """Every text in it. UnreadableError where the bytes are not what the media type says."""
    kind = media_type.partition(";")[0].strip().lower()
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if kind.startswith("image/"):
        yield Part("picture", sha256(body).hexdigest(), "picture")
    opened = next((opens for start, opens in _OPENED.items() if body.startswith(start)), None)
    if kind == "message/rfc822":
        yield from _mail(body, depth)
    elif opened and depth:
        yield from opened(body, depth)
    elif kind in ("text/html", "application/xhtml+xml", "image/svg+xml"):
        yield Part("text", _decoded(body), "html")
    elif kind == "text/css":
        yield Part("text", _decoded(body), "css")
    elif kind.startswith(_TEXTS) or not body:
        yield Part("text", _decoded(body))
    else:
        yield Part("bytes", body.decode("latin-1"), "bytes")


def _decoded(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _pdf(body: bytes, depth: int) -> Iterator[Part]:
    try:
        reader = PdfReader(io.BytesIO(body))
        for number, page in enumerate(reader.pages, start=1):
            yield Part(f"page {number}", page.extract_text())
            links = [_link(one.get_object()) for one in page.get("/Annots") or []]
            yield Part(f"links of page {number}", "\n".join(link for link in links if link))
        for name, value in (reader.metadata or {}).items():
            yield Part(f"metadata {name.lstrip('/')}", str(value))
        if packet := reader.xmp_metadata:
            yield Part("metadata XMP", _decoded(packet.stream.get_data()))
        for name, files in reader.attachments.items():
            yield Part("attachment's name", name)
            for inner in files:
                yield from _labelled(name, parts_of(inner, "", depth=depth - 1))
    except PyPdfError as error:
        raise UnreadableError(f"It is no PDF that can be read: {error}") from error
    yield Part("bytes", body.decode("latin-1"), "bytes")


def _link(annotation: Mapping[str, object]) -> str:
    action = annotation.get("/A")
    return str(action.get("/URI", "")) if isinstance(action, Mapping) else ""


def _zip(body: bytes, depth: int) -> Iterator[Part]:
    """A zip, or an Excel file, which is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST_UNPACKED:
                raise UnreadableError("Unpacked it is larger than 30 MB.")
            yield Part("comment", _decoded(archive.comment))
            for one in archive.infolist():
                yield Part("file name", one.filename)
                kind = "text/xml" if one.filename.endswith((".xml", ".rels")) else "text/plain"
                yield from _labelled(
                    one.filename, parts_of(archive.read(one), kind, depth=depth - 1)
                )
    except zipfile.BadZipFile as error:
        raise UnreadableError("It is no zip that can be read.") from error


def _png(body: bytes, depth: int) -> Iterator[Part]:
    """The chunks that are for people and programs; compressed pixels say nothing."""
    at = 8
    while at + 8 <= len(body):
        length, kind = int.from_bytes(body[at : at + 4], "big"), body[at + 4 : at + 8]
        chunk = body[at + 8 : at + 8 + length]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP"):
            label = f"metadata {kind.decode()}"
            yield Part(label, _inflated(chunk).decode("latin-1"))
        at += 12 + length


def _inflated(chunk: bytes) -> bytes:
    """A compressed text chunk opened beside its name."""
    name, _, rest = chunk.partition(b"\0")
    try:
        return name + b" " + zlib.decompress(rest[1:])
    except zlib.error:
        return chunk


def _mail(body: bytes, depth: int) -> Iterator[Part]:
    mail = message_from_bytes(body, _class=EmailMessage, policy=policy.default)
    for name, value in mail.items():
        yield Part(f"header {name}", str(value), "header")
    for one in mail.walk():
        if one.is_multipart():
            continue
        label = one.get_filename() or one.get_content_type()
        for name, value in one.items():
            yield Part(f"{label}, header {name}", str(value), "header")
        payload = one.get_payload(decode=True)
        inner = payload if isinstance(payload, bytes) else b""
        found = list(parts_of(inner, one.get_content_type(), depth=depth - 1))
        yield from _labelled(label, iter(found))


def _labelled(label: str, found: Iterator[Part]) -> Iterator[Part]:
    for part in found:
        yield part._replace(label=f"{label}, {part.label}")


_OPENED: Final[Mapping[bytes, Callable[[bytes, int], Iterator[Part]]]] = {
    b"%PDF-": _pdf, b"PK\x03\x04": _zip, b"\x89PNG\r\n": _png,
}  # fmt: skip
