"""The names in the headers of a message (RFC 4130 §6.2), and headers found whatever their case."""

import re
from collections.abc import Mapping
from email.utils import quote, unquote
from typing import Final

from integrations.formats.as2.disposition import PROCESSING_ERROR, NotSendable, NotTaken

_NAME: Final = re.compile(r"[\x20-\x7e]{1,128}")
_ID: Final = re.compile(r"[\x21-\x7e]{1,998}")


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """The same headers under names in lower case."""
    return {name.lower(): value.strip() for name, value in headers.items()}


def quoted(name: str) -> str:
    """An AS2 name as a header carries it. Raises NotSendable."""
    if not _NAME.fullmatch(name) or name != name.strip():
        raise NotSendable("bad_name", f"{name!r} is no AS2 name.")
    return f'"{quote(name)}"' if set(name) & set(' "\\') else name


def name_in(headers: Mapping[str, str], header: str) -> str:
    """The AS2 name in one of the headers in lower case. Raises NotTaken."""
    name = unquote(headers.get(header, ""))
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
    if not _ID.fullmatch(message_id) or not (message_id[0] == "<" and message_id[-1] == ">"):
        raise NotSendable("bad_name", f"{message_id!r} is no message id in angle brackets.")
    return message_id


def same_id(one: str, other: str) -> bool:
    """Whether two message ids are one, with angle brackets or without."""
    return one.strip().strip("<>") == other.strip().strip("<>")
