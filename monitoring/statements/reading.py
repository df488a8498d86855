"""Sealed bytes back as values with types."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from monitoring.statements.content import FORM, Content
from portal.core import typed as types


class UnreadableStatementError(ValueError):
    """The bytes are no statement this version can read; the text says which place is at fault."""


def read(content: bytes) -> Content:
    """The statement of which `content` are the canonical bytes. UnreadableStatementError for others."""
    with _unreadable():
        return types.typed_bytes(Content, content, form=FORM, path="statement")


def typed(wanted: Any, plain: Any, *, path: str = "statement") -> Any:
    """`plain` as an instance of `wanted`; UnreadableStatementError for what is none."""
    with _unreadable():
        return types.typed(wanted, plain, path=path)


@contextmanager
def _unreadable() -> Iterator[None]:
    try:
        yield
    except types.UntypedError as error:
        raise UnreadableStatementError(str(error)) from None
