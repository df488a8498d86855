"""Bytes → text in the charset agreed, and nothing else."""

import codecs
import re
from typing import Final

from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import Profile

SINGLE_BYTE: Final = frozenset(
    {"cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "cp437", "cp850", "cp852", "cp858",
     "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-13", "iso8859-15"}
)  # fmt: skip
_EBCDIC: Final = frozenset({"cp037", "cp273", "cp500", "cp1140"})
# Python's names. Codecs that are none of text (rot13, zip) or that guess are not taken.
CHARSETS: Final = (
    SINGLE_BYTE
    | _EBCDIC
    | {"ascii", "utf-8", "utf-16", "shift_jis", "cp932", "gb18030", "big5", "euc_kr"}
)
_C1: Final = re.compile("[\x80-\x9f]")
_END_OF_FILE: Final = "\x1a"  # what DOS and OS/400 put at the end


def charset_name(name: str) -> str | None:
    """The charset as Python calls it; None for one that is not taken."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    found = "utf-8" if found == "utf-8-sig" else found
    return found if found in CHARSETS else None


def decoded(data: bytes, profile: Profile, notes: Notes) -> str:
    """The text without byte order mark. Refusal for what is too large, empty, binary or in another charset.

    Almost any bytes are some text in a charset of one byte per character: text in it that is UTF-8 all
    the same was meant so, and control characters of ISO 8859 are letters of Windows.
    """
    if len(data) > profile.max_bytes:
        raise Refusal(issue("too_large", value=len(data)))
    charset = charset_name(profile.charset) or "utf-8"
    text = _decode(data, _meant(data, charset, notes))
    if "\0" in text:
        raise Refusal(issue("nul_bytes", row=_row(text, text.index("\0"))))
    if not text.strip("\ufeff \t\r\n" + _END_OF_FILE):
        raise Refusal(issue("empty_file"))
    lost = text.find("\ufffd")
    if lost >= 0:
        notes.add(
            "replacement_character", row=_row(text, lost), value=text[max(0, lost - 10) : lost + 10]
        )
    return text.removeprefix("\ufeff").rstrip(_END_OF_FILE)


def _meant(data: bytes, charset: str, notes: Notes) -> str:
    """The charset, or the one the bytes are plainly in where that is tolerated."""
    if charset not in SINGLE_BYTE or data.isascii():
        return charset
    if _is_utf8(data):
        notes.add("wrong_charset", value="UTF-8")
        return "utf-8"
    if charset == "iso8859-1" and _C1.search(data.decode("latin-1")):
        notes.add("wrong_charset", value="Windows-1252")
        return "cp1252"
    return charset


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        wrong = data[error.start : error.start + 4].hex(" ").upper()
        row = data[: error.start].count(b"\n") + 1
        raise Refusal(issue("encoding_error", row=row, value=wrong)) from None


def _row(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def is_writable(text: str, charset: str) -> bool:
    """Whether the charset has every character of it, and none is NUL."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return "\0" not in text
