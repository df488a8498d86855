"""Canonical bytes back as values with types."""

import json
import re
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

_DECIMAL: Final = re.compile(r"-?\d{1,40}(\.\d{1,60})?", re.ASCII)


class UntypedError(ValueError):
    """A value that is not of the type it should be; the text says which place is at fault."""


def typed_bytes(wanted: Any, content: bytes, *, form: str, path: str) -> Any:
    """The `wanted` of which `content` are the canonical bytes. UntypedError for others, and where its
    field `form` is another; `path` is what the whole is called in the text."""
    try:
        plain = json.loads(content)
    except ValueError:
        raise UntypedError("The content is no JSON.") from None
    found = plain.get("form") if isinstance(plain, dict) else None
    if found != form:
        raise UntypedError(f"The form is {found!r}; this version reads {form!r}.")
    return typed(wanted, plain, path=path)


def typed(wanted: Any, plain: Any, *, path: str) -> Any:
    """`plain` as an instance of `wanted`: a dataclass, a named tuple, tuple[X, ...], X | None, a scalar or a
    literal. UntypedError for what is none, at the `path` it names."""
    try:
        return _typed(wanted, plain, path)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        if isinstance(error, UntypedError):
            raise
        raise UntypedError(f"{path} does not read as it should.") from None


def _typed(wanted: Any, plain: Any, path: str) -> Any:
    if hints := _hints(wanted):
        return wanted(
            **{name: typed(hint, plain[name], path=f"{path}.{name}") for name, hint in hints}
        )
    origin = get_origin(wanted)
    if origin is UnionType:
        (inner,) = [one for one in get_args(wanted) if one is not NoneType]
        return None if plain is None else typed(inner, plain, path=path)
    if origin is tuple:
        inner = get_args(wanted)[0]
        return tuple(typed(inner, item, path=f"{path}[{at}]") for at, item in enumerate(plain))
    return _scalar(wanted, plain)


@cache
def _hints(wanted: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass or a named tuple with their types; none for anything else."""
    if is_dataclass(wanted):
        names = [field.name for field in fields(wanted)]
    else:
        names = list(getattr(wanted, "_fields", ()))
    if not names:
        return ()
    hints = get_type_hints(wanted)
    return tuple((name, hints[name]) for name in names)


def _scalar(wanted: Any, plain: Any) -> Any:
    if wanted is Decimal:
        return _decimal(_text(plain))
    if wanted in (datetime, date):
        return wanted.fromisoformat(_text(plain))
    if get_origin(wanted) is Literal:
        if plain not in get_args(wanted):
            raise ValueError
        return plain
    kind = get_origin(wanted) or wanted
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise TypeError
    return plain


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError
    return plain


def _decimal(text: str) -> Decimal:
    """As canonical bytes have it. ValueError for what is no number, or an endless one."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError
    return Decimal(text)
