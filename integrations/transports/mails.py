"""What a mail is: who sent it, whether their server vouches for it, and which files hang on it.

Nothing of a mail is trusted: not its names, its sizes, its nesting or its sender. A mail never raises.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Final, NamedTuple

from integrations.transports import file_names, vouching

MOST_PARTS: Final = 200
_DEEPEST: Final = 20
_MOST_CONTAINERS: Final = 50
_LONGEST_HEADER: Final = (
    4_000  # of those that are taken apart, which takes longer the longer they are
)
_CONTAINER: Final = re.compile(rb"(?i)multipart/|message/rfc822")
_ARCHIVES: Final = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".cab")
_BROKEN: Final = ("Base64", "Multipart", "Boundary", "CloseBoundary", "StartBoundary")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_COMMENT: Final = re.compile(r"\([^()]*\)")
_ADDRESS: Final = r"[^\s<>@,:;()\[\]\"\\]+@[^\s<>@,:;()\[\]\"\\]+"
_ONE_SENDER: Final = re.compile(rf"\s*(?:{_ADDRESS}|[^<>@,:;()\\]*<\s*{_ADDRESS}\s*>)\s*")


class Attachment(NamedTuple):
    """A file on a mail. `fault`: why it is not taken, as a word; then it has no bytes."""

    name: str
    body: bytes
    fault: str = ""


@dataclass(frozen=True)
class Mail:
    """A mail as far as it counts here. `sender` is empty where none is named, or several are.

    `fault` is why nothing of it is taken: `nested` or `damaged`.
    """

    key: str
    sender: str = ""
    subject: str = ""
    attachments: tuple[Attachment, ...] = ()
    fault: str = ""
    results: tuple[str, ...] = field(default=(), repr=False)


def read(raw: bytes, *, largest: int) -> Mail:
    """The mail that `raw` is. Attachments longer than `largest` bytes have no body."""
    if len(_CONTAINER.findall(raw)) > _MOST_CONTAINERS:  # each costs a step for every line within
        return Mail(_digest(raw), fault="nested")
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        named = [_text(message[name]) for name in ("Message-ID", "Date", "From")]
        key = _digest("\0".join(named).encode()) if named[0] else _digest(raw)
        attachments = tuple(_attachments(message, largest))
        return Mail(
            key,
            _sender(message),
            file_names.shown(_text(message["Subject"])),
            attachments,
            # Not decoded: a sender's address could turn into words of the server's.
            results=tuple(
                str(v)[:_LONGEST_HEADER] for v in message.get_all("Authentication-Results") or ()
            ),
        )
    except _NestedError:
        return Mail(_digest(raw), fault="nested")
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError):
        return Mail(_digest(raw), fault="damaged")


def is_vouched_for(mail: Mail, server: str) -> bool:
    """Whether `server` says that the sender's domain sent it, as in `vouching`."""
    return vouching.vouches(mail.results, server, mail.sender.rpartition("@")[2])


def is_allowed(sender: str, allowed: list[str]) -> bool:
    """Whether an address is among those allowed: `buyer@acme.com`, or `@acme.com` for the whole domain."""
    address = sender.casefold()
    domain = f"@{address.rpartition('@')[2]}"
    return bool(address) and any(entry.casefold() in {address, domain} for entry in allowed)


class _NestedError(Exception):
    pass


def _sender(message: Message) -> str:
    headers = message.get_all("From") or []
    if len(headers) != 1 or len(str(headers[0])) > _LONGEST_HEADER:
        return ""
    given = str(headers[0])
    if not _ONE_SENDER.fullmatch(_without_comments(_QUOTED.sub('""', given))):
        return ""  # others may read somebody else in it, as whoever vouches
    found = [address for _, address in getaddresses([given]) if address]
    fit = len(found) == 1 and found[0].count("@") == 1 and found[0].isascii()
    return found[0].casefold() if fit and not file_names.fault(found[0]) else ""


def _without_comments(text: str) -> str:
    """Without those that end, however deep they are nested, up to a few."""
    for _ in range(_DEEPEST):
        text, count = _COMMENT.subn(" ", text)
        if not count:
            break
    return text


def _attachments(message: Message, largest: int) -> Iterator[Attachment]:
    for count, part in enumerate(_parts(message, 0)):
        if count >= MOST_PARTS:
            raise _NestedError
        name = _name(part)
        if part.get_content_type() == "message/rfc822":
            yield Attachment(file_names.shown(name or "message"), b"", "message")
        elif name:
            yield _attachment(part, name, largest)


def _parts(part: Message, depth: int) -> Iterator[Message]:
    """The parts that hold something, those of other mails within left out."""
    if depth > _DEEPEST:
        raise _NestedError
    if part.get_content_type() == "message/rfc822" or not part.is_multipart():
        yield part
        return
    for below in part.get_payload():
        if isinstance(below, Message):
            yield from _parts(below, depth + 1)


def _attachment(part: Message, name: str, largest: int) -> Attachment:
    if file_names.fault(name):
        return Attachment(file_names.shown(name), b"", "name")
    if name.lower().endswith(_ARCHIVES):
        return Attachment(name, b"", "archive")
    body = part.get_payload(decode=True)
    broken = any(
        type(defect).__name__.find(word) >= 0 for defect in part.defects for word in _BROKEN
    )
    if not isinstance(body, bytes) or broken:
        return Attachment(name, b"", "damaged")
    if len(body) > largest:
        return Attachment(name, b"", "large")
    return Attachment(name, body)


def _name(part: Message) -> str:
    for header in ("Content-Type", "Content-Disposition"):
        if len(str(part[header] or "")) > _LONGEST_HEADER:
            raise ValueError("a header is too long")
    found = part.get_filename()
    return _text(found) if found else ""


def _text(value: object) -> str:
    """A header's value decoded, however it was encoded."""
    if value is None:
        return ""
    text = str(value)[:_LONGEST_HEADER]
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return text


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]
