"""Excel workbooks, opened with care: what unpacks to too much or names outside files is not read."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

ZIP: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED_MB: Final = 60
_MOST_PARTS: Final = 1_000
_EXACT_DIGITS: Final = 15
# Whatever a damaged workbook makes zipfile, openpyxl or its XML parser stumble over. The parser is lxml
# where that is installed, and the standard library's otherwise; a SyntaxError is what both say.
BROKEN: Final = (
    InvalidFileException, SyntaxError, zipfile.BadZipFile, zlib.error, ArithmeticError, AttributeError,
    EOFError, LookupError, NotImplementedError, OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_ENCODINGS: Final = (b"utf-8", b"utf8", b"us-ascii")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class WorkbookError(Exception):
    """The workbook is not read. `code` is an issue's (`flat.issues`); the text is a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


DAMAGED: Final = "The file is no Excel workbook, or it is damaged."


@contextmanager
def opened(data: bytes) -> Iterator[Workbook]:
    """The workbook, to be read row by row; formulas are not computed.

    WorkbookError for what is no workbook, unpacks to more than 60 MB, or declares entities. Rows that
    are read later may stumble over `BROKEN`.
    """
    try:
        _check_parts(data)
        workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except BROKEN as error:
        raise WorkbookError("not_a_workbook", DAMAGED) from error
    try:
        yield workbook
    finally:
        workbook.close()


def _check_parts(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        # zipfile never unpacks more of a part than it declares.
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > MOST_UNPACKED_MB * 1_000_000:
            text = f"The workbook unpacks to more than {MOST_UNPACKED_MB} MB. Import it in parts."
            raise WorkbookError("zip_bomb", text)
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _check_xml(archive.read(part))


def _check_xml(content: bytes) -> None:
    """Office writes UTF-8 and declares no document type: with one, a part could name outside files."""
    named = _ENCODING.search(content[:200])
    known = not named or named[1].lower() in _ENCODINGS
    if not known or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content:
        text = "The workbook is written in an encoding that Excel does not use."
        raise WorkbookError("not_a_workbook", text)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise WorkbookError(
            "workbook_entities", "The workbook declares XML entities, and is not read."
        )


def unescaped(text: str) -> str:
    """XML has no control characters; Office writes them as _x000D_ (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def number_text(cell: Any, value: float) -> tuple[str, bool]:
    """A number as a person sees it, with the leading zeros of its format; and whether it may have had
    more digits than Excel keeps."""
    exact = Decimal(format(value, f".{_EXACT_DIGITS}g"))
    text = format(exact.normalize(), "f")
    lost = len(text.strip("-").replace(".", "").rstrip("0")) >= _EXACT_DIGITS
    pattern = cell.number_format or ""
    return (text.zfill(len(pattern)) if re.fullmatch("0+", pattern) else text), lost
