"""JSON bytes into a document that JSONata cannot damage.

JSONata computes in doubles. So numbers with a point or an exponent stay the text that was sent
("3.10"), and so do whole numbers beyond 2**53; smaller whole numbers are numbers.
"""

import json
import re
from typing import Any, Final

from integrations.canonical.problem import Problem

_EXACT: Final = 2**53
_SAFE_DIGITS: Final = 15
# A search for sixteen zeros in this costs a sixth of a regular expression for sixteen digits.
_DIGITS_AS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER: Final = b"0" * 16
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class DecodeError(ValueError):
    """The bytes are no usable JSON. `problem` says why, for the case."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _integer(digits: str) -> int | str:
    if len(digits) > _SAFE_DIGITS + 3:
        return digits
    number = int(digits)
    return number if -_EXACT <= number <= _EXACT else digits


_DECODE: Final = json.JSONDecoder(parse_float=str, parse_constant=_refuse_constant).decode
_DECODE_LONG: Final = json.JSONDecoder(
    parse_float=str, parse_int=_integer, parse_constant=_refuse_constant
).decode


def loads(raw: bytes) -> Any:
    """The document in `raw` (UTF-8, a BOM may stand in front).

    DecodeError with `encoding_error` for bytes that are not UTF-8, NUL characters and half
    surrogates, with `malformed_document` for what is not JSON.
    """
    try:
        text = raw.decode("utf-8-sig" if raw[:1] == b"\xef" else "utf-8")
    except UnicodeDecodeError as error:
        reason = f"Byte {error.start} (0x{raw[error.start]:02X}) is not UTF-8."
        raise DecodeError(
            Problem("encoding_error", "", _around(raw, error.start), reason)
        ) from None
    decode = _DECODE_LONG if _LONG_NUMBER in raw.translate(_DIGITS_AS_ZERO) else _DECODE
    try:
        document = decode(text)
    except json.JSONDecodeError as error:
        reason = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise DecodeError(_malformed(text[error.pos : error.pos + 40], reason)) from None
    except RecursionError:
        raise DecodeError(_malformed("", "Lists and objects nest too deep.")) from None
    except ValueError as error:
        raise DecodeError(_malformed("", f"{error}.")) from None
    if b"\\u" in raw:
        _refuse_unstorable(document)
    return document


def _refuse_unstorable(document: Any) -> None:
    """`\\u0000` and half surrogates are legal JSON that no database column takes."""
    text = json.dumps(document, ensure_ascii=False)
    match = _SURROGATE.search(text)
    # json.dumps writes a NUL as its escape and doubles any backslash that was in the text.
    nul = re.search(r"(?<!\\)(?:\\\\)*\\u0000", text)
    if match or nul:
        what = "half a surrogate pair" if match else "a NUL character"
        raise DecodeError(Problem("encoding_error", "", "", f"A text holds {what}."))


def _malformed(value: str, reason: str) -> Problem:
    return Problem("malformed_document", "", value, reason)


def _around(raw: bytes, at: int) -> str:
    return raw[max(0, at - 20) : at + 20].decode("ascii", "replace")
