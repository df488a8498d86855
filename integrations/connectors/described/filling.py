"""Addresses with values of a document in them. Pure.

A value only ever fills a part of one segment of a path, or one parameter: it reaches no other path,
no other host and no other parameter.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.described import places
from integrations.connectors.described.known import SETTING
from integrations.connectors.described.system import Template
from integrations.connectors.outbound import Outbound
from portal.core.errors import NeedsPerson

Filler = Outbound | Mapping[str, Any]  # a delivery, or a row
# What of a delivery itself may be filled in; every other name is a place in its document.
OWN: Final = ("business_key", "object_type", "remote_id", "message_id")
_NAME: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+){0,8})\}")
_FIXED: Final = re.compile(r"[A-Za-z0-9_.~:@,;=+$!*'()/-]*", re.ASCII)
_DOTS: Final = frozenset({".", ".."})


def fixed_path(text: str) -> str:
    """A path with no values but settings. ValueError, with a sentence, for what is none."""
    if _NAME.search(SETTING.sub("x", text)):
        raise ValueError("A list is the same for every document: its path takes no {values}.")
    path(text)
    return text


def path(text: str) -> Template:
    """A path as a template. ValueError, with a sentence, for what is none."""
    parts = parameter(text)
    whole = "".join(part if n % 2 == 0 else "x" for n, part in enumerate(parts))
    if not whole.startswith("/") or whole.startswith("//"):
        raise ValueError("It must begin with one slash: it stands behind the base address.")
    if not _FIXED.fullmatch(whole):
        raise ValueError("It must be a plain path: letters, digits and -._~ between slashes.")
    if not _DOTS.isdisjoint(whole.split("/")) or "//" in whole:
        raise ValueError("It must not climb by dots, and have no empty segment.")
    return parts


def parameter(text: str) -> Template:
    """The value of a parameter as a template. ValueError for a stray brace."""
    parts = tuple(_NAME.split(text))
    if any(brace in part for part in parts[::2] for brace in "{}"):
        raise ValueError("Braces hold the name of a value, such as {number} or {ship_to.city}.")
    return parts


def fill_path(template: Template, item: Filler) -> str:
    """The path for one delivery, or one row. NeedsPerson for a value that is missing or would climb."""
    return _filled(template, item, segment)


def fill_parameter(template: Template, item: Filler) -> str:
    """The value of a parameter for one delivery, or one row. NeedsPerson for one that is missing."""
    return _filled(template, item, lambda name, value: value)


def _filled(template: Template, item: Filler, put: Callable[[str, str], str]) -> str:
    parts = list(template)
    for at in range(1, len(parts), 2):
        parts[at] = put(parts[at], _value(parts[at], item))
    return "".join(parts)


def _value(name: str, item: Filler) -> str:
    is_own = isinstance(item, Outbound) and name in OWN
    found: Any = getattr(item, name) if is_own else _in_document(name, item)
    text = str(found) if name == "message_id" else places.word(found)
    if not text:
        said = f"The document has no {name}, which the address needs."
        raise NeedsPerson([Problem("missing_field", "" if name in OWN else name, "", said)])
    return text


def _in_document(name: str, item: Filler) -> Any:
    document = item.document if isinstance(item, Outbound) else item
    return places.find(document, tuple(name.split(".")))


def segment(name: str, value: str) -> str:
    # Dots survive quoting, and some servers take a quoted slash for one.
    if not _DOTS.isdisjoint(re.split(r"[/\\]", value)):
        text = f"{shorten(value)} cannot be part of an address."
        raise NeedsPerson([Problem("bad_key", "" if name in OWN else name, shorten(value), text)])
    return quote(value, safe="")
