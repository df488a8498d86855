"""The names in the headers of a message (RFC 4130 §6.2), and headers found whatever their case."""

import re
from collections.abc import Mapping
from typing import Final

from integrations.formats.as2.disposition import PROCESSING_ERROR, NotSendable, NotTaken

_NAME: Final = re.compile(r"(?! )[\x20-\x7e]{1,128}(?<! )")
_ID: Final = re.compile(r"[\x20-\x7e]{1,998}")
_OUR_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_QUOTED: Final = re.compile(r'"(?P<inside>(?:[^"\\]|\\.)*)"')


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """The same headers under names in lower case."""
    return {name.lower(): value.strip() for name, value in headers.items()}


def quoted(name: str) -> str:
    """An AS2 name as a header carries it. Raises NotSendable."""
    if not _NAME.fullmatch(name):
        raise NotSendable("bad_name", f"{name!r} is no AS2 name.")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if escaped != name or " " in name else name


def name_in(headers: Mapping[str, str], header: str) -> str:
    """The AS2 name in one of the headers in lower case. Raises NotTaken."""
    name = headers.get(header, "")
    if found := _QUOTED.fullmatch(name):
        name = re.sub(r"\\(.)", r"\1", found["inside"])
    if not _NAME.fullmatch(name):
        raise NotTaken(PROCESSING_ERROR, f"The header {header} holds no AS2 name.")
    return name


def message_id_in(headers: Mapping[str, str]) -> str:
    """The Message-ID as it was sent. Raises NotTaken."""
    found = headers.get("message-id", "")
    if not _ID.fullmatch(found):
        raise NotTaken(PROCESSING_ERROR, "The header message-id holds no message id.")
    return found


def checked_id(message_id: str) -> str:
    """An id for a message of ours, in its angle brackets. Raises NotSendable."""
    if not _OUR_ID.fullmatch(message_id):
        raise NotSendable("bad_name", f"{message_id!r} is no message id in angle brackets.")
    return message_id


def same_id(one: str, other: str) -> bool:
    """Whether two message ids are one, with angle brackets or without."""
    return one.strip().strip("<>") == other.strip().strip("<>")
