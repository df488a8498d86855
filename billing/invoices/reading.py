"""The canonical bytes of an invoice back as its `Content`."""

from billing.invoices.content import FORM, Content
from portal.core import typed


class UnreadableInvoiceError(ValueError):
    """The bytes are no invoice this version can read; the text says which place is at fault."""


def read(content: bytes) -> Content:
    """The invoice of which `content` are the canonical bytes. UnreadableInvoiceError for others."""
    try:
        return typed.typed_bytes(Content, content, form=FORM, path="invoice")
    except typed.UntypedError as error:
        raise UnreadableInvoiceError(str(error)) from None
